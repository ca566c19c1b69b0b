"""`AcmeBackend`: one text through Acme Texts."""

from __future__ import annotations

import json
from typing import ClassVar

import attrs

from sumotext_backend.providers import (
    HttpBackend,
    Message,
    Msisdn,
    Reason,
    Request,
    Response,
    Verdict,
    parse_object,
)

REFUSALS = {
    "opted_out": Reason.OPTED_OUT,
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

    def request(self, message: Message, number: Msisdn) -> Request:
        """One POST of JSON."""
        text = {
            "to": number.e164,
            "from": message.sender or self.sender,
            "text": message.text,
        }
        return Request(
            target="/v1/texts",
            method="POST",
            body=json.dumps(text).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """What a body says: ``{"id": "…"}`` or ``{"error": "…"}``, whole."""
        match parse_object(response.body):
            case {"id": str(message_id)} if message_id:
                return Verdict(message_id=message_id)
            case {"error": str(error)}:
                reason = REFUSALS.get(error, Reason.REFUSED)
                known = error if error in REFUSALS else "an error that is not documented"
                return Verdict(reason=reason, detail=f"Acme says {known}")
        return Verdict(reason=Reason.BAD_ANSWER, detail="neither an id nor an error of Acme's")
