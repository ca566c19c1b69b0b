"""`ClickSendBackend`: ClickSend's REST API, version 3.

Source: ClickSend's pages and clients. A refusal comes under HTTP 200, as the ``status`` of the
one message; an id may stand beside it, and proves nothing.
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
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import clicksend_callbacks, rest
from sumotext_backend.providers.incoming import collect

MAX_CHARACTERS: Final = 1224

_ID: Final = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}", re.ASCII)
_SUCCESS: Final = "SUCCESS"

REASONS: Final = rest.make_reasons(
    {
        Reason.INVALID_RECIPIENT: "INVALID_RECIPIENT",
        Reason.INVALID_MESSAGE: "EMPTY_MESSAGE",
        # The same text went to the same person a moment ago: it must not go elsewhere either.
        Reason.REFUSED: "THROTTLED",
        Reason.NO_CREDIT: "INSUFFICIENT_CREDIT",
        Reason.UNAUTHORIZED: (
            "INVALID_CREDENTIALS MISSING_CREDENTIALS ACCOUNT_NOT_ACTIVATED UNAUTHORIZED FORBIDDEN"
        ),
        Reason.SENDER: "INVALID_SENDER_ID",
        Reason.UNSUPPORTED: "COUNTRY_NOT_ENABLED",
        Reason.THROTTLED: "TOO_MANY_REQUESTS",
        Reason.SERVER_ERROR: "INTERNAL_ERROR SOMETHING_IS_WRONG",
    }
)


@attrs.frozen(kw_only=True)
class ClickSendBackend(HttpBackend):
    """ClickSend, which takes and answers JSON. Its reports go where the account's rules say."""

    name: ClassVar[str] = "clicksend"
    dsn: ClassVar[str] = "clicksend://{username}:{api_key}@{sender}"

    username: str = attrs.field(validator=check_word, metadata={"help": "the account's user name"})
    api_key: str = attrs.field(
        repr=False,
        validator=check_word,
        metadata={"help": "the account's API key", "secret": True},
    )
    sender: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={
            "per_message": True,
            "help": "number, short code or name to send from (a shared number if unset)",
        },
    )
    base_url: str = attrs.field(
        default="https://rest.clicksend.com", metadata={"help": "where the API answers"}
    )

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON; ``custom_string`` is our reference, which comes back in reports."""
        text = {
            "to": number.e164,
            "from": rest.choose_sender(message, self.name, self.sender),
            "body": message.text,
            "custom_string": message.reference,
        }
        login = rest.make_basic_login(self.username, self.api_key)
        made = rest.post_json("/v3/sms/send", {"messages": [rest.drop_unset(text)]}, login)
        return rest.check_length(message.text, MAX_CHARACTERS, "ClickSend") or made

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """The one message's ``status``; without one the ``response_code`` of the request."""
        answer = parse_object(response.body)
        if answer is None:
            return rest.doubt("the response is not one whole JSON object")
        data = answer.get("data")
        messages = data.get("messages") if isinstance(data, dict) else None
        if messages is not None:
            return _read_messages(rest.list_objects(messages), response)
        if answer.get("response_code") in (None, _SUCCESS):
            return rest.doubt("the response names no message")
        return _read_word(answer["response_code"], response)

    def read_callback(self, callback: Callback) -> list[Event]:
        """Receipts and texts from handsets, as forms."""
        return collect(clicksend_callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """Never proven, as nothing is signed."""
        return Authenticity.UNPROVEN

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one."""
        return Reply()


def _read_messages(messages: list[dict[str, Any]], response: Response) -> Verdict:
    if len(messages) != 1:
        return rest.doubt("the response does not name one message")
    if messages[0].get("status") == _SUCCESS:
        return rest.accept(messages[0].get("message_id"), _ID)
    return _read_word(messages[0].get("status"), response)


def _read_word(word: object, response: Response) -> Verdict:
    """A refusal; where the word is in no table and the status is 2xx, it may not even be one."""
    said = rest.refuse(word, REASONS)
    if response.is_client_error or said.raw in REASONS:
        return said
    return rest.doubt("the text's status is in no table", said.raw)
