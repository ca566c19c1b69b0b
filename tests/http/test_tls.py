"""TLS: whom it trusts, where an answer ends, what nobody asked for, and how long it may take."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from matrix import CONNECT, DEADLINE, SLACK
from plain_backend import NUMBER, TARGET, TEXT, PlainBackend, exchange
from tls_server import Peer, Server, answer, serving

from sumotext_backend.http import NoResponse, Request, Response
from sumotext_backend.models import Reason

VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


def backend(server: Server, transport: str = "sockets", **options: Any) -> PlainBackend:
    """A backend that sends to the server."""
    fields: dict[str, Any] = {"base_url": server.url, "ca_bundle": server.ca_bundle}
    fields |= {"timeout": DEADLINE * 5, "transport": transport}
    return PlainBackend(**fields | options)


def body_of(ended: Response | NoResponse) -> bytes:
    """The body of what must be a response."""
    assert isinstance(ended, Response), ended
    return ended.body


def reason_of(ended: Response | NoResponse) -> Reason | None:
    """Why there is no whole answer."""
    return ended.reason if isinstance(ended, NoResponse) else ended.cut


# --- whom it trusts -----------------------------------------------------------------------------


def only(version: ssl.TLSVersion) -> Callable[[ssl.SSLContext], None]:
    """Let a server speak that version alone, however old it is."""

    def change(context: ssl.SSLContext) -> None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = version
        context.minimum_version = version

    return change


def answer_all(peer: Peer, _connection: int) -> None:
    """Answer every request."""
    while peer.request():
        peer.send(peer.encrypt(answer(b"hello\n")))


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_each_version_that_is_safe_is_spoken(
    version: ssl.TLSVersion, transport: str, tmp_path: Path
) -> None:
    """The connection serves again, also after the session tickets that come unasked."""
    with (
        serving(answer_all, tmp_path, change=only(version)) as server,
        closing(backend(server, transport)) as sender,
    ):
        ended = [exchange(sender) for _ in range(3)]

    assert [Response(200, b"hello\n", ended=True)] * 3 == ended
    assert 1 == server.connections


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_a_version_that_is_not_safe_is_not_spoken(transport: str, tmp_path: Path) -> None:
    """TLS 1.1 is FAILED, before a byte of the request has left."""
    with (
        serving(answer_all, tmp_path, change=only(ssl.TLSVersion.TLSv1_1)) as server,
        closing(backend(server, transport)) as sender,
    ):
        ended = exchange(sender)

    assert Reason.TLS is reason_of(ended)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_control_the_server_does_speak_it(tmp_path: Path) -> None:
    """A client that knows no better is served."""
    context = ssl.create_default_context()
    only(ssl.TLSVersion.TLSv1_1)(context)
    with serving(answer_all, tmp_path, change=only(ssl.TLSVersion.TLSv1_1)) as server:
        context.load_verify_locations(server.ca_bundle)
        where = ("127.0.0.1", int(server.url.rpartition(":")[2]))
        with (
            socket.create_connection(where) as sock,
            context.wrap_socket(sock, server_hostname="localhost") as client,
        ):
            assert "TLSv1.1" == client.version()


@pytest.mark.parametrize(
    ("host", "told"), [("localhost", "localhost"), ("localhost.", "localhost"), ("127.0.0.1", None)]
)
def test_the_server_is_told_which_host_is_meant(
    host: str, told: str | None, tmp_path: Path
) -> None:
    """By SNI, without the dot of the root; an address is not a name, and is verified as it is."""
    seen: list[str | None] = []

    def watch(context: ssl.SSLContext) -> None:
        context.sni_callback = lambda _tls, name, _context: seen.append(name)

    with serving(answer_all, tmp_path, change=watch) as server:
        url = server.url.replace("localhost", host)
        with closing(backend(server, base_url=url)) as sender:
            ended = exchange(sender)

    assert b"hello\n" == body_of(ended)
    assert [told] == seen


def test_nothing_of_a_text_goes_in_the_clear(tmp_path: Path) -> None:
    """Neither number nor text are in the bytes that a listener on the way sees."""
    with serving(answer_all, tmp_path) as server, socket.create_server(("127.0.0.1", 0)) as way:
        seen: list[bytes] = []
        target = int(server.url.rpartition(":")[2])
        thread = threading.Thread(target=relay, args=(way, target, seen))
        thread.start()
        url = f"https://localhost:{way.getsockname()[1]}"
        with closing(backend(server, base_url=url)) as sender:
            ended = exchange(sender)
        thread.join()

    assert b"hello\n" == body_of(ended)
    assert b"localhost" in b"".join(seen)  # of SNI: it did see what went by
    assert [] == [each for each in (NUMBER, TEXT) if each.encode() in b"".join(seen)]


def relay(listener: socket.socket, port: int, seen: list[bytes]) -> None:
    """Carry one connection to ``port`` and keep what the client says."""
    client, _ = listener.accept()
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        back = threading.Thread(target=pump, args=(server, client, []))
        back.start()
        pump(client, server, seen)
        back.join()


def pump(source: socket.socket, target: socket.socket, seen: list[bytes]) -> None:
    """Carry bytes one way until they end."""
    try:
        while came := source.recv(65536):
            seen.append(came)
            target.sendall(came)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


# --- where an answer ends -----------------------------------------------------------------------

UNFRAMED = b"HTTP/1.1 200 OK\r\n\r\nhello"


def test_a_cut_is_not_the_end_of_an_answer(transport: str, tmp_path: Path) -> None:
    """Anybody on the way can close a connection; only the server can say goodbye."""

    def cut(peer: Peer, _connection: int) -> None:
        peer.request()
        peer.send(peer.encrypt(UNFRAMED))

    with serving(cut, tmp_path) as server, closing(backend(server, transport)) as sender:
        ended = exchange(sender)

    assert Reason.BAD_ANSWER is reason_of(ended)


def test_a_goodbye_ends_an_answer_without_a_length(transport: str, tmp_path: Path) -> None:
    """Control: then it is not cut. That it is whole nothing proves."""

    def end(peer: Peer, _connection: int) -> None:
        peer.request()
        peer.send(peer.encrypt(UNFRAMED) + peer.goodbye())

    with serving(end, tmp_path) as server, closing(backend(server, transport)) as sender:
        ended = exchange(sender)

    assert Response(200, b"hello", ended=False) == ended


@pytest.mark.parametrize("length", [0, 1, 5, 20, -1])
def test_a_record_that_is_cut_is_a_doubt(length: int, transport: str, tmp_path: Path) -> None:
    """What stands in it is not known, whatever it was."""

    def cut(peer: Peer, _connection: int) -> None:
        peer.request()
        peer.send(peer.encrypt(answer(b"hello\n"))[:length])

    with serving(cut, tmp_path) as server, closing(backend(server, transport)) as sender:
        ended = exchange(sender)

    assert Reason.NO_ANSWER is reason_of(ended)


def test_a_record_that_somebody_changed_is_a_doubt(transport: str, tmp_path: Path) -> None:
    """One bit is enough."""

    def change(peer: Peer, _connection: int) -> None:
        peer.request()
        record = bytearray(peer.encrypt(answer(b"hello\n")))
        record[-1] ^= 1
        peer.send(bytes(record))

    with serving(change, tmp_path) as server, closing(backend(server, transport)) as sender:
        ended = exchange(sender)

    assert isinstance(ended, NoResponse)
    assert ended.reason in (Reason.NO_ANSWER, Reason.BAD_ANSWER)


@pytest.mark.parametrize("size", [1, 7, 1000, 20_000])
def test_a_large_answer_in_pieces_is_whole(size: int, transport: str, tmp_path: Path) -> None:
    """However many records it takes, and wherever those are cut."""
    body = b"x" * 16_000

    def drip(peer: Peer, _connection: int) -> None:
        peer.request()
        whole = answer(body)
        records = b"".join(peer.encrypt(whole[at : at + size]) for at in range(0, len(whole), size))
        for at in range(0, len(records), 5001):
            peer.send(records[at : at + 5001])
        peer.read()

    with serving(drip, tmp_path) as server, closing(backend(server, transport)) as sender:
        ended = exchange(sender)

    assert Response(200, body, ended=True) == ended


# --- what nobody asked for ----------------------------------------------------------------------


def in_one_record(peer: Peer) -> bytes:
    """It stands behind the answer, in its record."""
    peer.send(peer.encrypt(answer(b"mine 1\n") + answer(b"stale\n")))
    return b""


def in_the_next_record(peer: Peer) -> bytes:
    """It comes with the answer, in a record of its own."""
    peer.send(peer.encrypt(answer(b"mine 1\n")) + peer.encrypt(answer(b"stale\n")))
    return b""


def in_half_a_record(peer: Peer) -> bytes:
    """A part of its record comes with the answer, and the rest after the next request."""
    mine, stale = peer.encrypt(answer(b"mine 1\n")), peer.encrypt(answer(b"stale\n"))
    peer.send(mine + stale[:10])
    return stale[10:]


def in_half_a_head(peer: Peer) -> bytes:
    """Two bytes of its record come with the answer."""
    mine, stale = peer.encrypt(answer(b"mine 1\n")), peer.encrypt(answer(b"stale\n"))
    peer.send(mine + stale[:2])
    return stale[2:]


STALE = [in_one_record, in_the_next_record, in_half_a_record, in_half_a_head]


def play_stale(stale: Callable[[Peer], bytes]) -> Callable[[Peer, int], None]:
    """A first connection that says more than it was asked, and others that do not."""

    def play(peer: Peer, connection: int) -> None:
        if connection == 1:
            peer.request()
            rest = stale(peer)
            peer.request()
            peer.send(rest + peer.encrypt(answer(b"mine 2\n")))
        while peer.request():
            peer.send(peer.encrypt(answer(b"mine 2\n")))

    return play


@pytest.mark.parametrize("stale", STALE, ids=lambda stale: stale.__name__)
@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_an_answer_that_nobody_asked_for_is_nobodys(
    version: ssl.TLSVersion, stale: Callable[[Peer], bytes], transport: str, tmp_path: Path
) -> None:
    """Not the next text's, whose own answer comes."""
    with (
        serving(play_stale(stale), tmp_path, change=only(version)) as server,
        closing(backend(server, transport)) as sender,
    ):
        ended = [body_of(exchange(sender)) for _ in range(2)]

    assert [b"mine 1\n", b"mine 2\n"] == ended


