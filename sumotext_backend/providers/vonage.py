"""`VonageBackend`: Vonage's SMS API.

Source: Vonage's OpenAPI description of the SMS API (2021), its page on error codes and its Python
client. Every answer is HTTP 200; what became of each part is in ``messages``. Opted-out numbers
are accepted here, and told of later by a report.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import attrs

from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.events import Event
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import callback_url_option, check_word
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Outcome, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.options import one_of
from sumotext_backend.providers import rest, vonage_callbacks
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.signatures import authenticate, keys_option
from sumotext_backend.segments import segment

MAX_CALLBACK_CHARACTERS: Final = 100
"""Of the address for reports."""

_ACCEPTED: Final = "0"
_ID: Final = re.compile(rf"[0-9A-F]{{16,40}}|{rest.GUID.pattern}", re.ASCII | re.IGNORECASE)

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
"""Statuses. 3 says that a field is wrong, and not which; 7 that the number is barred."""


def _check_callback_length(_: object, field: attrs.Attribute[Any], value: str | None) -> None:
    if value is not None and len(value) > MAX_CALLBACK_CHARACTERS:
        raise ConfigurationError(
            f"option {field.name!r} has more than {MAX_CALLBACK_CHARACTERS} characters"
        )


@attrs.frozen(kw_only=True)
class VonageBackend(HttpBackend):
    """Vonage's SMS API, which takes a form and answers in JSON.

    The reference of a message goes into ``client-ref``, which reports bring back.
    """

    name: ClassVar[str] = "vonage"
    dsn: ClassVar[str] = "vonage://{api_key}:{api_secret}@{sender}"

    api_key: str = attrs.field(validator=check_word, metadata={"help": "the account's API key"})
    api_secret: str = attrs.field(
        repr=False,
        validator=check_word,
        metadata={"help": "the account's API secret", "secret": True},
    )
    sender: str = attrs.field(
        validator=check_word,
        metadata={"help": "number, short code or name to send from", "per_message": True},
    )
    callback_url: str | None = callback_url_option(
        "where Vonage reports what became of a text", _check_callback_length
    )
    callback_keys: tuple[str, ...] = keys_option("the account's signature secret")
    signature_method: vonage_callbacks.Method = attrs.field(
        default="sha256",
        validator=one_of,
        metadata={"help": "how the account signs the fields of its callbacks"},
    )
    base_url: str = attrs.field(
        default="https://rest.nexmo.com", metadata={"help": "where the API answers"}
    )

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of a form. Vonage writes numbers without their ``+``."""
        sender = rest.choose_sender(message, self.name, self.sender) or self.sender
        unicode = segment(message.text).encoding == "UCS-2"
        fields = {
            "from": sender.removeprefix("+"),
            "to": number.e164.removeprefix("+"),
            "text": message.text,
            "type": "unicode" if unicode else "text",
            "client-ref": message.reference,
            "callback": self.callback_url,
        }
        login = rest.make_basic_login(self.api_key, self.api_secret)
        return rest.post_form("/sms/json", fields, login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """The ``status`` of every part: all 0 is accepted, none is a refusal, else a doubt."""
        match parse_object(response.body):
            case {"messages": [_, *_] as parts, **more} if all(map(_is_part, parts)):
                count = more.get("message-count", len(parts))
                whole = str(count) == str(len(parts))
                return _judge_parts(parts) if whole else rest.doubt("some parts are not there")
        return rest.doubt("the response names no messages")

    def read_callback(self, callback: Callback) -> list[Event]:
        """Reports and texts from handsets, of either API, in whatever form."""
        return collect(vonage_callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """By the signature over the fields, or the token of the Messages API."""
        keys, method = self.callback_keys, self.signature_method
        return authenticate(keys, lambda: vonage_callbacks.is_signed(callback, keys, now, method))

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one."""
        return Reply()


def _is_part(part: object) -> bool:
    return isinstance(part, dict) and isinstance(part.get("status"), str)


def _judge_parts(parts: list[dict[str, Any]]) -> Verdict:
    statuses = [part["status"] for part in parts]
    if _ACCEPTED not in statuses:
        refusals = [rest.refuse(status, REASONS) for status in statuses]
        return rest.choose_gravest(refusals, Outcome.UNKNOWN, Outcome.REJECTED, Outcome.FAILED)
    if {*statuses} != {_ACCEPTED}:
        codes = " ".join(filter(None, map(rest.find_code, statuses)))
        return rest.doubt("some parts of the text were taken, and some were not", raw=codes)
    accepted = [rest.accept(part.get("message-id"), _ID) for part in parts]
    return next((each for each in accepted if each.reason), accepted[0])
