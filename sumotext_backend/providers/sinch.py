"""`SinchBackend`: Sinch's SMS API (``xms/v1``).

Source: Sinch's Python client and its pages on status codes. Opted-out numbers are accepted here,
and told of later by a report.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final, Literal

import attrs

from sumotext_backend.asking import NoAnswer, Question
from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import callback_url_option, check_word
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest, sinch_asking, sinch_callbacks
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.pulled import Said, make_get
from sumotext_backend.providers.signatures import authenticate, keys_option

MAX_CHARACTERS: Final = 2000

_REGIONS: Final = ("us", "eu", "au", "br", "ca")
_ID: Final = re.compile(r"[0-9A-Za-z]{26}", re.ASCII)

REASONS: Final = rest.make_reasons(
    {
        # Which field is wrong is told in words only: it may be the number.
        Reason.REFUSED: "syntax_invalid_parameter_format",
        Reason.REFUSED_REQUEST: "syntax_constraint_violation syntax_invalid_json",
        Reason.SENDER: "unknown_campaign",
        Reason.UNAUTHORIZED: "unauthorized",
        Reason.THROTTLED: "too_many_requests",
    }
)


@attrs.frozen(kw_only=True)
class SinchBackend(HttpBackend):
    """Sinch, which takes and answers JSON. A service plan lives in one region."""

    name: ClassVar[str] = "sinch"
    dsn: ClassVar[str] = "sinch://{service_plan_id}:{api_token}@{sender}"

    service_plan_id: str = attrs.field(
        validator=check_word, metadata={"help": "the service plan's ID"}
    )
    api_token: str = attrs.field(
        repr=False,
        validator=check_word,
        metadata={"help": "the service plan's token", "secret": True},
    )
    region: Literal["us", "eu", "au", "br", "ca"] = attrs.field(
        default="us",
        validator=attrs.validators.in_(_REGIONS),
        metadata={"help": "where the service plan lives"},
    )
    sender: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={
            "per_message": True,
            "help": "number, short code or name to send from (the plan's default if unset)",
        },
    )
    callback_url: str | None = callback_url_option("where Sinch reports what became of a text")
    callback_keys: tuple[str, ...] = keys_option("the secret that webhooks are signed with")
    base_url: str = attrs.field(
        default=attrs.Factory(lambda self: _host(self.region), takes_self=True),
        metadata={"help": "where the API answers (the region's address if unset)"},
    )

    @property
    def _batches(self) -> str:
        return f"/xms/v1/{rest.escape(self.service_plan_id)}/batches"

    @property
    def _login(self) -> dict[str, str]:
        return rest.make_bearer_login(self.api_token)

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON, a batch of one."""
        callback = rest.make_callback(self.callback_url, message)
        fields = {
            "type": "mt_text",
            "from": rest.choose_sender(message, self.name, self.sender),
            "to": [number.e164.removeprefix("+")],
            "body": message.text,
            "client_reference": message.reference,
            "callback_url": callback,
            "delivery_report": "per_recipient" if callback else None,
        }
        made = rest.post_json(self._batches, rest.drop_unset(fields), self._login)
        return rest.check_length(message.text, MAX_CHARACTERS, "Sinch") or made

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """``id`` under a 2xx, ``code`` and ``text`` under a 4xx."""
        answer = parse_object(response.body)
        if answer is None:
            return rest.doubt("the response is not one whole JSON object")
        if "code" in answer and "text" in answer:
            return rest.refuse(answer["code"], REASONS)
        return rest.accept(answer.get("id"), _ID)

    def report_request(self, provider_id: str, number: Msisdn | None) -> Request:
        """The report of the batch."""
        return make_get(sinch_asking.make_report_target(self._batches, provider_id), self._login)

    def read_report(self, response: Response, provider_id: str) -> DeliveryReport | NoAnswer:
        """The status of the one text in the batch."""
        return sinch_asking.read_report(response, provider_id, self.name)

    def ask_request(self, question: Question) -> Request | None:
        """The batches of our reference."""
        return make_get(sinch_asking.make_question(self._batches, question), self._login)

    def read_ask(self, response: Response, question: Question) -> Said:
        """The one batch of that reference."""
        return sinch_asking.read_list(response, question, self.name)

    def read_callback(self, callback: Callback) -> list[Event]:
        """Reports and texts from handsets, as JSON."""
        return collect(sinch_callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """By the signature."""
        keys = self.callback_keys
        return authenticate(keys, lambda: sinch_callbacks.is_signed(callback, keys, now))

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one."""
        return Reply()


def _host(region: str) -> str:
    # A region that is not one is told by its own validator, which runs after this.
    return f"https://{region if region in _REGIONS else 'us'}.sms.api.sinch.com"
