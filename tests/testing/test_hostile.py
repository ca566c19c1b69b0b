"""Rules of the hostile gateway, seen by a client that knows TCP, TLS and nothing of ours."""

from __future__ import annotations

import ast
import gc
import gzip
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import pytest

import sumotext_backend.testing.hostile
from sumotext_backend.testing import (
    FAULTS,
    Fault,
    HostileGateway,
    Raw,
    Request,
    fault,
    fault_table,
    of_row,
)

pytestmark = pytest.mark.once

MOBILE = "5015551234"
TARGET = f"/secure/sumoSend.aspx?mobile={MOBILE}&msg=hello"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "hostile-gateway.md"
HOSTILE = Path(sumotext_backend.testing.hostile.__file__).parent
ROWS = {
    "N08", "N09", "N11", "N12", "N13", "N14", "N15", "N16", "N17",
    "U01", "U02", "U04", "U05", "U06", "U07", "U09", "U10", "U11", "U13", "U14", "U17", "U18",
    "U19", "U21", "U22", "U24", "U25", "U26", "U27", "U29", "U30", "U31", "U34", "U35", "U36",
    "U37", "U38",
    "S01", "S02", "S04", "S05", "S07", "S08", "S09", "S10",
    "R01", "R02", "R03", "R04", "R05", "R06", "R07",
}  # fmt: skip
PATIENCE = 10.0
MOMENT = 0.05
both = pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])


class Client:
    """A connection to the gateway that sees FIN and RST below TLS, which Python's ssl hides."""

    def __init__(self, gateway: HostileGateway) -> None:
        """Connect, TLS included."""
        self.sock = socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE)
        self.got = bytearray()
        self._tls: ssl.SSLObject | None = None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        if gateway.ca_bundle:
            context = ssl.create_default_context(cafile=gateway.ca_bundle)
            self._tls = context.wrap_bio(self._in, self._out, server_hostname="localhost")
            try:
                self._handshake(self._tls)
            except OSError:
                self.sock.close()
                raise

    def _handshake(self, tls: ssl.SSLObject) -> None:
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                self._in.write(self.sock.recv(65536))
            else:
                return self._flush()

    def _flush(self) -> None:
        self.sock.sendall(self._out.read())

    def write(self, data: bytes) -> None:
        """Send bytes, which the other end may refuse."""
        try:
            if self._tls:
                self._tls.write(data)
                self._flush()
            else:
                self.sock.sendall(data)
        except OSError:
            pass

    def ask(self, *more: str, target: str = TARGET, body: bytes = b"", method: str = "GET") -> Self:
        """Send a request."""
        head = [f"{method} {target} HTTP/1.1", "Host: localhost", *more]
        head += [f"Content-Length: {len(body)}"] if body else []
        self.write("\r\n".join([*head, "", ""]).encode() + body)
        return self

    def more(self, timeout: float = PATIENCE) -> str:
        """Read once: ``""`` where something came, or how it ended (fin, rst, silence)."""
        self.sock.settimeout(timeout)
        try:
            came = self.sock.recv(1 << 20)
        except ConnectionResetError:
            return "rst"
        except TimeoutError:
            return "silence"
        if came and self._tls:
            self._in.write(came)
            self._decrypt(self._tls)
        elif came:
            self.got += came
        return "" if came else "fin"

    def _decrypt(self, tls: ssl.SSLObject) -> None:
        try:
            while part := tls.read(1 << 20):
                self.got += part
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            pass

    def whole(self) -> bytes:
        """Read one answer as long as it says, and forget it."""
        while not (length := _length(self.got)) or len(self.got) < length:
            assert self.more() == "", "the answer broke off"
        answer = bytes(self.got[:length])
        del self.got[:length]
        return answer

    def rest(self) -> tuple[str, bytes]:
        """Read to the end; that and what came."""
        while not (end := self.more()):
            pass
        return end, bytes(self.got)

    def until(self, pattern: bytes, timeout: float = MOMENT) -> tuple[str, bytes]:
        """Read until the whole of what came looks like that, then see what follows."""
        while not re.fullmatch(pattern, self.got, re.DOTALL):
            assert self.more() == "", "it ended early"
        return self.more(timeout), bytes(self.got)

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.sock.close()


