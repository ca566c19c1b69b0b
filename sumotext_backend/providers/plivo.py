"""`PlivoBackend`: Plivo's Message resource.

Source: Plivo's pages on the Messaging API and its Python client. A refusal is free text without
a code, so that the HTTP status has the word. Opted-out numbers are accepted here, and told of
later by a report.
"""

from __future__ import annotations

from typing import ClassVar, Final

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import callback_url_option, check_word
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import plivo_asking, plivo_callbacks, rest
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.pulled import make_get
from sumotext_backend.providers.signatures import authenticate, keys_option

MAX_CHARACTERS: Final = 1600
"""Of one text."""
MAX_SEGMENTS: Final = 11
"""737 units of UCS-2."""

_QUEUED: Final = "message(s) queued"

REASONS: Final = rest.make_reasons(
    {
        Reason.REFUSED: "400",
        Reason.UNAUTHORIZED: "401 403",
        Reason.REFUSED_REQUEST: "404 405",
        Reason.THROTTLED: "429",
    }
)
"""HTTP statuses of a refusal in Plivo's own form.

400 is for a wrong sender, a wrong number and a wrong text alike, so it may be about the person.
"""


@attrs.frozen(kw_only=True)
class PlivoBackend(HttpBackend):
    """Plivo, which takes and answers JSON."""

    name: ClassVar[str] = "plivo"
    dsn: ClassVar[str] = "plivo://{auth_id}:{auth_token}@{sender}"

    auth_id: str = attrs.field(validator=check_word, metadata={"help": "the account's auth ID"})
    auth_token: str = attrs.field(
        repr=False,
        validator=check_word,
        metadata={"help": "the account's auth token", "secret": True},
    )
    sender: str = attrs.field(
        validator=check_word,
        metadata={
            "help": "number in E.164, short code or name to send from",
            "per_message": True,
        },
    )
    callback_url: str | None = callback_url_option("where Plivo reports what became of a text")
    callback_keys: tuple[str, ...] = keys_option(
        "what callbacks are signed with beside auth_token: the main account's token"
    )
    base_url: str = attrs.field(
        default="https://api.plivo.com", metadata={"help": "where the API answers"}
    )

    @property
    def _messages(self) -> str:
        return f"/v1/Account/{rest.escape(self.auth_id)}/Message/"

    @property
    def _login(self) -> dict[str, str]:
        return rest.make_basic_login(self.auth_id, self.auth_token)

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON. Of a longer text Plivo's 400 would not say that it is too long."""
        too_long = rest.check_length(message.text, MAX_CHARACTERS, "Plivo")
        if too_long := too_long or rest.check_segments(message.text, MAX_SEGMENTS, "Plivo"):
            return too_long
        fields = {
            "src": rest.choose_sender(message, self.name, self.sender),
            "dst": number.e164,
            "text": message.text,
            "url": rest.make_callback(self.callback_url, message),
        }
        return rest.post_json(self._messages, fields, self._login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """One ``message_uuid`` and the word of success, or an ``error``."""
        match parse_object(response.body):
            case {"message_uuid": _, "error": _}:
                return rest.doubt("an id and an error", raw=str(response.status))
            case {"api_id": _, "error": _} if response.is_client_error:
                return rest.refuse(str(response.status), REASONS)
            case {"message": str(words), "message_uuid": [message_id]} if words == _QUEUED:
                return rest.accept(message_id, rest.GUID)
        return rest.doubt("the response is neither one queued text nor an error")

    def report_request(self, provider_id: str, number: Msisdn | None) -> Request:
        """The text's own record."""
        return make_get(f"{self._messages}{rest.escape(provider_id)}/", self._login)

    def read_report(self, response: Response, provider_id: str) -> DeliveryReport | NoAnswer:
        """The state of the record."""
        return plivo_asking.read_report(response, provider_id, self.name)

    def read_callback(self, callback: Callback) -> list[Event]:
        """Reports and texts from handsets, as forms."""
        return collect(plivo_callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """By the signature, which Plivo always sends."""
        keys = (self.auth_token, *self.callback_keys)
        return authenticate(keys, lambda: plivo_callbacks.is_signed(callback, keys))

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one."""
        return Reply()
