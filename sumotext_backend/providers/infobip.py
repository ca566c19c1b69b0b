"""`InfobipBackend`: Infobip's SMS API, version 3.

Source: Infobip's Python client, its OpenAPI description and its list of error codes. A refusal of
a text comes under HTTP 200, in the text's ``status``; one of the request under a 4xx.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import attrs

from sumotext_backend.asking import NoAnswer, Question
from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import callback_url_option, check_word
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import infobip_asking, infobip_callbacks, rest
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.pulled import Said, make_get
from sumotext_backend.providers.signatures import authenticate, has_login, login_option

_ID: Final = re.compile(r"[0-9A-Za-z_.-]{8,200}", re.ASCII)

_TAKEN: Final = (1, 3)
"""Groups of a status: pending, delivered."""
_REJECTED: Final = 5

REASONS: Final = rest.make_reasons(
    {
        Reason.OPTED_OUT: "10 14",
        Reason.INVALID_RECIPIENT: "8 51 52",
        Reason.REFUSED: "20 87",
        Reason.NO_CREDIT: "12 17",
        Reason.SENDER: "11 13",
        Reason.UNSUPPORTED: "6 18 19 24 25",
        Reason.REFUSED_REQUEST: "21",
        # The id was used before: the text of then may be this one.
        Reason.BAD_ANSWER: "23",
    }
)
"""Ids of a status in the group 5."""

REQUEST_REASONS: Final = rest.make_reasons(
    {
        Reason.UNAUTHORIZED: "E401 E403 UNAUTHORIZED FORBIDDEN",
        Reason.THROTTLED: "E429 TOO_MANY_REQUESTS",
    }
)
"""``errorCode`` of a request that was refused, and ``messageId`` of the older form."""

_FIELDS: Final = {
    "to": Reason.INVALID_RECIPIENT,
    "text": Reason.INVALID_MESSAGE,
    "sender": Reason.SENDER,
}
"""What a request is refused for, the gravest first."""


@attrs.frozen(kw_only=True)
class InfobipBackend(HttpBackend):
    """Infobip, which takes and answers JSON. Each account has an address of its own."""

    name: ClassVar[str] = "infobip"
    dsn: ClassVar[str] = "infobip://{api_key}@{sender}"

    api_key: str = attrs.field(
        repr=False,
        validator=check_word,
        metadata={"help": "the account's API key", "secret": True},
    )
    sender: str = attrs.field(
        validator=check_word,
        metadata={"per_message": True, "help": "number, short code or name to send from"},
    )
    callback_url: str | None = callback_url_option("where Infobip reports what became of a text")
    callback_keys: tuple[str, ...] = login_option()
    base_url: str = attrs.field(
        metadata={"help": "the account's own address, https://….api.infobip.com"}
    )

    @property
    def _login(self) -> dict[str, str]:
        return {"Authorization": f"App {self.api_key}"}

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON; ``messageId`` is our reference, which Infobip takes once only."""
        destination = {"to": number.e164.removeprefix("+"), "messageId": message.reference}
        callback = rest.make_callback(self.callback_url, message)
        text = {
            "sender": rest.choose_sender(message, self.name, self.sender),
            "destinations": [rest.drop_unset(destination)],
            "content": {"text": message.text},
            "webhooks": {"delivery": {"url": callback}} if callback else None,
        }
        return rest.post_json("/sms/3/messages", {"messages": [rest.drop_unset(text)]}, self._login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """The one message's ``status``, or the error of the request."""
        answer = parse_object(response.body)
        if answer is None:
            return rest.doubt("the response is not one whole JSON object")
        if "messages" in answer:
            return _read_messages(rest.list_objects(answer["messages"]))
        return _read_error(answer)

    def report_request(self, provider_id: str, number: Msisdn | None) -> Request:
        """The text's log."""
        return make_get(infobip_asking.make_question(provider_id), self._login)

    def read_report(self, response: Response, provider_id: str) -> DeliveryReport | NoAnswer:
        """The status in the log."""
        return infobip_asking.read_report(response, provider_id, self.name)

    def ask_request(self, question: Question) -> Request | None:
        """The log of the reference, which is the id of the text."""
        return make_get(infobip_asking.make_question(question.reference), self._login)

    def read_ask(self, response: Response, question: Question) -> Said:
        """The log of that id."""
        return infobip_asking.read_log(response, question, self.name)

    def read_callback(self, callback: Callback) -> list[Event]:
        """Reports and texts from handsets, as lists in JSON."""
        return collect(infobip_callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """By the login that the subscription was given."""
        keys = self.callback_keys
        return authenticate(keys, lambda: has_login(callback, keys))

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one."""
        return Reply()


def _read_messages(messages: list[dict[str, Any]]) -> Verdict:
    status = messages[0].get("status") if len(messages) == 1 else None
    if not isinstance(status, dict):
        return rest.doubt("the response names no message with a status")
    group, code = status.get("groupId"), status.get("id")
    if group in _TAKEN and not isinstance(group, bool):
        return rest.accept(messages[0].get("messageId"), _ID)
    if group == _REJECTED:
        return rest.refuse(code, REASONS)
    return rest.doubt("the text's status is neither taken nor rejected", str(rest.find_code(code)))


def _read_error(answer: dict[str, Any]) -> Verdict:
    wrong = [str(each.get("property")) for each in rest.list_objects(answer.get("violations"))]
    names = [name.rpartition(".")[2] for name in wrong]
    for name, reason in _FIELDS.items():
        if name in names:
            return rest.refuse_field(name, reason)
    older = answer.get("requestError")
    fault = older.get("serviceException") if isinstance(older, dict) else None
    code = fault.get("messageId") if isinstance(fault, dict) else answer.get("errorCode")
    return rest.doubt("no error code") if code is None else rest.refuse(code, REQUEST_REASONS)
