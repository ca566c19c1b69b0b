"""Certificates of the hostile gateway, made once in a process, for ``localhost``."""

from __future__ import annotations

import datetime as dt
import functools
import ssl
import tempfile
import threading
from typing import IO, TYPE_CHECKING, Final

from sumotext_backend.testing.hostile.script import Certificate

if TYPE_CHECKING:
    import trustme

_ONE_AT_A_TIME: Final = threading.RLock()  # a cache alone would let two threads make two CAs


def server_context(certificate: Certificate) -> ssl.SSLContext:
    """The TLS context of a server that shows ``certificate``.

    Raises `ModuleNotFoundError` where trustme is not installed.
    """
    with _ONE_AT_A_TIME:
        return _context(certificate)


def authority_file() -> IO[bytes]:
    """A PEM file of the authority that signed all but `Certificate.UNTRUSTED`.

    It is gone once it is closed. Raises `ModuleNotFoundError` where trustme is not installed.
    """
    with _ONE_AT_A_TIME:
        pem = _authority().cert_pem.bytes()
    file = tempfile.NamedTemporaryFile(suffix=".pem")  # noqa: SIM115 - the caller closes it
    file.write(pem)
    file.flush()
    return file


@functools.cache
def _authority() -> trustme.CA:
    try:
        import trustme
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "HostileGateway(tls=True) makes its certificates with trustme: "
            "pip install 'sumotext-backend[testing]'",
            name="trustme",
        ) from None
    return trustme.CA()


@functools.cache
def _context(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.num_tickets = 0  # nothing unasked for stands between a handshake and a fault
    _issue(certificate).configure_cert(context)
    return context


def _issue(certificate: Certificate) -> trustme.LeafCert:
    authority = _authority()
    if certificate is Certificate.UNTRUSTED:
        return type(authority)().issue_cert("localhost", "127.0.0.1")
    if certificate is Certificate.OTHER_HOST:
        return authority.issue_cert("gateway.invalid")
    if certificate is Certificate.EXPIRED:
        past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        return authority.issue_cert("localhost", "127.0.0.1", not_after=past)
    return authority.issue_cert("localhost", "127.0.0.1")