def _length(got: bytearray) -> int:
    """How long an answer is, 0 if its head does not tell (yet)."""
    end = got.find(b"\r\n\r\n")
    found = re.search(rb"Content-Length: (\d+)", got[: max(end, 0)])
    return end + 4 + int(found[1]) if found else 0


# What a client sees, as patterns of bytes.
GUID = rb"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}"
ID = b"5015551234:" + GUID
CUT = rb"5015551234:[0-9A-F-]{30}"
FORM = rb"<!DOCTYPE html>.*</html>\r\n"
HTML = rb"Content-Type: text/html; charset=utf-8\r\n"
HEAD = rb"HTTP/1\.1 200 OK\r\nContent-Length: \d+\r\n" + HTML + rb"\r\n"
NO_LENGTH = rb"HTTP/1\.1 200 OK\r\n" + HTML + rb"\r\n"
SELF = rb"Location: /secure/sumoSend\.aspx\?mobile=5015551234&msg=hello\r\n"


def status(line: bytes, headers: bytes = b"", body: bytes = FORM, kind: bytes = HTML) -> bytes:
    """An answer of that status."""
    return rb"HTTP/1\.1 " + line + rb"\r\nContent-Length: \d+\r\n" + kind + headers + b"\r\n" + body


def code(line: bytes) -> bytes:
    """A 200 with that first line."""
    return HEAD + line + rb"\r\n" + FORM


