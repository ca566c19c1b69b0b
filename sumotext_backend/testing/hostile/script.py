"""What a fault is made of: data only; `connection.perform` commits it."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable
from typing import Final, Literal, Self

import attrs

from sumotext_backend.testing.hostile.request import Request

HTML: Final = b"Content-Type: text/html; charset=utf-8"
PAGE: Final = b"<!DOCTYPE html>\r\n<html><body>\r\n</body></html>\r\n"
"""A page of HTML, which is in no provider's language."""


@attrs.frozen
class Send:
    """Write ``data``, its marks filled in (see `request.fill`)."""

    data: bytes


@attrs.frozen
class Reply:
    """Write an HTTP answer, head and body at once, the marks of all its parts filled in.

    ``Content-Length`` is that of the body and ``missing`` more, which do not come; with
    ``missing=None`` it is left out. ``encode`` changes the body after the marks are filled in.
    """

    body: bytes
    status: str = "200 OK"
    headers: tuple[bytes, ...] = ()
    missing: int | None = 0
    encode: Callable[[bytes], bytes] | None = None

    @classmethod
    def json(cls, value: object, status: str = "200 OK", *headers: bytes) -> Self:
        """An answer of JSON: ``Reply.json({"id": "{message_id}"}, "201 Created")``."""
        kind = b"Content-Type: application/json"
        return cls(json.dumps(value).encode(), status, (kind, *headers))


@attrs.frozen
class Choose:
    """Write the `Reply` that ``reply`` makes of the request."""

    reply: Callable[[Request], Reply]


@attrs.frozen
class Repeat:
    """Write ``data`` ``times`` times, as fast as it is taken."""

    data: bytes
    times: int


@attrs.frozen
class Pace:
    """Write ``data`` every ``seconds``, for ever."""

    data: bytes
    seconds: float


@attrs.frozen
class Await:
    """Wait until the client writes, ``seconds`` at most, and read nothing."""

    seconds: float


@attrs.frozen
class Raw:
    """Play these bytes, untouched, as the answer to a request; for fuzzing and sweeps.

    ``data`` may be a function from the `Request` to the bytes. ``end`` is what follows:
    ``"close"`` (FIN), ``"rst"``, ``"keep"`` (wait for the next request) or ``"hang"`` (silence).
    """

    data: bytes | Callable[[Request], bytes] = attrs.field(repr=False)
    end: Literal["close", "rst", "keep", "hang"] = attrs.field(
        default="close", validator=attrs.validators.in_(("close", "rst", "keep", "hang"))
    )


class End(enum.Enum):
    """How a connection ends. Steps without an end leave it open for the next request."""

    CLOSE = "close"
    """FIN, after a TLS close notification, in one packet with what was written before."""
    RST = "rst"
    """Reset."""
    HANG = "hang"
    """Silence, until the client or the gateway closes."""


Step = Send | Reply | Choose | Repeat | Pace | Await | Raw | End


class Stage(enum.Enum):
    """When a fault is committed."""

    PORT = "port"
    """No connection comes about, until the script is changed."""
    HELLO = "hello"
    """In a TLS handshake, in the place of the server's first words."""
    CERTIFICATE = "certificate"
    """In a TLS handshake, by the certificate shown."""
    OPEN = "open"
    """On a connection that is up, TLS included, before a request is read."""
    AGAIN = "again"
    """As a further request begins on a connection that served one; the first is answered."""
    REQUEST = "request"
    """After the request is read."""


NEW_ONLY: Final = frozenset({Stage.PORT, Stage.HELLO, Stage.CERTIFICATE})
"""What only a new connection can meet, so that idle ones are closed first."""


class PortState(enum.Enum):
    """What a TCP port does with a new connection."""

    OPEN = "open"
    CLOSED = "closed"
    FULL = "full"
    """A SYN is dropped, since the queue of accepted connections is full."""


class Certificate(enum.Enum):
    """Which certificate a TLS server shows."""

    GOOD = "good"
    UNTRUSTED = "untrusted"
    OTHER_HOST = "other host"
    EXPIRED = "expired"


def _get_row(fault: Fault) -> str:
    return fault.name.partition("-")[0]


@attrs.frozen
class Fault:
    """One thing that can go wrong, or right.

    ``name`` is a row's id and, where the row has variants, a suffix; ``phase`` how far an exchange
    gets (tcp, tls, proxy, wire, head, status, body, ok, code); ``does`` one sentence.
    ``steps`` are taken at ``stage``; with none the gateway accepts. A fault that is ``tls_only``
    needs a gateway that speaks TLS.
    """

    name: str
    phase: str
    does: str
    steps: tuple[Step, ...] = attrs.field(default=(), repr=False)
    stage: Stage = Stage.REQUEST
    port: PortState = PortState.OPEN
    certificate: Certificate = Certificate.GOOD
    row: str = attrs.field(init=False, default=attrs.Factory(_get_row, takes_self=True))

    @property
    def tls_only(self) -> bool:
        """Whether the fault is one of a TLS handshake."""
        return self.stage in (Stage.HELLO, Stage.CERTIFICATE)
