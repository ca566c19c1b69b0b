"""`VonageBackend`: Vonage's SMS API.

Source: Vonage's OpenAPI description of the SMS API (2021) and its page on error codes. Every
answer is HTTP 200; what became of each part is in ``messages``. Opted-out numbers are accepted
here, and told of later by a report.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import attrs

from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest
from sumotext_backend.segments import segment

_ID: Final = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_ACCEPTED: Final = "0"

REASONS: Final = rest.make_reasons(
    {
        Reason.REFUSED: "3 7",
        Reason.INVALID_RECIPIENT: "6 33",
        Reason.THROTTLED: "1 10",
        Reason.UNAUTHORIZED: "4 8 11 14 32",
        Reason.NO_CREDIT: "9",
        Reason.SENDER: "15",
        Reason.UNSUPPORTED: "12 29",
        Reason.REFUSED_REQUEST: "2 22 23",
        Reason.SERVER_ERROR: "5",
    }
)


@attrs.frozen(kw_only=True)
class VonageBackend(HttpBackend):
    """Vonage's SMS API, which takes a form and answers in JSON."""

    name: ClassVar[str] = "vonage"
    dsn: ClassVar[str] = "vonage://{api_key}:{api_secret}@{sender}"

    api_key: str = attrs.field(metadata={"help": "the account's API key"})
    api_secret: str = attrs.field(
        repr=False, metadata={"help": "the account's API secret", "secret": True}
    )
    sender: str = attrs.field(metadata={"help": "number, short code or name to send from"})
    callback_url: str | None = attrs.field(
        default=None, metadata={"help": "where Vonage reports what became of a text"}
    )
    base_url: str = attrs.field(
        default="https://rest.nexmo.com", metadata={"help": "where the API answers"}
    )

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of a form."""
        unicode = segment(message.text).encoding == "UCS-2"
        fields = {
            "from": (message.sender or self.sender).removeprefix("+"),
            "to": number.e164.removeprefix("+"),
            "text": message.text,
            "type": "unicode" if unicode else "text",
            "client-ref": message.reference,
            "callback": rest.make_callback(self.callback_url, message),
        }
        login = rest.make_basic_login(self.api_key, self.api_secret)
        return rest.post_form("/sms/json", rest.drop_unset(fields), login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """The ``status`` of every part: all 0 is accepted, none is a refusal, else a doubt."""
        answer = parse_object(response.body)
        parts = answer.get("messages") if answer else None
        if not isinstance(parts, list) or not parts or not all(isinstance(p, dict) for p in parts):
            return rest.doubt("the response names no messages")
        return _judge_parts(parts)


def _judge_parts(parts: list[dict[str, Any]]) -> Verdict:
    words = [str(part.get("status")) for part in parts]
    if all(word == _ACCEPTED for word in words):
        return rest.accept(parts[0].get("message-id"), _ID)
    if _ACCEPTED in words:
        return rest.doubt("some parts of the text were taken, and some were not", raw="mixed")
    return rest.refuse(words[0], REASONS)