KEPT = {  # whole answers, after which the connection serves on
    "U17-301": status(b"301 Moved Permanently", SELF),
    "U17-302": status(b"302 Found", SELF),
    "U17-303": status(b"303 See Other", SELF),
    "U17-307": status(b"307 Temporary Redirect", SELF),
    "U17-308": status(b"308 Permanent Redirect", SELF),
    "U18": status(
        b"302 Found",
        rb"Location: /login\.aspx\?ReturnUrl=%2Fsecure%2FsumoSend\.aspx%3Fmobile%3D5015551234"
        rb"%26msg%3Dhello\r\n",
    ),
    "U19-52MB": status(b"302 Found", SELF, rb"\0{52000000}"),
    "U19-gzip": status(b"302 Found", rb"Content-Encoding: gzip\r\n" + SELF, rb"\x1f\x8b.*"),
    "U21-500": status(b"500 Internal Server Error"),
    "U21-501": status(b"501 Not Implemented"),
    "U21-502": status(b"502 Bad Gateway"),
    "U21-504": status(b"504 Gateway Timeout"),
    "U21-505": status(b"505 HTTP Version Not Supported"),
    "U21-507": status(b"507 Insufficient Storage"),
    "U21-599": status(b"599 Network Connect Timeout"),
    "U22": status(b"503 Service Unavailable"),
    "U22-retry-after": status(b"503 Service Unavailable", rb"Retry-After: 120\r\n"),
    "U24": HEAD,
    "U25-portal": HEAD + rb"<!DOCTYPE html>.*Sign in.*</html>\r\n",
    "U25-proxy": HEAD + rb"<!DOCTYPE html>.*ERROR.*</html>\r\n",
    "U25-aspnet": HEAD + rb"<!DOCTYPE html>.*Runtime Error.*</html>\r\n",
    "U31-gzip": status(b"200 OK", rb"Content-Encoding: gzip\r\n", rb"\x1f\x8b.*"),
    "U31-corrupt": status(b"200 OK", rb"Content-Encoding: gzip\r\n", rb"\x1f\x8b.{8}\xff+"),
    "U31-bomb": status(b"200 OK", rb"Content-Encoding: gzip\r\n", rb"\x1f\x8b.*"),
    "U34": code(rb"5015551234:NOTACTIVE"),
    "U34-id": code(rb"5015551234:2xgh679okl34x"),
    "U34-cut": code(CUT),
    "U34-empty": code(rb"5015551234:"),
    "U35": code(rb"2125551212:" + GUID),
    "U36-notopt": code(rb"2125551212:NOTOPT"),
    "U36-notfound": code(rb"2125551212:NOTFOUND"),
    "U37-none": code(rb"5015551234 " + GUID),
    "U37-two": code(ID + b":TRUE"),
    "S01": code(ID),
    "S02-bom": code(rb"\xef\xbb\xbf" + ID),
    "S02-blank": code(rb"\r\n\n \r\n" + ID),
    "S02-crlf": code(ID),
    "S02-lf": HEAD + ID + rb"\n" + FORM,
    "S02-cr": HEAD + ID + rb"\r" + FORM,
    "S02-spaces": code(rb"  " + ID + rb" \t"),
    "S04-lower": HEAD
    + rb"5015551234:(?=[0-9-]*[a-f])[0-9a-f-]{36}\r\n<!doctype html>.*</html>\r\n",
    "S04-plus1": code(rb"\+1" + ID),
    "S04-1": code(rb"1" + ID),
    "S05-52MB": HEAD + ID + rb"\r\n\0{52000000}",
    "S07": status(b"200 OK", rb"X-Broken header line without a colon\r\n", ID + rb"\r\n" + FORM),
    "S08": status(
        b"200 OK", rb"Set-Cookie: ASP\.NET_SessionId=\w+; path=/; HttpOnly\r\n", ID + b"\r\n" + FORM
    ),
    "R01": code(rb"5015551234:NOTIP"),
    "R01-lower": code(rb"5015551234:notip"),
    "R02-error": code(rb"ERROR:NOTIP"),
    "R02-line": code(rb"IP NOT REGISTERED"),
    "R03": code(rb"5015551234:NOTOPT"),
    "R03-lower": code(rb"5015551234:notopt"),
    "R04": code(rb"5015551234:NOTFOUND"),
    "R04-lower": code(rb"5015551234:notfound"),
    "R05-400": status(b"400 Bad Request"),
    "R05-404": status(b"404 Not Found"),
    "R05-405": status(b"405 Method Not Allowed"),
    "R05-414": status(b"414 URI Too Long"),
    "R05-431": status(b"431 Request Header Fields Too Large"),
    "R06-401": status(b"401 Unauthorized", rb'WWW-Authenticate: Basic realm="gateway"\r\n'),
    "R06-403": status(b"403 Forbidden"),
    "R06-407": status(
        b"407 Proxy Authentication Required", rb'Proxy-Authenticate: Basic realm="proxy"\r\n'
    ),
    "R07": status(b"429 Too Many Requests"),
    "R07-retry-after": status(b"429 Too Many Requests", rb"Retry-After: 120\r\n"),
    "R07-retry-date": status(b"429 Too Many Requests", rb"Retry-After: \w{3}, [^\r]* GMT\r\n"),
    "R07-retry-huge": status(b"429 Too Many Requests", rb"Retry-After: 86400\r\n"),
}
ENDED = {  # what comes, and then how the connection ends
    "U01": ("fin", b""),
    "U02": ("rst", b""),
    "U04": ("fin", b""),
    "U05": ("rst", b""),
    "U10": ("rst", rb"HTTP/1\.1 200 OK\r\nContent-Type: text/ht"),
    "U11": ("fin", rb"SSH-2\.0-OpenSSH_9\.6\r\n"),
    "U24-close": ("fin", NO_LENGTH),
    "U26": ("fin", NO_LENGTH + CUT),
    "U27": ("fin", HEAD + CUT),
    "U27-code": ("fin", HEAD + rb"5015551234:NOTOPT"),
    "U27-empty": ("fin", HEAD),
    "U38": ("rst", HEAD + rb"5015551234:NOTOPT"),
    "S05-rst": ("rst", HEAD + ID + rb"\r\n"),
    "S05-short": ("fin", HEAD + ID + rb"\r\n"),
    "S07-first": (
        "fin",
        rb"HTTP/1\.1 200 OK\r\nX-Broken [^:\r]*\r\n" + HTML + rb"\r\n" + ID + rb"\r\n" + FORM,
    ),
    "S09": ("fin", code(ID)),
}
SILENT = {  # what comes, and then nothing, on a connection that stays open
    "U06": b"",
    "U09": rb"HTTP/1\.1 200 OK\r\n",
    "U29": HEAD,
    "U29-number": HEAD + rb"5015551234:",
    "U29-id": HEAD + CUT,
    "U29-code": HEAD + rb"5015551234:NOTOPT",
    "S05-hang": HEAD + ID + rb"\r\n",
}
ENDLESS = {  # what comes, and goes on
    "U13": rb"HTTP/1\.1 200 OK\r\nX-Slow: 00+",
    "U14": rb"(HTTP/1\.1 100 Continue\r\n\r\n){2,}",
    "U30": HEAD + rb"5015551234:00+",
}
ELSEWHERE = {name for name in FAULTS if name.startswith("N")} | {"U07", "S10"}


