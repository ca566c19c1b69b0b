"""Faults before an answer begins: port, TLS, proxy, wire."""

from __future__ import annotations

from typing import Final

from sumotext_backend.testing.hostile.script import (
    PAGE,
    Await,
    Certificate,
    End,
    Fault,
    PortState,
    Reply,
    Send,
    Stage,
)

_UNTIL_WRITE: Final = Await(0.05)
"""A reset at once could meet the client while it still connects: another fault, N08's kin."""

PORT_AND_TLS: Final = (
    Fault(
        "N08",
        "tcp",
        "Refuses every connection: the port is closed.",
        stage=Stage.PORT,
        port=PortState.CLOSED,
    ),
    Fault(
        "N09",
        "tcp",
        "Drops every SYN: connecting never ends (on Linux).",
        stage=Stage.PORT,
        port=PortState.FULL,
    ),
    Fault(
        "N11",
        "tls",
        "Stays silent in the TLS handshake.",
        (End.HANG,),
        Stage.HELLO,
    ),
    Fault(
        "N12-garbage",
        "tls",
        "Answers the TLS handshake with bytes that are no TLS, then closes.",
        (Send(b"\x00\xffgarbage\r\n" * 8), End.CLOSE),
        Stage.HELLO,
    ),
    Fault(
        "N12-http",
        "tls",
        "Answers the TLS handshake in plain HTTP, then closes.",
        (Reply(PAGE, "400 Bad Request"), End.CLOSE),
        Stage.HELLO,
    ),
    Fault(
        "N13",
        "tls",
        "Resets the connection in the TLS handshake.",
        (End.RST,),
        Stage.HELLO,
    ),
    Fault(
        "N14",
        "tls",
        "Shows a certificate of an authority that is not in `ca_bundle`.",
        stage=Stage.CERTIFICATE,
        certificate=Certificate.UNTRUSTED,
    ),
    Fault(
        "N15",
        "tls",
        "Shows a certificate of another host.",
        stage=Stage.CERTIFICATE,
        certificate=Certificate.OTHER_HOST,
    ),
    Fault(
        "N16",
        "tls",
        "Shows a certificate that has expired.",
        stage=Stage.CERTIFICATE,
        certificate=Certificate.EXPIRED,
    ),
)


def _refusal(status: str, *headers: bytes) -> tuple[Reply, End]:
    return Reply(b"", status, headers), End.CLOSE


PROXY: Final = (
    Fault(
        "N17-403",
        "proxy",
        "As a proxy, refuses CONNECT (and anything else) with 403.",
        _refusal("403 Forbidden"),
    ),
    Fault(
        "N17-502",
        "proxy",
        "As a proxy, refuses CONNECT (and anything else) with 502.",
        _refusal("502 Bad Gateway"),
    ),
    Fault(
        "N17-407",
        "proxy",
        "As a proxy, asks for a login with 407.",
        _refusal("407 Proxy Authentication Required", b'Proxy-Authenticate: Basic realm="proxy"'),
    ),
)

WIRE: Final = (
    Fault(
        "U01",
        "wire",
        "Closes the connection without reading the request.",
        (End.CLOSE,),
        Stage.OPEN,
    ),
    Fault(
        "U02",
        "wire",
        "Resets the connection without reading the request: as the client writes, or after 0.05 s.",
        (_UNTIL_WRITE, End.RST),
        Stage.OPEN,
    ),
    Fault("U04", "wire", "Reads the request, then closes.", (End.CLOSE,)),
    Fault("U05", "wire", "Reads the request, then resets.", (End.RST,)),
    Fault("U06", "wire", "Reads the request, then stays silent.", (End.HANG,)),
    Fault(
        "U07",
        "wire",
        "Accepts, but closes as a further request arrives on the same connection.",
        (End.CLOSE,),
        Stage.AGAIN,
    ),
)
