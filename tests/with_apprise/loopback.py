"""A gateway of SUMOTEXT's protocol on loopback, which counts what it is asked."""

from __future__ import annotations

import socket
import threading
from urllib.parse import parse_qs

import attrs

GOOD, OTHER, THIRD = "5015551234", "5015551235", "5015551236"
OPTED_OUT, SILENT, BUSY = "5015550101", "5015550102", "5015550103"
ID = "ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0"
ANSWERS = {OPTED_OUT: "200 OK\n{}:NOTOPT", BUSY: "429 Slow down\n"}


@attrs.define
class Gateway:
    """``requests`` holds the query of each request, ``heads`` its head, in their order."""

    url: str
    requests: list[dict[str, str]] = attrs.field(factory=list)
    heads: list[str] = attrs.field(factory=list)

    def mobiles(self) -> list[str]:
        """The numbers that were texted."""
        return [request["mobile"] for request in self.requests]

    def plugin_url(self, *targets: str, **query: object) -> str:
        """A sumotext:// URL that leads here."""
        options = {"carrier": "ATTUS", "base_url": self.url, **query}
        words = "&".join(f"{name}={value}" for name, value in options.items())
        return f"sumotext://74700/SUMO/{'/'.join(targets)}?{words}"


def serve(listener: socket.socket, here: Gateway, done: threading.Event) -> None:
    """Answer one request for each connection, until ``done``."""
    clients = []
    while not done.is_set():
        client, _ = listener.accept()
        clients.append(threading.Thread(target=answer, args=(client, here, done)))
        clients[-1].start()
    for thread in clients:
        thread.join(10)


def answer(client: socket.socket, here: Gateway, done: threading.Event) -> None:
    """Read one request, and answer as its number asks."""
    with client:
        client.settimeout(10)
        head = b""
        while b"\r\n\r\n" not in head:
            chunk = client.recv(65536)
            if not chunk:
                return
            head += chunk
        here.heads.append(head.decode())
        query = parse_qs(here.heads[-1].partition("?")[2].partition(" ")[0])
        here.requests.append({name: values[0] for name, values in query.items()})
        mobile = here.requests[-1]["mobile"]
        if mobile == SILENT:
            done.wait(10)
            return
        status, _, line = ANSWERS.get(mobile, "200 OK\n{}:" + ID).partition("\n")
        body = f"{line.format(mobile)}\r\n<html></html>"
        words = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        client.sendall(f"{words}{body}".encode())
