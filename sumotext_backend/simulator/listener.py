"""The socket that the simulator listens at: whose machine may reach it, and how it is set up."""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
from pathlib import Path
from typing import Final

from sumotext_backend.exceptions import ConfigurationError

LOOPBACK: Final = "127.0.0.1"

_BACKLOG: Final = 2048


def listen(host: str, port: int, *, remote: bool) -> socket.socket:
    """A socket that takes connections already, though nobody answers yet.

    With ``remote`` at an address that other machines reach, too.
    Raises `OSError` for a port that is taken, `ConfigurationError` for a host that may not be.
    """
    address = _check(host, remote=remote)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    code = 0
    try:
        made = socket.create_server((address, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        code = error.errno or 0
    else:
        # `create_server` leaves the protocol 0, and asyncio switches Nagle's algorithm off only
        # where it is TCP: the second packet of a response would wait 40 ms for an acknowledgement.
        return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, made.detach())
    raise OSError(code, os.strerror(code), f"{host} port {port}")


def _check(host: str, *, remote: bool) -> str:
    """``host`` as an IP address."""
    try:
        address = ipaddress.ip_address(LOOPBACK if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None:
        raise ConfigurationError("the host to listen at wants an IP address, such as 127.0.0.1")
    if not (address.is_loopback or remote):
        raise ConfigurationError(
            "the simulator shows its texts to whoever reaches it; "
            "listen at 127.0.0.1, or give it a token"
        )
    return str(address)


def url_of(host: str, port: int, *, secure: bool = False) -> str:
    """The URL of what listens there, without a slash at the end.

    What listens at every address is reached from this machine by the loopback's.
    """
    host = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104 - looked up, not bound
    scheme = "https" if secure else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def read_certificate(path: Path | None) -> ssl.SSLContext | None:
    """How to speak TLS with the certificate and the key in the PEM file ``path``; None for None.

    Raises `ConfigurationError` for a file without them.
    """
    if path is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(path)
    except OSError as error:  # ssl.SSLError among them
        wrong = error.strerror or type(error).__name__
    else:
        return context
    raise ConfigurationError(
        f"the file of --certificate wants a certificate and its key, in PEM ({wrong})"
    )