@pytest.mark.parametrize("stale", STALE[1:], ids=lambda stale: stale.__name__)
def test_control_another_client_takes_it(stale: Callable[[Peer], bytes], tmp_path: Path) -> None:
    """The standard library's does, for all but what stands in the answer's own record."""
    with serving(play_stale(stale), tmp_path) as server:
        context = ssl.create_default_context(cafile=server.ca_bundle)
        port = int(server.url.rpartition(":")[2])
        with closing(http.client.HTTPSConnection("localhost", port, context=context)) as client:
            ended = []
            for _ in range(2):
                client.request("GET", TARGET)
                ended.append(client.getresponse().read())

    assert [b"mine 1\n", b"stale\n"] == ended


def test_a_goodbye_after_an_answer_leaves_no_doubt(transport: str, tmp_path: Path) -> None:
    """The next text goes over another connection."""

    def leave(peer: Peer, _connection: int) -> None:
        peer.request()
        peer.send(peer.encrypt(answer(b"hello\n")) + peer.goodbye())
        peer.read()

    with serving(leave, tmp_path) as server, closing(backend(server, transport)) as sender:
        ended = [body_of(exchange(sender)) for _ in range(3)]

    assert [b"hello\n"] * 3 == ended
    assert 3 == server.connections


# --- what is large, and what is slow ------------------------------------------------------------


