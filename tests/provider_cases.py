"""Answers of providers, read by the one that they are of and by others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from our_providers import OTHERS, list_answers, list_providers

from sumotext_backend import Message, Outcome, Reason
from sumotext_backend.http import HttpBackend
from sumotext_backend.models import Verdict
from sumotext_backend.providers import Prepared, Request, Response, conclude, prepare

REFERENCE: Final = "5b0c9f2e-2f3a-4d0e-9a64-1f2f8c0f7d11"
MESSAGE: Final = Message("+15015551234", "hello", reference=REFERENCE)

Answer = tuple[int, str, Reason | None]
"""HTTP status, body, and what it means; None where it is accepted."""

NOTHING: Final = {
    "a page": (200, b"<!DOCTYPE html><html><body>OK</body></html>"),
    "nothing": (200, b""),
    "null": (200, b"null"),
    "a list": (200, b"[]"),
    "an object": (200, b"{}"),
}
"""What is nobody's acceptance."""

PAGES: Final[tuple[Answer, ...]] = (
    (401, "", Reason.UNAUTHORIZED),
    (403, "<html>no</html>", Reason.UNAUTHORIZED),
    (404, "<html>no</html>", Reason.REFUSED_REQUEST),
    (429, "", Reason.THROTTLED),
    (500, "<html>oops</html>", Reason.SERVER_ERROR),
    (503, "", Reason.SERVER_ERROR),
)
"""What a server in between says: the status alone has the word."""


def make_request(backend: HttpBackend, message: Message = MESSAGE) -> Request:
    """The request that ``backend`` makes."""
    prepared = prepare(backend, message)
    assert isinstance(prepared, Prepared)
    return prepared.request


def read(backend: HttpBackend, status: int, body: str | bytes, *, ended: bool = True) -> Verdict:
    """What ``backend`` makes of an answer to `MESSAGE`."""
    prepared = prepare(backend, MESSAGE)
    assert isinstance(prepared, Prepared)
    return conclude(
        prepared, Response(status, body.encode() if isinstance(body, str) else body, ended)
    )


def outcome(verdict: Verdict) -> Outcome:
    """How a send with that verdict ends."""
    return verdict.reason.outcome if verdict.reason else Outcome.ACCEPTED


def cut(body: str) -> Iterator[str]:
    """Every beginning of ``body`` but all of it."""
    return (body[:length] for length in range(len(body)))


def assert_read(backend: HttpBackend, answer: Answer) -> None:
    """Whole, the answer means what the table says; cut anywhere, that or a doubt."""
    status, body, reason = answer
    whole = read(backend, status, body)
    assert reason is whole.reason, f"{status} {body}: {whole.reason}, not {reason}"
    for half in cut(body) if status < 500 else ():
        said = read(backend, status, half, ended=False)
        same = said.reason is reason and said.message_id == whole.message_id
        assert same or outcome(said) is Outcome.UNKNOWN, f"{status} {half}: {said.reason}"


def assert_foreign(backend: HttpBackend, *own: str) -> None:
    """No acceptance of another provider is one here, under a 2xx or a 4xx."""
    others = {name: list_answers(name)[0] for name in {*list_providers(), *OTHERS} - {*own}}
    for name, (status, body) in {**others, **NOTHING}.items():
        said = read(backend, status, body)
        assert outcome(said) is Outcome.UNKNOWN, f"{name} is {said.reason}"
        assert outcome(read(backend, 400, body)) is not Outcome.ACCEPTED