def test_every_fault_is_tested_here() -> None:
    """No fault is in the table without a rule of what a client sees."""
    assert set(FAULTS) == {*KEPT, *ENDED, *SILENT, *ENDLESS, *ELSEWHERE}


@both
@pytest.mark.parametrize("name", KEPT)
def test_whole_answer(name: str, tls: bool) -> None:
    """An answer that is whole comes as the row says, and the connection serves on."""
    with HostileGateway(name, "S01", tls=tls) as gateway, Client(gateway) as client:
        answer, following = client.ask().whole(), client.ask().whole()

    assert re.fullmatch(KEPT[name], answer, re.DOTALL)
    assert re.fullmatch(KEPT["S01"], following, re.DOTALL)
    assert (2, 1) == (gateway.gets, gateway.connections)


@both
@pytest.mark.parametrize("name", ENDED)
def test_answer_that_ends_its_connection(name: str, tls: bool) -> None:
    """What ends with FIN or RST does so after the bytes of the row, and counts what it read."""
    end, pattern = ENDED[name]
    with HostileGateway(name, tls=tls) as gateway, Client(gateway) as client:
        seen, got = client.ask().rest()

    assert end == seen
    assert re.fullmatch(pattern, got, re.DOTALL)
    assert (name not in ("U01", "U02"), 1) == (gateway.gets, gateway.connections)


@both
@pytest.mark.parametrize("name", SILENT)
def test_answer_that_stops(name: str, tls: bool) -> None:
    """What hangs leaves the connection open, and ends with the gateway."""
    with HostileGateway(name, tls=tls) as gateway, Client(gateway) as client:
        end, got = client.ask().until(SILENT[name])
        gateway.close()

        assert ("silence", "fin") == (end, client.more())
        assert re.fullmatch(SILENT[name], got, re.DOTALL)
        assert 1 == gateway.gets


@both
@pytest.mark.parametrize("name", ENDLESS)
def test_answer_without_end(name: str, tls: bool) -> None:
    """What drips or repeats goes on until the gateway closes."""
    with HostileGateway(name, tls=tls) as gateway, Client(gateway) as client:
        client.ask().until(ENDLESS[name])
        before = len(client.got)
        while len(client.got) == before:
            assert client.more() == ""

        assert re.fullmatch(ENDLESS[name], client.got, re.DOTALL)
        assert 1 == gateway.gets


@both
def test_continue_comes_first(tls: bool) -> None:
    """S10 is the canonical answer after an interim one."""
    pattern = rb"HTTP/1\.1 100 Continue\r\n\r\n" + KEPT["S01"]
    with HostileGateway("S10", tls=tls) as gateway, Client(gateway) as client:
        end, _ = client.ask().until(pattern)

    assert "silence" == end
    assert 1 == gateway.gets


@pytest.mark.parametrize("name", ["U19-gzip", "U31-bomb"])
def test_bomb(name: str) -> None:
    """A bomb is small on the wire and 64 MB of zeros after gunzip."""
    with HostileGateway(name) as gateway, Client(gateway) as client:
        body = client.ask().whole().partition(b"\r\n\r\n")[2]

    assert len(body) < 70_000
    assert bytes(64_000_000) == gzip.decompress(body)


def test_gzip_holds_the_answer() -> None:
    """U31-gzip is the canonical body once it is unpacked; U31-corrupt cannot be."""
    with HostileGateway("U31-gzip", "U31-corrupt") as gateway, Client(gateway) as client:
        good, bad = (client.ask().whole().partition(b"\r\n\r\n")[2] for _ in range(2))

    assert re.fullmatch(ID + rb"\r\n" + FORM, gzip.decompress(good), re.DOTALL)
    with pytest.raises(Exception, match="invalid"):
        gzip.decompress(bad)


