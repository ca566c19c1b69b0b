"""`TelnyxBackend`: Telnyx's Messages API, version 2.

Source: Telnyx's machine-readable list of API errors and its Python client.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import attrs

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Outcome, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest

_ID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)

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

    Texts come from ``sender``, or from the numbers of a messaging profile.
    """

    name: ClassVar[str] = "telnyx"
    dsn: ClassVar[str] = "telnyx://{api_key}@{sender}"

    api_key: str = attrs.field(
        repr=False, metadata={"help": "the account's API key, KEY…", "secret": True}
    )
    sender: str | None = attrs.field(
        default=None, metadata={"help": "number in E.164, short code or name to send from"}
    )
    messaging_profile_id: str | None = attrs.field(
        default=None, metadata={"help": "a messaging profile to send from"}
    )
    callback_url: str | None = attrs.field(
        default=None, metadata={"help": "where Telnyx reports what became of a text"}
    )
    base_url: str = attrs.field(
        default="https://api.telnyx.com", metadata={"help": "where the API answers"}
    )

    def __attrs_post_init__(self) -> None:
        """Refuse what no request could be made of."""
        super().__attrs_post_init__()
        if not (self.sender or self.messaging_profile_id):
            raise ConfigurationError("option 'sender' or 'messaging_profile_id' is missing")

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON."""
        fields = {
            "from": message.sender or self.sender,
            "to": number.e164,
            "text": message.text,
            "messaging_profile_id": self.messaging_profile_id,
            "webhook_url": rest.make_callback(self.callback_url, message),
        }
        login = rest.make_bearer_login(self.api_key)
        return rest.post_json("/v2/messages", rest.drop_unset(fields), login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """``data.id`` under a 2xx; ``errors`` under a 4xx."""
        answer = parse_object(response.body)
        if answer is None:
            return rest.doubt("the response is not one whole JSON object")
        if response.is_client_error:
            return _read_errors(answer.get("errors"))
        data = answer.get("data")
        return rest.accept(data.get("id") if isinstance(data, dict) else None, _ID)


def _read_errors(errors: object) -> Verdict:
    """The gravest of ``errors``: one that is about the person or the text, if there is one."""
    if not isinstance(errors, list) or not errors:
        return rest.doubt("no error code")
    verdicts = [_read_error(error) for error in errors if isinstance(error, dict)]
    refusals = [
        each for each in verdicts if each.reason and each.reason.outcome is Outcome.REJECTED
    ]
    return (refusals or verdicts or [rest.doubt("no error code")])[0]


def _read_error(error: dict[str, Any]) -> Verdict:
    code = str(error.get("code"))
    if code == _BLOCKED and _STOPPED.search(str(error.get("title"))):
        return Verdict(
            reason=Reason.OPTED_OUT, detail="the person said STOP (code 40300)", raw=code
        )
    return rest.refuse(error.get("code"), REASONS)
