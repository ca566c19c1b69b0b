"""`MessageBirdBackend`: MessageBird's classic REST API.

Source: MessageBird's Python and Node clients and its OpenAPI description. Opted-out numbers are
accepted here, and told of later by a report.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import callback_url_option, check_word
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Outcome, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import messagebird_asking, messagebird_callbacks, rest
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.pulled import make_get
from sumotext_backend.providers.signatures import authenticate, keys_option

MAX_SEGMENTS: Final = 9

_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII | re.IGNORECASE)

REASONS: Final = rest.make_reasons(
    {
        Reason.UNAUTHORIZED: "2",
        Reason.NO_CREDIT: "25",
        Reason.SERVER_ERROR: "98 99",
    }
)

_PARAMETERS: Final = ("9", "10")
"""Codes of a parameter that is missing, and of one that is wrong."""
_FIELDS: Final = {
    "recipient": Reason.INVALID_RECIPIENT,
    "recipients": Reason.INVALID_RECIPIENT,
    "body": Reason.INVALID_MESSAGE,
    "originator": Reason.SENDER,
}


@attrs.frozen(kw_only=True)
class MessageBirdBackend(HttpBackend):
    """MessageBird, which takes and answers JSON."""

    name: ClassVar[str] = "messagebird"
    dsn: ClassVar[str] = "messagebird://{access_key}@{sender}"

    access_key: str = attrs.field(
        repr=False,
        validator=check_word,
        metadata={"help": "the account's access key", "secret": True},
    )
    sender: str = attrs.field(
        validator=check_word,
        metadata={"per_message": True, "help": "number, short code or name to send from"},
    )
    callback_url: str | None = callback_url_option(
        "where MessageBird reports what became of a text"
    )
    callback_keys: tuple[str, ...] = keys_option("the account's signing key")
    base_url: str = attrs.field(
        default="https://rest.messagebird.com", metadata={"help": "where the API answers"}
    )

    @property
    def _login(self) -> dict[str, str]:
        return {"Authorization": f"AccessKey {self.access_key}"}

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON; MessageBird finds out by itself whether the text is Unicode."""
        fields = {
            "originator": rest.choose_sender(message, self.name, self.sender),
            "recipients": [number.e164.removeprefix("+")],
            "body": message.text,
            "datacoding": "auto",
            "reference": message.reference,
            "reportUrl": rest.make_callback(self.callback_url, message),
        }
        made = rest.post_json("/messages", rest.drop_unset(fields), self._login)
        return rest.check_segments(message.text, MAX_SEGMENTS, "MessageBird") or made

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """``id`` under a 2xx, ``errors`` under a 4xx."""
        answer = parse_object(response.body)
        if answer is None:
            return rest.doubt("the response is not one whole JSON object")
        if answer.get("errors") is not None:
            return _read_errors(rest.list_objects(answer["errors"]))
        return rest.accept(answer.get("id"), _ID)

    def report_request(self, provider_id: str, number: Msisdn | None) -> Request:
        """The text's own record."""
        return make_get(f"/messages/{rest.escape(provider_id)}", self._login)

    def read_report(self, response: Response, provider_id: str) -> DeliveryReport | NoAnswer:
        """The status of the one recipient."""
        return messagebird_asking.read_report(response, provider_id, self.name)

    def read_callback(self, callback: Callback) -> list[Event]:
        """Reports as a query, texts from handsets as a form or JSON."""
        return collect(messagebird_callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """By the signature."""
        keys = self.callback_keys
        return authenticate(keys, lambda: messagebird_callbacks.is_signed(callback, keys, now))

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one."""
        return Reply()


def _read_errors(errors: list[dict[str, Any]]) -> Verdict:
    if not errors:
        return rest.doubt("no error code")
    order = (Outcome.REJECTED, Outcome.UNKNOWN, Outcome.FAILED)
    return rest.choose_gravest(map(_read_error, errors), *order)


def _read_error(error: dict[str, Any]) -> Verdict:
    code, parameter = rest.find_code(error.get("code")), error.get("parameter")
    if code in _PARAMETERS and isinstance(parameter, str) and parameter in _FIELDS:
        return rest.refuse_field(parameter, _FIELDS[parameter])
    return rest.refuse(code, REASONS)
