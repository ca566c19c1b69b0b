"""What a client sees of each fault before an answer: port, TLS, proxy, a used connection."""

from __future__ import annotations

import re
import socket
import ssl
import sys

import pytest
from raw_client import MOMENT, S01, TARGET, TIMEOUT, Client, both

from sumotext_backend.testing import HostileGateway

pytestmark = pytest.mark.once


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
        socket.create_connection(("127.0.0.1", gateway.port), timeout=TIMEOUT) as sock,
    ):
        sock.sendall(hello.read())
        got, seen = b"", ""
        sock.settimeout(MOMENT * 4 if end == "silence" else TIMEOUT)
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
        socket.create_connection(("127.0.0.1", gateway.port), timeout=TIMEOUT) as plain,
        context.wrap_socket(plain) as sock,
    ):
        sock.sendall(f"GET {TARGET} HTTP/1.1\r\n\r\n".encode())

        assert re.fullmatch(S01, sock.recv(65536), re.DOTALL)
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

    assert re.fullmatch(S01, answer, re.DOTALL)
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
            assert re.fullmatch(S01, client.ask().whole(), re.DOTALL)


@pytest.mark.parametrize("name", ["N08", "N13"])
def test_fault_of_a_new_connection_ends_the_used_one(name: str) -> None:
    """The answer before such a fault closes its connection, so that the next request meets it."""
    with HostileGateway("S01", name, tls=True) as gateway, Client(gateway) as client:
        end, got = client.ask().rest()

        assert "fin" == end
        assert re.fullmatch(S01, got, re.DOTALL)
        with pytest.raises((ConnectionRefusedError, ConnectionResetError)):
            Client(gateway)
