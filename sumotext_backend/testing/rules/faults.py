"""The faults that `HttpBackendContract` plays: those with one right answer for any provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import attrs

from sumotext_backend.models import Outcome
from sumotext_backend.testing.hostile.faults import of_row
from sumotext_backend.testing.hostile.request import Request
from sumotext_backend.testing.hostile.script import End, Fault, Reply

_FAILED: Final = ("N08", "N09", "R05", "R06", "R07")
_WIRE: Final = ("U01", "U02", "U04", "U05", "U06", "U09", "U10", "U11", "U13", "U14")
_STATUS: Final = ("U17", "U18", "U19", "U21", "U22")
_NO_BODY: Final = ("U24", "U25", "U31")
_HANDSHAKE: Final = ("N11", "N12", "N13", "N14", "N15", "N16")


def _variants(*rows: str) -> tuple[str, ...]:
    return tuple(fault.name for row in rows for fault in of_row(row))


# Of the rows about a first line, those that no provider's answer looks like.
OF_ALL: Final = (*_variants(*_FAILED, *_WIRE, *_STATUS, *_NO_BODY), "U27-empty", "U29", "U30")
"""Faults over plain HTTP."""
OF_TLS: Final = (*_variants(*_HANDSHAKE), "U01", "U05", "U06", "U17-302", "U21-500", "R05-404")
"""Faults over TLS: those of the handshake, and one of each later phase."""
OF_REUSE: Final = ("U01", "U02", "U04", "U05", "U10", "U17-307", "U21-502", "U22")
"""Faults upon a connection that has served before."""
LEAK_PRONE: Final = (
    *("N08", "U05", "U06", "U11", "U18", "U21-500", "U24"),
    *("R05-404", "R06-401", "R06-403", "R07"),
)
"""Faults upon which careless code shows the request, or the key that was refused."""
QUOTING: Final = ("200 OK", "400 Bad Request", "401 Unauthorized", "500 Internal Server Error")
"""Statuses of answers that repeat the request."""

_CLIENT_ERRORS: Final = ("400 Bad Request", "403 Forbidden", "422 Unprocessable Content")
_CUTS: Final = 16
_HELD_BACK: Final = 64
"""Bytes that are announced and do not come."""
_MESSAGE_KEYS: Final = ("message", "error", "errors", "detail", "description", "title", "reason")


def right(fault: str) -> Outcome:
    """The one right outcome of a fault of `OF_ALL`, `OF_TLS` or `OF_REUSE`."""
    return Outcome.FAILED if fault.startswith(("N", "R")) else Outcome.UNKNOWN


def vary_status(reply: Reply) -> tuple[Reply, ...]:
    """``reply`` as it is, and under an HTTP 4xx: what a provider says does not change by it."""
    return (reply, *(attrs.evolve(reply, status=status) for status in _CLIENT_ERRORS))


def cut(reply: Reply) -> Iterator[Fault]:
    """``reply``, its body empty and cut at 15 places, with a length that says so and with none."""
    for part in range(_CUTS):
        for missing in (_HELD_BACK, None):
            half = attrs.evolve(reply, encode=_Half(reply, part), missing=missing)
            yield Fault(f"cut-{part}", "body", "Closes within its answer.", (half, End.CLOSE))


def quote_in_text(status: str) -> Callable[[Request], Reply]:
    """What answers with the request, as it came."""
    return lambda request: Reply(request.head + request.body, status)


def quote_in_json(status: str) -> Callable[[Request], Reply]:
    """What answers with the values of the request, under each name that errors have words under."""
    return lambda request: Reply.json(
        dict.fromkeys(_MESSAGE_KEYS, " ".join((*request.values, *request.headers.values()))), status
    )


@attrs.frozen
class _Half:
    """The body of a reply, cut after some sixteenths of it; the last lacks one byte."""

    reply: Reply
    part: int

    def __call__(self, body: bytes) -> bytes:
        whole = self.reply.encode(body) if self.reply.encode else body
        last = self.part == _CUTS - 1
        return whole[:-1] if last else whole[: len(whole) * self.part // _CUTS]
