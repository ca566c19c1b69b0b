"""Answers of providers, read by the one that they are of and by others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sumotext_backend import Message, Outcome, Reason
from sumotext_backend.http import HttpBackend
from sumotext_backend.models import Verdict
from sumotext_backend.providers import Prepared, Request, Response, conclude, prepare

REFERENCE: Final = "5b0c9f2e-2f3a-4d0e-9a64-1f2f8c0f7d11"
MESSAGE: Final = Message("+15015551234", "hello", reference=REFERENCE)

Answer = tuple[int, str, Reason | None]
"""HTTP status, body, and what it means; None where it is accepted."""

FOREIGN: Final = {
    "twilio": (201, '{"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued"}'),
    "vonage": (200, '{"message-count": "1", "messages": [{"status": "0", "message-id": "0A0B"}]}'),
    "telnyx": (200, '{"data": {"id": "40385f64-5717-4562-b3fc-2c963f66afa6"}}'),
    "plivo": (202, '{"message_uuid": ["db3ce55a-7f1d-11e1-8ea7-1231380bc196"]}'),
    "bandwidth": (202, '{"id": "14762070468292kw2fuqty55yp2b2", "to": ["+15015551234"]}'),
    "infobip": (
        200,
        '{"messages": [{"status": {"groupId": 1, "id": 26}, "messageId": "2250be2d4219-3af1"}]}',
    ),
    "sinch": (201, '{"id": "01FC66621XXXXX119Z8PMV1QPQ", "type": "mt_text"}'),
    "messagebird": (201, '{"id": "e8077d803532c0b5937c639b60216938", "reference": null}'),
    "clicksend": (
        200,
        '{"data":{"messages":[{"status":"SUCCESS","message_id":"BF7AD270-0DE2-418B-B606-71D527D9C1AE"}]}}',
    ),
    "46elks": (200, '{"status": "created", "id": "s70df59406a1b4643b96f3f91e0bfb7b0"}'),
    "inbox": (201, '{"id": "6B29FC40-CA47-1067-B31D-00DD010662DA", "state": "SUBMITTED"}'),
    "kannel": (202, "0: Accepted for delivery"),
    "jasmin": (200, 'Success "07033084-5cfd-4812-90a4-e4d24ffb6e3d"'),
    "sumotext": (200, "5015551234:6B29FC40-CA47-1067-B31D-00DD010662DA\r\n"),
    "a page": (200, "<!DOCTYPE html><html><body>OK</body></html>"),
    "nothing": (200, ""),
    "null": (200, "null"),
    "a list": (200, "[]"),
    "an object": (200, "{}"),
}
"""Acceptances, each in one provider's words."""

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


def read(backend: HttpBackend, status: int, body: str, *, ended: bool = True) -> Verdict:
    """What ``backend`` makes of an answer to `MESSAGE`."""
    prepared = prepare(backend, MESSAGE)
    assert isinstance(prepared, Prepared)
    return conclude(prepared, Response(status=status, body=body.encode(), ended=ended))


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
    for name, (status, body) in FOREIGN.items():
        if name not in own:
            said = read(backend, status, body)
            assert outcome(said) is Outcome.UNKNOWN, f"{name} is {said.reason}"
            assert outcome(read(backend, 400, body)) is not Outcome.ACCEPTED