def test_a_large_request_arrives_whole(transport: str, tmp_path: Path) -> None:
    """It takes many writes, each of a part."""
    body = bytes(range(256)) * 20_000
    seen: list[bytes] = []

    def take(peer: Peer, _connection: int) -> None:
        seen.append(peer.request(len(body)))
        peer.send(peer.encrypt(answer(b"hello\n")))

    with serving(take, tmp_path) as server, closing(backend(server, transport)) as sender:
        ended = sender.exchange(Request(target="/a", method="POST", body=body))

    assert b"hello\n" == body_of(ended)
    assert body == seen[0].partition(b"\r\n\r\n")[2]


def test_a_server_that_does_not_read_takes_no_longer_than_the_deadline(
    transport: str, tmp_path: Path
) -> None:
    """The request has begun, so that it is a doubt."""
    over = threading.Event()

    def stall(_peer: Peer, _connection: int) -> None:
        over.wait(DEADLINE * 5)

    with serving(stall, tmp_path) as server:
        with closing(backend(server, transport, timeout=DEADLINE)) as sender:
            begun = time.monotonic()
            ended = sender.exchange(Request(target="/a", method="POST", body=b"x" * 20_000_000))
            seconds = time.monotonic() - begun
        over.set()

    assert Reason.TIMEOUT is reason_of(ended)
    assert DEADLINE + SLACK >= seconds


def test_a_handshake_that_drips_takes_no_longer_than_its_deadline(
    transport: str, tmp_path: Path
) -> None:
    """However often something comes. Nothing has left."""
    over = threading.Event()

    def drip(peer: Peer) -> None:
        def send(data: bytes) -> None:
            for byte in data:
                peer.send(bytes([byte]))
                over.wait(0.02)

        peer.handshake(send)

    with serving(answer_all, tmp_path, shake=drip) as server:
        with closing(backend(server, transport, connect_timeout=CONNECT)) as sender:
            begun = time.monotonic()
            ended = exchange(sender)
            seconds = time.monotonic() - begun
        over.set()

    assert Reason.UNREACHABLE is reason_of(ended)
    assert CONNECT + SLACK >= seconds