@both
def test_closed_port(tls: bool) -> None:
    """N08 refuses at once."""
    with HostileGateway("N08", tls=tls) as gateway, pytest.raises(ConnectionRefusedError):
        Client(gateway)

    assert (0, 0) == (gateway.gets, gateway.connections)


@pytest.mark.skipif(sys.platform != "linux", reason="how a full queue behaves is up to the system")
@both
def test_black_hole(tls: bool) -> None:
    """N09 lets nobody connect and refuses nobody."""
    with HostileGateway("N09", tls=tls) as gateway, pytest.raises(TimeoutError):
        socket.create_connection(("127.0.0.1", gateway.port), timeout=0.3)

    assert (0, 0) == (gateway.gets, gateway.connections)


@pytest.mark.parametrize(
    ("name", "end", "pattern"),
    [
        ("N11", "silence", b""),
        ("N12-garbage", "fin", rb"(\x00\xffgarbage\r\n)+"),
        ("N12-http", "fin", rb"HTTP/1\.1 400 Bad Request\r\n.*"),
        ("N13", "rst", b""),
    ],
)
def test_broken_handshake(name: str, end: str, pattern: bytes) -> None:
    """A fault of the handshake comes in the place of the server's first words."""
    hello = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    with (
        HostileGateway(name, tls=True) as gateway,
        socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE) as sock,
    ):
        sock.sendall(hello.read())
        got, seen = b"", ""
        sock.settimeout(MOMENT * 4 if end == "silence" else PATIENCE)
        try:
            while came := sock.recv(65536):
                got += came
            seen = "fin"
        except (ConnectionResetError, TimeoutError) as error:
            seen = "rst" if isinstance(error, ConnectionResetError) else "silence"

    assert end == seen
    assert re.fullmatch(pattern, got, re.DOTALL)
    assert (0, 1) == (gateway.gets, gateway.connections)


@pytest.mark.parametrize(("name", "why"), [("N14", 20), ("N15", 62), ("N16", 10)])
def test_bad_certificate(name: str, why: int) -> None:
    """Each certificate is refused for its own reason (OpenSSL's code), and no request is seen."""
    with (
        HostileGateway(name, tls=True) as gateway,
        pytest.raises(ssl.SSLCertVerificationError) as caught,
    ):
        Client(gateway)

    assert why == caught.value.verify_code
    assert (0, 1) == (gateway.gets, gateway.connections)


@pytest.mark.parametrize("name", ["N14", "N15", "N16"])
def test_who_does_not_verify_is_seen(name: str) -> None:
    """A client that takes a bad certificate is answered and counted, so that a test can tell."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        HostileGateway(name, tls=True) as gateway,
        socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE) as plain,
        context.wrap_socket(plain) as sock,
    ):
        sock.sendall(f"GET {TARGET} HTTP/1.1\r\n\r\n".encode())

        assert re.fullmatch(KEPT["S01"], sock.recv(65536), re.DOTALL)
        assert 1 == gateway.gets


@pytest.mark.parametrize("name", ["N17-403", "N17-502", "N17-407"])
def test_proxy_refuses(name: str) -> None:
    """CONNECT is refused with the status of the name, and does not count as a GET."""
    with HostileGateway(name) as gateway, Client(gateway) as client:
        end, got = client.ask(target="mosms.sumotext.com:443", method="CONNECT").rest()

    assert ("fin", name[4:]) == (end, got[9:12].decode())
    assert (0, 1) == (gateway.gets, gateway.connections)
    assert ["CONNECT"] == [request.method for request in gateway.requests]


@both
def test_stale_connection(tls: bool) -> None:
    """U07 answers once, then closes as a further request arrives, unread."""
    with HostileGateway("U07", tls=tls) as gateway, Client(gateway) as client:
        answer = client.ask().whole()
        end, got = client.ask().rest()

    assert re.fullmatch(KEPT["S01"], answer, re.DOTALL)
    assert ("fin", b"") == (end, got)
    assert (1, 1) == (gateway.gets, gateway.connections)


@both
@pytest.mark.parametrize(("name", "expected"), [("U01", "fin"), ("U02", "rst"), ("U07", "fin")])
def test_unread_on_a_used_connection(name: str, expected: str, tls: bool) -> None:
    """After an answer, a fault before the request leaves the second request unread."""
    with HostileGateway("S01", name, tls=tls) as gateway, Client(gateway) as client:
        client.ask().whole()
        end, got = client.ask().rest()

    assert (expected, b"") == (end, got)
    assert (1, 1) == (gateway.gets, gateway.connections)


@pytest.mark.skipif(not hasattr(socket, "TCP_CORK"), reason="takes Linux")
@both
def test_close_comes_with_the_answer(tls: bool) -> None:
    """S09's FIN needs no waiting for: it is there once the answer is."""
    with HostileGateway("S09", tls=tls) as gateway:
        for _ in range(20):
            with Client(gateway) as client:
                client.ask().whole()
                client.sock.settimeout(0)

                assert b"" == client.sock.recv(1)


