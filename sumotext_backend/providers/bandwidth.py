"""`BandwidthBackend`: Bandwidth's Messaging API, version 2.

Source: Bandwidth's OpenAPI description and its page on errors. Everything but the form of a
request, an opt-out too, is told later by a report.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import attrs

from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.events import Event
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import check_word
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Outcome, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import bandwidth_callbacks, rest
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.signatures import authenticate, has_login, login_option

MAX_CHARACTERS: Final = 2048
"""Of one text."""

_ID: Final = re.compile(rf"[0-9a-z]{{20,40}}|{rest.GUID.pattern}", re.ASCII | re.IGNORECASE)

REASONS: Final = rest.make_reasons(
    {
        Reason.INVALID_RECIPIENT: "to",
        Reason.INVALID_MESSAGE: "text",
        Reason.SENDER: "from",
        Reason.UNAUTHORIZED: "applicationId unauthorized forbidden",
        Reason.THROTTLED: "max-message-queue-size-exceeded",
        Reason.REFUSED_REQUEST: "unsupported-content-type",
    }
)
"""The fields that were found wrong, and the types of errors about none of them."""


@attrs.frozen(kw_only=True)
class BandwidthBackend(HttpBackend):
    """Bandwidth, which takes and answers JSON. Its reports go where the application says.

    The reference of a message goes into ``tag``, which reports bring back.
    """

    name: ClassVar[str] = "bandwidth"
    dsn: ClassVar[str] = "bandwidth://{username}:{password}@{account_id}/{application_id}/{sender}"

    account_id: str = attrs.field(validator=check_word, metadata={"help": "the account's number"})
    username: str = attrs.field(validator=check_word, metadata={"help": "user of the API"})
    password: str = attrs.field(
        repr=False, validator=check_word, metadata={"help": "its password", "secret": True}
    )
    application_id: str = attrs.field(
        validator=check_word, metadata={"help": "the messaging application"}
    )
    sender: str = attrs.field(
        validator=check_word,
        metadata={
            "help": "number in E.164, short code or name to send from",
            "per_message": True,
        },
    )
    callback_keys: tuple[str, ...] = login_option()
    base_url: str = attrs.field(
        default="https://messaging.bandwidth.com", metadata={"help": "where the API answers"}
    )

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON."""
        if too_long := rest.check_length(message.text, MAX_CHARACTERS, "Bandwidth"):
            return too_long
        fields = {
            "applicationId": self.application_id,
            "to": [number.e164],
            "from": rest.choose_sender(message, self.name, self.sender),
            "text": message.text,
            "tag": message.reference,
        }
        target = f"/api/v2/users/{rest.escape(self.account_id)}/messages"
        login = rest.make_basic_login(self.username, self.password)
        return rest.post_json(target, fields, login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """The ``id`` of a text on its way out; or the ``type`` of an error, and wrong fields."""
        match parse_object(response.body):
            case {"id": _, "type": kind, "description": _}:
                return rest.doubt("an id and an error", rest.find_code(kind) or "type")
            case {"type": str(kind), "description": str(), "fieldErrors": [_, *_] as wrong}:
                return _read_fields(kind, wrong)
            case {"type": str(kind), "description": str()}:
                return rest.refuse(kind, REASONS)
            case {"id": message_id, "direction": "out"}:
                return rest.accept(message_id, _ID)
        return rest.doubt("the response is neither a text on its way nor an error")

    def read_callback(self, callback: Callback) -> list[Event]:
        """Reports and texts from handsets, as lists in JSON."""
        return collect(bandwidth_callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """By the login that the application's callbacks were given."""
        keys = self.callback_keys
        return authenticate(keys, lambda: has_login(callback, keys))

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one."""
        return Reply()


def _read_fields(kind: str, wrong: list[Any]) -> Verdict:
    """The gravest of what is ``wrong``; a field that nobody here knows may be about the person."""
    names = [_find_name(each) for each in wrong]
    verdicts = [rest.refuse(name if name in REASONS else kind, REASONS) for name in names]
    return rest.choose_gravest(verdicts, Outcome.REJECTED, Outcome.FAILED)


def _find_name(error: object) -> str:
    """The field of ``error``: ``to`` where it says ``to[0]``."""
    match error:
        case {"fieldName": str(name)}:
            return re.split(r"[.\[]", name, maxsplit=1)[0]
    return ""
