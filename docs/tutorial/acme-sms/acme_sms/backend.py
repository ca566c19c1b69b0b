"""`AcmeBackend`: one text through Acme Texts."""

from __future__ import annotations

import json
from typing import ClassVar

import attrs

from sumotext_backend import Message, Reason, SendResult, Verdict
from sumotext_backend.backend import checked
from sumotext_backend.http import HttpBackend, judged

REFUSALS = {
    "opted_out": Reason.NOT_OPTED_IN,
    "no_such_number": Reason.INVALID_RECIPIENT,
    "bad_token": Reason.UNAUTHORIZED,
    "slow_down": Reason.THROTTLED,
}


@attrs.frozen(kw_only=True)
class AcmeBackend(HttpBackend):
    """Acme Texts, which takes one POST of JSON for each text."""

    name: ClassVar[str] = "acme"
    dsn: ClassVar[str] = "acme://{token}@{sender}"

    token: str = attrs.field(
        repr=False,
        validator=attrs.validators.matches_re(r"[!-~]+"),
        metadata={"help": "the account's token", "secret": True},
    )
    sender: str = attrs.field(metadata={"help": "the number to send from"})
    base_url: str = attrs.field(
        default="https://api.acme.example",
        metadata={"help": "where Acme answers"},
    )

    def send(self, message: Message) -> SendResult:
        """Send ``message`` by one request, once, and judge the answer."""
        number = checked(message)
        verdict = number if isinstance(number, Verdict) else self._sent(message, number.e164)
        return SendResult.of(self.name, message, verdict)

    def _sent(self, message: Message, to: str) -> Verdict:
        text = {"to": to, "from": message.sender or self.sender, "text": message.text}
        answer = self.exchange(
            "/v1/texts",
            body=json.dumps(text).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        return judged(answer, lambda got: read(got.body), trust_4xx=self.trust_4xx)


def read(body: bytes) -> Verdict:
    """What the body of an answer proves: ``{"id": "…"}`` or ``{"error": "…"}``, whole."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return Verdict(reason=Reason.BAD_ANSWER, detail="the answer is no JSON")
    match answer:
        case {"id": str(message_id)} if message_id:
            return Verdict(message_id=message_id)
        case {"error": str(error)} if error in REFUSALS:
            return Verdict(reason=REFUSALS[error], detail=f"Acme says {error}")
    return Verdict(reason=Reason.BAD_ANSWER, detail="neither an id nor an error that is documented")
