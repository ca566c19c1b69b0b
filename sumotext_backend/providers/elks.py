"""`ElksBackend`: 46elks' SMS API.

Source: 46elks' documentation. A refusal is an HTTP status with a line of text or
``{"error": "…"}``, without a code; opted-out numbers are not told of.
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
from sumotext_backend.providers import elks_asking, elks_callbacks, rest
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.pulled import Said, make_get
from sumotext_backend.providers.signatures import authenticate, has_login, login_option

_TEXTS: Final = "/a1/sms"
_ID: Final = re.compile(r"s[0-9a-f]{32}", re.ASCII | re.IGNORECASE)
_NO_CREDIT: Final = re.compile(r"not enough credits?\.?", re.ASCII | re.IGNORECASE)
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_TAKEN: Final = (None, "created", "sent", "delivered")


@attrs.frozen(kw_only=True)
class ElksBackend(HttpBackend):
    """46elks, which takes a form and answers in JSON."""

    name: ClassVar[str] = "46elks"
    dsn: ClassVar[str] = "46elks://{username}:{password}@{sender}"

    username: str = attrs.field(validator=check_word, metadata={"help": "the API's user name"})
    password: str = attrs.field(
        repr=False,
        validator=check_word,
        metadata={"help": "the API's password", "secret": True},
    )
    sender: str = attrs.field(
        validator=check_word,
        metadata={
            "per_message": True,
            "help": "number in E.164, or a name of up to 11 letters and digits",
        },
    )
    callback_url: str | None = callback_url_option("where 46elks reports what became of a text")
    callback_keys: tuple[str, ...] = login_option()
    base_url: str = attrs.field(
        default="https://api.46elks.com", metadata={"help": "where the API answers"}
    )

    @property
    def _login(self) -> dict[str, str]:
        return rest.make_basic_login(self.username, self.password)

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of a form."""
        fields = {
            "from": rest.choose_sender(message, self.name, self.sender),
            "to": number.e164,
            "message": message.text,
            "whendelivered": rest.make_callback(self.callback_url, message),
        }
        return rest.post_form(_TEXTS, rest.drop_unset(fields), self._login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """``id`` under a 2xx; under a 4xx that there are words, but not what they mean."""
        answer = parse_object(response.body)
        if response.is_client_error and not (answer and "id" in answer):
            return _read_error(response, answer)
        if answer is None or answer.get("status") not in _TAKEN:
            return rest.doubt("the response is not one whole JSON object of a text that was taken")
        return rest.accept(answer.get("id"), _ID)

    def report_request(self, provider_id: str, number: Msisdn | None) -> Request:
        """The text's own record."""
        return make_get(f"{_TEXTS}/{rest.escape(provider_id)}", self._login)

    def read_report(self, response: Response, provider_id: str) -> DeliveryReport | NoAnswer:
        """The status of the record."""
        return elks_asking.read_report(response, provider_id, self.name)

    def ask_request(self, question: Question) -> Request | None:
        """A list of texts to the number, where the words are known to compare them with."""
        target = elks_asking.make_question(_TEXTS, question)
        return make_get(target, self._login) if target else None

    def read_ask(self, response: Response, question: Question) -> Said:
        """The one text of these words and that time."""
        return elks_asking.read_list(response, question, self.name)

    def read_callback(self, callback: Callback) -> list[Event]:
        """Reports and texts from handsets, as forms."""
        return collect(elks_callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """By the login in the address that was given."""
        keys = self.callback_keys
        return authenticate(keys, lambda: has_login(callback, keys))

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one: a body would be texted back."""
        return Reply()


def _read_error(response: Response, answer: dict[str, Any] | None) -> Verdict:
    words = rest.find_line(response) if answer is None else answer.get("error")
    if not isinstance(words, str) or response.status == _UNAUTHORIZED:
        return rest.doubt("the response does not say more than its status")
    if _NO_CREDIT.fullmatch(words):
        return Verdict(reason=Reason.NO_CREDIT, detail="the account has not enough credits")
    if answer is None and response.status == _FORBIDDEN:
        return rest.doubt("the response does not say more than its status")
    return Verdict(reason=Reason.REFUSED, detail="46elks refused, in words that have no code")
