"""`BandwidthBackend`: Bandwidth's Messaging API, version 2.

Source: Bandwidth's OpenAPI description and its pages on errors. Everything but the form of a
request, an opt-out too, is told later by a report.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import attrs

from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest

_ID: Final = re.compile(r"[0-9A-Za-z-]{10,64}", re.ASCII)

_FIELDS: Final = {
    "to": Reason.INVALID_RECIPIENT,
    "text": Reason.INVALID_MESSAGE,
    "from": Reason.SENDER,
    "applicationId": Reason.UNAUTHORIZED,
}
"""What a request is refused for, the gravest first."""

_ROUTE_STATUSES: Final = (401, 403, 429)
"""HTTP statuses that say more than the error in their body."""


@attrs.frozen(kw_only=True)
class BandwidthBackend(HttpBackend):
    """Bandwidth, which takes and answers JSON. Its reports go where the application says."""

    name: ClassVar[str] = "bandwidth"
    dsn: ClassVar[str] = "bandwidth://{username}:{password}@{account_id}/{application_id}/{sender}"

    account_id: str = attrs.field(metadata={"help": "the account's number"})
    username: str = attrs.field(metadata={"help": "user of the API"})
    password: str = attrs.field(repr=False, metadata={"help": "its password", "secret": True})
    application_id: str = attrs.field(metadata={"help": "the messaging application"})
    sender: str = attrs.field(metadata={"help": "number in E.164 or short code to send from"})
    base_url: str = attrs.field(
        default="https://messaging.bandwidth.com", metadata={"help": "where the API answers"}
    )

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON."""
        fields = {
            "applicationId": self.application_id,
            "to": [number.e164],
            "from": message.sender or self.sender,
            "text": message.text,
            "tag": message.reference,
        }
        target = f"/api/v2/users/{rest.escape(self.account_id)}/messages"
        login = rest.make_basic_login(self.username, self.password)
        return rest.post_json(target, rest.drop_unset(fields), login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """``id`` under a 2xx; the fields that are wrong, or the ``type``, under a 4xx."""
        answer = parse_object(response.body)
        if answer is None or response.status in _ROUTE_STATUSES:
            return rest.doubt("the response is not one whole JSON object")
        if not response.is_client_error:
            return rest.accept(answer.get("id"), _ID)
        return _read_error(answer)


def _read_error(error: dict[str, Any]) -> Verdict:
    wrong = error.get("fieldErrors")
    names = (
        [each.get("fieldName") for each in wrong if isinstance(each, dict)]
        if isinstance(wrong, list)
        else []
    )
    for name, reason in _FIELDS.items():
        if name in names:
            return Verdict(reason=reason, detail=f"the field {name!r} was refused", raw=name)
    return rest.refuse(error["type"], {}) if "type" in error else rest.doubt("no error type")
