"""Bodies and lines of requests as they come over the wire: cut, chunked, late and odd."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from sumotext_backend.inbound import make_asgi_app, make_path, make_wsgi_app
from sumotext_backend.ledger import Ledger, MemoryDatabase, opt_out
from tests.inbound.apps import Running, serve_asgi, serve_wsgi
from tests.inbound.cases import SECRET, Heard, make_receiver

FORM = b"from=%2B15015551234&to=74700&id=k1&text=START+sending+me+spam"
CUT = FORM[: FORM.index(b"+sending")]
PATH = make_path(SECRET, "plain")
HEADS = "Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def heard() -> Heard:
    """What hooks heard."""
    return Heard()


@pytest.fixture
def ledger() -> Ledger:
    """A ledger in which somebody said no."""
    made = Ledger(MemoryDatabase())
    opt_out(made, "+15015551234")
    return made


@pytest.fixture(params=["wsgi", "asgi"])
def running(request: pytest.FixtureRequest, ledger: Ledger, heard: Heard) -> Iterator[Running]:
    """A receiver behind a server: wsgiref's, which marks no end of a body, and uvicorn."""
    receiver = make_receiver(ledger, heard, max_bytes=4096)
    wsgi, asgi = make_wsgi_app(receiver), make_asgi_app(receiver, body_timeout=0.2)
    with serve_wsgi(wsgi) if request.param == "wsgi" else serve_asgi(asgi) as server:
        yield server


def talk(running: Running, *pieces: bytes, ends: bool = False) -> bytes:
    """What is answered to these bytes; ``ends`` closes our half of the connection after them."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as plain:
        for piece in pieces:
            plain.sendall(piece)
        if ends:
            plain.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := plain.recv(4096):
            answer += piece
        return answer


def head(more: str = HEADS, version: str = "1.1", path: str = PATH) -> bytes:
    """The head of a request that closes the connection."""
    host = "Host: texts.example.com\r\n" if version == "1.1" else ""
    return f"POST {path} HTTP/{version}\r\n{host}Connection: close\r\n{more}\r\n".encode("latin-1")


def test_a_whole_body_is_taken(running: Running, heard: Heard) -> None:
    """Control of those below."""
    whole = head(f"{HEADS}Content-Length: {len(FORM)}\r\n") + FORM

    assert b" 200 " in talk(running, whole).partition(b"\r\n")[0]
    assert 1 == len(heard.events)


def test_a_cut_body_is_nothing(running: Running, heard: Heard) -> None:
    """Half a text may be a word that its sender never said."""
    cut = head(f"{HEADS}Content-Length: {len(FORM)}\r\n") + CUT

    talk(running, cut, ends=True)

    assert [] == heard.events


def test_a_body_in_chunks_is_taken_or_refused_but_not_guessed(
    running: Running, heard: Heard
) -> None:
    """A server that does not mark the end of a body is answered with 411."""
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(FORM), FORM)
    answer = talk(running, head(HEADS + "Transfer-Encoding: chunked\r\n") + body)

    assert answer.split(b" ")[1] in {b"200", b"411"}
    assert (b"200" == answer.split(b" ")[1]) == bool(heard.events)


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "٣", "9" * 5000, "0x10", "+5", "1, 2"])
def test_a_length_that_is_none_is_refused(length: str, running: Running, heard: Heard) -> None:
    """By the server or by the receiver; never with a 500, and nobody hears of it."""
    line = f"{HEADS}Content-Length: ".encode() + length.encode() + b"\r\n"
    answer = talk(running, head("").removesuffix(b"\r\n") + line + b"\r\n" + FORM)

    assert b" 500 " not in answer.partition(b"\r\n")[0]
    assert [] == heard.events


def test_a_body_that_does_not_come_is_not_waited_for(ledger: Ledger, heard: Heard) -> None:
    """One slow caller after the other would hold every connection."""
    app = make_asgi_app(make_receiver(ledger, heard), body_timeout=0.2)
    with serve_asgi(app) as running:
        late = head(f"{HEADS}Content-Length: {len(FORM)}\r\n") + CUT
        answer = talk(running, late)

    assert b" 408 " in answer.partition(b"\r\n")[0]
    assert [] == heard.events


def test_a_large_body_is_refused_before_it_is_whole(running: Running, heard: Heard) -> None:
    """No more of it is read than may be."""
    answer = talk(running, head(f"{HEADS}Content-Length: 5000\r\n") + b"a=" + b"x" * 4998)

    assert b" 413 " in answer.partition(b"\r\n")[0]
    assert [] == heard.events


def test_http_1_0_without_a_host_is_taken(running: Running, heard: Heard) -> None:
    """As some gateways still call."""
    request = head(f"{HEADS}Content-Length: {len(FORM)}\r\n", "1.0") + FORM

    assert b" 200 " in talk(running, request).partition(b"\r\n")[0]
    assert 1 == len(heard.events)


def test_headers_of_any_bytes_do_no_harm(running: Running, heard: Heard) -> None:
    """What is not ASCII is no reason for a 500."""
    odd = "X-Forwarded-For: ÿþ\r\nX-Twilio-Signature: é\r\nX-Odd: \x80\r\n"
    request = head(f"{HEADS}{odd}Content-Length: {len(FORM)}\r\n") + FORM

    assert talk(running, request).split(b" ")[1] in {b"200", b"400"}
    assert len(heard.events) <= 1


def test_a_target_with_a_host_is_its_path(running: Running, heard: Heard) -> None:
    """As clients of proxies write it; a server may refuse it."""
    path = f"http://texts.example.com{PATH}"
    request = head(f"{HEADS}Content-Length: {len(FORM)}\r\n", path=path) + FORM

    assert talk(running, request).split(b" ")[1] in {b"200", b"400", b"404"}


@pytest.mark.parametrize("path", ["/plain/wrong", "/", PATH + "x"])
def test_a_strangers_body_is_not_waited_for(path: str, running: Running) -> None:
    """Whoever has no address holds no worker: the answer comes before the body does."""
    answer = talk(running, head(f"{HEADS}Content-Length: {len(FORM)}\r\n", path=path) + CUT)

    assert b" 404 " in answer.partition(b"\r\n")[0]
