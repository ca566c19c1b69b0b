"""`TelnyxBackend`: Telnyx's Messages API, version 2.

Source: Telnyx's machine-readable list of API errors, its page on messaging error codes and its
Python client.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import callback_url_option, check_word
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Outcome, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest, telnyx_asking, telnyx_callbacks
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.pulled import make_get
from sumotext_backend.providers.signatures import authenticate, keys_option, require_cryptography

_MESSAGES: Final = "/v2/messages"
_TAKEN: Final = ("queued", "sending", "sent", "delivered", "delivery_unconfirmed")
"""What Telnyx calls the status of a text that it took."""

REASONS: Final = rest.make_reasons(
    {
        Reason.INVALID_RECIPIENT: "40310 40012 40001 10002 10016",
        Reason.INVALID_MESSAGE: "40316",
        Reason.CONTENT: "40322 40009 40015",
        Reason.UNAUTHORIZED: (
            "10009 10010 20002 20006 20012 20013 20014 20015 20016 20017 40311 40312 40313 40314"
        ),
        Reason.NO_CREDIT: "20100",
        Reason.THROTTLED: "10011 40011 40318",
        Reason.SENDER: "40305 40306 40013 40010 40100 40309 40315 40320 40321 40329",
        Reason.UNSUPPORTED: "40302 40328",
        Reason.REFUSED_REQUEST: "10004 10015",
        Reason.SERVER_ERROR: "10007 10008",
    }
)

# 40300 was also seen for a fault of the sender; its title tells which of the two it is.
_BLOCKED: Final = "40300"
_STOPPED: Final = re.compile(r"\bSTOP\b")


@attrs.frozen(kw_only=True)
class TelnyxBackend(HttpBackend):
    """Telnyx, which takes and answers JSON.

    Texts come from ``sender``, or from the numbers of a messaging profile; with both, from that
    number of the profile.
    """

    name: ClassVar[str] = "telnyx"
    dsn: ClassVar[str] = "telnyx://{api_key}@{sender}"

    api_key: str = attrs.field(
        repr=False,
        validator=check_word,
        metadata={"help": "the account's API key, KEY…", "secret": True},
    )
    sender: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={
            "help": "number in E.164, short code or name to send from",
            "per_message": True,
        },
    )
    messaging_profile_id: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={"help": "a messaging profile to send from", "per_message": True},
    )
    callback_url: str | None = callback_url_option("where Telnyx reports what became of a text")
    callback_keys: tuple[str, ...] = keys_option(
        "the account's public key, in base64", validator=telnyx_callbacks.check_public_keys
    )
    base_url: str = attrs.field(
        default="https://api.telnyx.com", metadata={"help": "where the API answers"}
    )

    def __attrs_post_init__(self) -> None:
        """Refuse what no request could be made of."""
        super().__attrs_post_init__()
        if not (self.sender or self.messaging_profile_id):
            raise ConfigurationError("option 'sender' or 'messaging_profile_id' is missing")
        if self.callback_keys:
            require_cryptography("callback_keys")

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON."""
        fields = {
            "from": rest.choose_sender(message, self.name, self.sender),
            "to": number.e164,
            "text": message.text,
            "messaging_profile_id": self.messaging_profile_id,
            "webhook_url": rest.make_callback(self.callback_url, message),
        }
        return rest.post_json(_MESSAGES, fields, rest.make_bearer_login(self.api_key))

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """``data`` with an id and the status of a text that was taken, or ``errors``."""
        match parse_object(response.body):
            case {"data": {"id": _}, "errors": [_, *_]}:
                return rest.doubt("a text and errors", raw="errors")
            case {"data": {"errors": [_, *_] as errors}} | {"errors": [_, *_] as errors}:
                return _read_errors(errors)
            case {"data": {"id": message_id, "to": [{"status": str(status)}]}}:
                if status in _TAKEN:
                    return rest.accept(message_id, rest.GUID)
        return rest.doubt("the response is neither a text that was taken nor errors")

    def report_request(self, provider_id: str, number: Msisdn | None) -> Request:
        """The text's own record."""
        login = rest.make_bearer_login(self.api_key)
        return make_get(f"{_MESSAGES}/{rest.escape(provider_id)}", login)

    def read_report(self, response: Response, provider_id: str) -> DeliveryReport | NoAnswer:
        """The status of the record."""
        return telnyx_asking.read_report(response, provider_id, self.name)

    def read_callback(self, callback: Callback) -> list[Event]:
        """Reports and texts from handsets, as JSON."""
        return collect(telnyx_callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """By the signature; needs the extra ``callbacks``."""
        keys = self.callback_keys
        return authenticate(keys, lambda: telnyx_callbacks.is_signed(callback, keys, now))

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one."""
        return Reply()


def _read_errors(errors: list[Any]) -> Verdict:
    """The gravest of ``errors``: one that is about the person or the text, if there is one."""
    order = Outcome.REJECTED, Outcome.UNKNOWN, Outcome.FAILED
    return rest.choose_gravest(map(_read_error, errors), *order)


def _read_error(error: object) -> Verdict:
    match error:
        case {"code": "40300" | 40300, "title": str(title)} if _STOPPED.search(title):
            return rest.refuse(_BLOCKED, {_BLOCKED: Reason.OPTED_OUT}, "the person said STOP")
        case {"code": int() | str() as code, "title": str()}:
            return rest.refuse(code, REASONS)
    return rest.doubt("an error without code and title")