@both
def test_script(tls: bool) -> None:
    """A request uses up one fault, the last repeats, and `play` starts anew."""
    with HostileGateway("R01", "R03", tls=tls) as gateway, Client(gateway) as client:
        seen = [client.ask().whole() for _ in range(3)]
        gateway.play("R04", "S01")
        seen += [client.ask().whole() for _ in range(3)]

    lines = [answer.partition(b"\r\n\r\n")[2].partition(b"\r\n")[0][11:] for answer in seen]
    assert [b"NOTIP", b"NOTOPT", b"NOTOPT", b"NOTFOUND"] == lines[:4]
    assert all(re.fullmatch(GUID, line) for line in lines[4:])


@both
def test_a_connection_that_fails_uses_up_a_fault(tls: bool) -> None:
    """A connection closed before its request stands for that request."""
    with HostileGateway("U01", "S01", tls=tls) as gateway:
        with Client(gateway) as first:
            assert ("fin", b"") == first.ask().rest()
        with Client(gateway) as second:
            assert re.fullmatch(KEPT["S01"], second.ask().whole(), re.DOTALL)

    assert (1, 2) == (gateway.gets, gateway.connections)


@both
def test_port_closes_and_opens(tls: bool) -> None:
    """A closed port ends idle connections, and stays closed until the script is changed."""
    with HostileGateway(tls=tls) as gateway, Client(gateway) as idle:
        idle.ask().whole()
        gateway.play("N08")

        assert "fin" == idle.rest()[0]
        with pytest.raises(ConnectionRefusedError):
            Client(gateway)
        gateway.play("S01")
        with Client(gateway) as client:
            assert re.fullmatch(KEPT["S01"], client.ask().whole(), re.DOTALL)


@pytest.mark.parametrize("name", ["N08", "N13"])
def test_fault_of_a_new_connection_ends_the_used_one(name: str) -> None:
    """The answer before such a fault closes its connection, so that the next request meets it."""
    with HostileGateway("S01", name, tls=True) as gateway, Client(gateway) as client:
        end, got = client.ask().rest()

        assert "fin" == end
        assert re.fullmatch(KEPT["S01"], got, re.DOTALL)
        with pytest.raises((ConnectionRefusedError, ConnectionResetError)):
            Client(gateway)


@both
@pytest.mark.parametrize("end", ["close", "rst", "keep", "hang"])
def test_raw(end: str, tls: bool) -> None:
    """`Raw` plays bytes untouched, marks and all, and ends as it is told."""
    data = b"\x00HTTP {mobile} \xff"
    play = Raw(data, end=end)  # type: ignore[arg-type]
    ends, goes_on = end in ("close", "rst"), end != "hang"
    with HostileGateway(play, tls=tls) as gateway, Client(gateway) as client:
        seen, got = client.ask().until(re.escape(data), PATIENCE if ends else MOMENT)
        again = client.ask().more(PATIENCE if goes_on else MOMENT)

    expected = {"close": ("fin", "fin"), "rst": ("rst", "fin"), "keep": ("silence", "")}
    assert expected.get(end, ("silence", "silence")) == (seen, again)
    assert data == got


def test_raw_function() -> None:
    """`Raw` may be a function of the request's number."""
    with HostileGateway(Raw(lambda mobile: f"<{mobile}>".encode())) as gateway:
        with Client(gateway) as client:
            got = client.ask(target="/x?mobile=%2B12125551212").rest()

        assert ("fin", b"<+12125551212>") == got


