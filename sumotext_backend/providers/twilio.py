"""`TwilioBackend`: Twilio's Messages resource, and SignalWire's, which has the same form.

Source: Twilio's OpenAPI description of ``2010-04-01`` and its pages on error codes, and
SignalWire's page on the codes of its compatibility API.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final

import attrs

from sumotext_backend.asking import NoAnswer, Question
from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import callback_url_option, check_word
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest, twilio_asking, twilio_callbacks
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.pulled import Said, make_get
from sumotext_backend.providers.signatures import authenticate, keys_option

MAX_CHARACTERS: Final = 1600
"""Of one text."""

_SIGNALWIRE: Final = ".signalwire.com"
_TAKEN: Final = ("accepted", "scheduled", "queued", "sending", "sent", "delivered")
"""What Twilio calls the status of a text that it took."""

# SignalWire's ids are GUIDs.
_SID: Final = re.compile(
    rf"(?:SM|MM)(?!0{{32}})[0-9a-f]{{32}}|{rest.GUID.pattern}", re.ASCII | re.IGNORECASE
)

REASONS: Final = rest.make_reasons(
    {
        Reason.OPTED_OUT: "21610",
        Reason.INVALID_RECIPIENT: "21211 21217 21604 21614 21635",
        Reason.INVALID_MESSAGE: "21602",
        Reason.CONTENT: "21618",
        Reason.UNAUTHORIZED: "20003 20005 20006 20404 10001 90010",
        Reason.NO_CREDIT: "4001",
        Reason.THROTTLED: "20429 21611",
        Reason.SENDER: "21212 21603 21606 21659 21660 21661 21703 21704 21705",
        Reason.UNSUPPORTED: "21408 21608 21612 21617",
        Reason.SERVER_ERROR: "20500 20503",
    }
)
"""Error codes. 4001 is SignalWire's; 20404 says that the account in the address is not there."""


@attrs.frozen(kw_only=True)
class TwilioBackend(HttpBackend):
    """Twilio, which takes a form and answers in JSON.

    The login is the account's token, or an API key and its secret. Texts come from ``sender`` or
    from a messaging service; with both, from that number of the service. A message's own sender
    stands for both. For SignalWire set ``base_url``.
    """

    name: ClassVar[str] = "twilio"
    dsn: ClassVar[str] = "twilio://{account_sid}:{auth_token}@{sender}"

    account_sid: str = attrs.field(
        validator=check_word, metadata={"help": "the account's SID, AC…"}
    )
    auth_token: str | None = attrs.field(
        default=None,
        repr=False,
        validator=check_word,
        metadata={"help": "the account's token", "secret": True},
    )
    api_key: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={"help": "SID of an API key, SK…, instead of the token"},
    )
    api_secret: str | None = attrs.field(
        default=None,
        repr=False,
        validator=check_word,
        metadata={"help": "the API key's secret", "secret": True},
    )
    sender: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={
            "help": "number in E.164, short code or name to send from",
            "per_message": True,
        },
    )
    messaging_service_sid: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={"help": "a messaging service to send from, MG…", "per_message": True},
    )
    callback_url: str | None = callback_url_option("where Twilio reports what became of a text")
    callback_keys: tuple[str, ...] = keys_option(
        "what callbacks are signed with beside auth_token: a shared key, or SignalWire's key"
    )
    base_url: str = attrs.field(
        default="https://api.twilio.com", metadata={"help": "where the API answers"}
    )

    def __attrs_post_init__(self) -> None:
        """Refuse what no request could be made of."""
        super().__attrs_post_init__()
        if bool(self.api_key) != bool(self.api_secret):
            raise ConfigurationError("options 'api_key' and 'api_secret' go together")
        if bool(self.auth_token) == bool(self.api_key):
            raise ConfigurationError(
                "a login is wanted: option 'auth_token', or 'api_key' and 'api_secret'"
            )
        if not (self.sender or self.messaging_service_sid):
            raise ConfigurationError("option 'sender' or 'messaging_service_sid' is missing")

    @property
    def _messages(self) -> str:
        return f"/2010-04-01/Accounts/{rest.escape(self.account_sid)}/Messages"

    @property
    def _login(self) -> dict[str, str]:
        return rest.make_basic_login(
            self.api_key or self.account_sid, self.api_secret or self.auth_token or ""
        )

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of a form."""
        if too_long := rest.check_length(message.text, MAX_CHARACTERS, "Twilio"):
            return too_long
        sender = rest.choose_sender(message, self.name, self.sender)
        fields = {
            "To": number.e164,
            "From": sender,
            "MessagingServiceSid": self.messaging_service_sid if sender == self.sender else None,
            "Body": message.text,
            "StatusCallback": rest.make_callback(self.callback_url, message),
        }
        return rest.post_form(f"{self._messages}.json", fields, self._login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """A ``sid`` and the status of a text that was taken, or a ``code`` and its message."""
        match parse_object(response.body):
            case {"sid": _, "code": code}:
                return rest.doubt("an id and an error", rest.find_code(code) or "code")
            case {"code": int() | str() as code, "message": str()} if str(code).isdigit():
                return rest.refuse(code, REASONS)
            case {"sid": sid, "status": str(status), **more} if status in _TAKEN:
                if more.get("error_code") is None:
                    return rest.accept(sid, _SID)
            case {"sid": _, "status": "failed", "error_code": int() | str() as code}:
                return rest.refuse(code, REASONS)
        return rest.doubt("the response is neither a text that was taken nor an error")

    def report_request(self, provider_id: str, number: Msisdn | None) -> Request:
        """The text's own record."""
        return make_get(f"{self._messages}/{rest.escape(provider_id)}.json", self._login)

    def read_report(self, response: Response, provider_id: str) -> DeliveryReport | NoAnswer:
        """The status of the record."""
        return twilio_asking.read_report(response, provider_id, self.name)

    def ask_request(self, question: Question) -> Request | None:
        """A list of texts to the number, where the words are known to compare them with."""
        target = twilio_asking.make_question(f"{self._messages}.json", question)
        return make_get(target, self._login) if target else None

    def read_ask(self, response: Response, question: Question) -> Said:
        """The one text of these words and that time."""
        return twilio_asking.read_list(response, question, self.name)

    def read_callback(self, callback: Callback) -> list[Event]:
        """Reports and texts from handsets, as forms."""
        return collect(twilio_callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """By the signature, which Twilio always sends, and SignalWire with a key of its own."""
        own = () if _SIGNALWIRE in self.base_url else filter(None, [self.auth_token])
        keys = (*own, *self.callback_keys)
        return authenticate(keys, lambda: twilio_callbacks.is_signed(callback, keys))

    def reply_to(self, callback: Callback) -> Reply:
        """Instructions without any."""
        return twilio_callbacks.REPLY
