"""`TwilioBackend`: Twilio's Messages resource, and SignalWire's, which has the same form.

Source: Twilio's OpenAPI description of ``2010-04-01`` and its pages on error codes.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final

import attrs

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest

MAX_UNITS: Final = 1600
"""Characters of a text at most."""

# SignalWire's ids are GUIDs.
_SID: Final = re.compile(
    r"(?:SM|MM)[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE
)

REASONS: Final = rest.make_reasons(
    {
        Reason.OPTED_OUT: "21610",
        Reason.INVALID_RECIPIENT: "21211 21604 21614 21635",
        Reason.INVALID_MESSAGE: "21602",
        Reason.CONTENT: "21618",
        Reason.UNAUTHORIZED: "20003 20005 20006 10001 90010",
        Reason.THROTTLED: "20429 21611",
        Reason.SENDER: "21212 21603 21606 21659 21660 21661 21703 21704 21705",
        Reason.UNSUPPORTED: "21408 21608 21612 21617",
        Reason.SERVER_ERROR: "20500 20503",
    }
)


@attrs.frozen(kw_only=True)
class TwilioBackend(HttpBackend):
    """Twilio, which takes a form and answers in JSON.

    The login is the account's token, or an API key and its secret. Texts come from ``sender`` or
    from a messaging service. For SignalWire set ``base_url``.
    """

    name: ClassVar[str] = "twilio"
    dsn: ClassVar[str] = "twilio://{account_sid}:{auth_token}@{sender}"

    account_sid: str = attrs.field(metadata={"help": "the account's SID, AC…"})
    auth_token: str | None = attrs.field(
        default=None, repr=False, metadata={"help": "the account's token", "secret": True}
    )
    api_key: str | None = attrs.field(
        default=None, metadata={"help": "SID of an API key, instead of the token"}
    )
    api_secret: str | None = attrs.field(
        default=None, repr=False, metadata={"help": "the API key's secret", "secret": True}
    )
    sender: str | None = attrs.field(
        default=None,
        metadata={"help": "number in E.164, short code or name to send from"},
    )
    messaging_service_sid: str | None = attrs.field(
        default=None, metadata={"help": "a messaging service to send from, MG…"}
    )
    callback_url: str | None = attrs.field(
        default=None, metadata={"help": "where Twilio reports what became of a text"}
    )
    base_url: str = attrs.field(
        default="https://api.twilio.com", metadata={"help": "where the API answers"}
    )

    def __attrs_post_init__(self) -> None:
        """Refuse what no request could be made of."""
        super().__attrs_post_init__()
        if not (self.auth_token or (self.api_key and self.api_secret)):
            raise ConfigurationError(
                "option 'auth_token' is missing, or 'api_key' and 'api_secret'"
            )
        if not (self.sender or self.messaging_service_sid):
            raise ConfigurationError("option 'sender' or 'messaging_service_sid' is missing")

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of a form."""
        if len(message.text) > MAX_UNITS:
            detail = f"the text has {len(message.text)} characters, Twilio takes {MAX_UNITS}"
            return Verdict(reason=Reason.UNSUPPORTED, detail=detail)
        sender = message.sender or self.sender
        fields = {
            "To": number.e164,
            "From": sender,
            "MessagingServiceSid": None if message.sender else self.messaging_service_sid,
            "Body": message.text,
            "StatusCallback": rest.make_callback(self.callback_url, message),
        }
        target = f"/2010-04-01/Accounts/{rest.escape(self.account_sid)}/Messages.json"
        return rest.post_form(target, rest.drop_unset(fields), self._login())

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """A ``sid`` under a 2xx; a ``code`` under a 4xx."""
        answer = parse_object(response.body)
        if answer is None:
            return rest.doubt("the response is not one whole JSON object")
        if response.is_client_error:
            ours = "code" in answer and "message" in answer
            return rest.refuse(answer["code"], REASONS) if ours else rest.doubt("no error code")
        if answer.get("error_code") is not None:
            return rest.refuse(answer["error_code"], REASONS)
        return rest.accept(answer.get("sid"), _SID)

    def _login(self) -> dict[str, str]:
        if self.api_key and self.api_secret:
            return rest.make_basic_login(self.api_key, self.api_secret)
        return rest.make_basic_login(self.account_sid, self.auth_token or "")