def test_own_fault() -> None:
    """A script may hold a `Fault`, one of ours or one's own."""
    mine = Fault("X01-mine", "wire", "Answers bytes.", (Raw(b"hello"),))
    with HostileGateway(FAULTS["R03"], mine) as gateway, Client(gateway) as client:
        assert b":NOTOPT\r\n" in client.ask().whole()
        assert b"hello" == client.ask().until(b"hello")[1]
    assert "X01" == mine.row


@pytest.mark.parametrize(
    "body",
    [b'{"mobile": "4807345077"}', b'json={"mobile": "4807345077"}', b"apikey=x&mobile=4807345077"],
)
def test_number_of_a_post(body: bytes) -> None:
    """The number is found in a POST's body as well, and the body is kept for assertions."""
    with HostileGateway() as gateway, Client(gateway) as client:
        answer = client.ask(target="/api/sumopost/post", body=body, method="POST").whole()

    assert b"\r\n\r\n4807345077:" in answer
    assert [("POST", body)] == [(request.method, request.body) for request in gateway.requests]


def test_requests_tell_what_was_asked() -> None:
    """A request's parts are there for assertions, and its id is the one that was answered."""
    target = "/secure/sumoSend.aspx?mobile=5015551234&msg=a%20%26%20b&key="
    with HostileGateway() as gateway, Client(gateway) as client:
        answer = client.ask("Authorization: Basic eA==", target=target).whole()

    (request,) = gateway.requests
    assert ("GET", target) == (request.method, request.target)
    assert {"mobile": MOBILE, "msg": "a & b", "key": ""} == request.query
    assert {"host": "localhost", "authorization": "Basic eA=="} == request.headers
    assert f"{MOBILE}:{request.smsid}\r\n".encode() in answer


def test_ids_are_fresh() -> None:
    """No two requests get the same id."""
    with HostileGateway() as gateway, Client(gateway) as client:
        answers = {client.ask().whole() for _ in range(20)}

    assert 20 == len(answers)


def test_nothing_private_in_a_repr() -> None:
    """Neither a request nor the gateway that keeps it shows a number or a text."""
    with HostileGateway() as gateway, Client(gateway) as client:
        client.ask(body=b'{"mobile": "4807345077"}', method="POST").whole()

    shown = repr((gateway, gateway.requests, gateway.requests[0], Raw(b"5015551234")))
    assert not re.search("5015551234|4807345077|hello", shown)


def test_one_write() -> None:
    """Head and body of an answer come as one, as a fast server sends them."""
    with HostileGateway() as gateway, Client(gateway) as client:
        for _ in range(20):
            client.ask().more()

            assert _length(client.got) == len(client.got)
            client.got.clear()


@both
def test_client_that_wants_no_more(tls: bool) -> None:
    """``Connection: close`` is honoured."""
    with HostileGateway(tls=tls) as gateway, Client(gateway) as client:
        end, got = client.ask("Connection: close").rest()

    assert "fin" == end
    assert re.fullmatch(KEPT["S01"], got, re.DOTALL)


def test_request_in_pieces_and_two_at_once() -> None:
    """A request may come in pieces, and two may come at once."""
    request = f"GET {TARGET} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with HostileGateway() as gateway, Client(gateway) as client:
        client.write(request[:9])
        client.write(request[9:] + request)
        answers = [client.whole(), client.whole()]

    assert all(re.fullmatch(KEPT["S01"], answer, re.DOTALL) for answer in answers)
    assert 2 == gateway.gets


def test_delay() -> None:
    """A delayed answer does not come at once, its request is counted, and closing ends it."""
    with HostileGateway(delay=600) as gateway, Client(gateway) as client:
        client.ask()

        assert "silence" == client.more(MOMENT * 4)
        assert 1 == gateway.gets


def test_threads_get_their_own_answers() -> None:
    """Many clients at once each get the answer to what they asked."""

    def ask(number: int) -> list[bool]:
        with Client(gateway) as client:
            mobiles = [f"501{number:03}{index:04}" for index in range(20)]
            return [
                f"\r\n{mobile}:".encode() in client.ask(target=f"/x?mobile={mobile}").whole()
                for mobile in mobiles
            ]

    with HostileGateway() as gateway, ThreadPoolExecutor(16) as pool:
        seen = [*pool.map(ask, range(32))]

    assert [[True] * 20] * 32 == seen
    assert (640, 32) == (gateway.gets, gateway.connections)


def _open_files() -> int:
    gc.collect()
    return len([*Path("/proc/self/fd").iterdir()])


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
@both
def test_nothing_is_left(tls: bool) -> None:
    """Closing is prompt whatever goes on, and leaves no thread, no file and no port behind."""
    files, threads = _open_files(), threading.active_count()
    with HostileGateway(tls=tls) as gateway:
        port = gateway.port
        clients = []
        for name in ("U06", "U14", "U30", "S05-52MB", "S01", "S05-hang"):
            gateway.play(name)
            clients.append(Client(gateway).ask())
            clients[-1].more(MOMENT)
        gateway.play("N09")
        start = time.monotonic()
        gateway.close()
        took = time.monotonic() - start
        gateway.close()
    for client in clients:
        client.sock.close()

    assert took < 2
    assert threads == threading.active_count()
    assert _open_files() <= files
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


@both
@pytest.mark.parametrize("name", ["U14", "U30", "S05-52MB", "U06"])
def test_client_that_goes_away(name: str, tls: bool) -> None:
    """A client that leaves in the middle ends its thread, which raises nothing."""
    with HostileGateway(name, tls=tls) as gateway:
        before = threading.active_count()
        with Client(gateway) as client:
            client.ask().more(MOMENT)
        deadline = time.monotonic() + PATIENCE
        while threading.active_count() > before and time.monotonic() < deadline:
            time.sleep(0.01)

        assert before == threading.active_count()


def test_rows() -> None:
    """Every row that a server can commit is there; a bare row is its first variant."""
    assert ROWS == {one.row for one in FAULTS.values()}
    assert all(fault(row) == of_row(row)[0] for row in ROWS)
    assert FAULTS["U17-301"] is fault("U17")
    assert FAULTS["S05-rst"] in of_row("S05")
    assert () == of_row("U99")


@pytest.mark.parametrize(
    ("name", "message"),
    [("U17-310", "did you mean 'U17-3"), ("", "no fault ''"), ("N13", "tls=True")],
)
def test_wrong_script(name: str, message: str) -> None:
    """A name that is none, or a fault of TLS on a plain gateway, is refused before it listens."""
    with pytest.raises(ValueError, match=message):
        HostileGateway(name)
    with HostileGateway() as gateway, pytest.raises(ValueError, match=message):
        gateway.play("S01", name)


def test_wrong_end() -> None:
    """An end that is none is refused."""
    with pytest.raises(ValueError, match="end"):
        Raw(b"", end="explode")  # type: ignore[arg-type]


def test_without_trustme() -> None:
    """Plain HTTP needs no extra; TLS without it names the command that mends it."""
    program = (
        "import sys; sys.modules['trustme'] = None\n"
        "from sumotext_backend.testing import HostileGateway\n"
        "HostileGateway().close()\n"
        "HostileGateway(tls=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )

    assert 1 == ended.returncode
    assert "pip install 'sumotext-backend[testing]'" in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize("module", sorted(HOSTILE.rglob("*.py")), ids=lambda path: path.stem)
def test_stands_alone(module: Path) -> None:
    """The server shares no code with what it tests, so it cannot be wrong in the same way."""
    source = module.read_text()
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    ours = [node.module or "" for node in imports if (node.module or "").startswith("sumotext")]

    assert all(name.startswith("sumotext_backend.testing.hostile") for name in ours)
    assert "import sumotext_backend" not in source


def test_documented_table() -> None:
    """The table in the documentation is the one that the code gives."""
    assert fault_table() in PAGE.read_text()


def test_request_without_a_number() -> None:
    """Where no number is named, the documentation's sample stands in."""
    assert "5015551234" == Request(head=b"GET / HTTP/1.1\r\nReferer: /?mobile=1\r\n\r\n").mobile
    assert "2125551213" == Request(head=b"GET /?mobile=2125551212 HTTP/1.1\r\n\r\n").other
