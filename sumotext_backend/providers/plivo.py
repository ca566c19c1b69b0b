"""`PlivoBackend`: Plivo's Message resource.

Source: Plivo's pages on the Messaging API and its Python client. A refusal is free text without
a code, so that the HTTP status alone has the word. Opted-out numbers are accepted here, and told
of later by a report.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final

import attrs

from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest

_ID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


@attrs.frozen(kw_only=True)
class PlivoBackend(HttpBackend):
    """Plivo, which takes and answers JSON."""

    name: ClassVar[str] = "plivo"
    dsn: ClassVar[str] = "plivo://{auth_id}:{auth_token}@{sender}"

    auth_id: str = attrs.field(metadata={"help": "the account's auth ID"})
    auth_token: str = attrs.field(
        repr=False, metadata={"help": "the account's auth token", "secret": True}
    )
    sender: str = attrs.field(metadata={"help": "number, short code or name to send from"})
    callback_url: str | None = attrs.field(
        default=None, metadata={"help": "where Plivo reports what became of a text"}
    )
    base_url: str = attrs.field(
        default="https://api.plivo.com", metadata={"help": "where the API answers"}
    )

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON."""
        fields = {
            "src": message.sender or self.sender,
            "dst": number.e164,
            "text": message.text,
            "url": rest.make_callback(self.callback_url, message),
        }
        target = f"/v1/Account/{rest.escape(self.auth_id)}/Message/"
        login = rest.make_basic_login(self.auth_id, self.auth_token)
        return rest.post_json(target, rest.drop_unset(fields), login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """``message_uuid`` under a 2xx; under a 4xx nothing that the status does not say."""
        answer = parse_object(response.body)
        if answer is None or response.is_client_error:
            return rest.doubt("the response holds no id")
        ids = answer.get("message_uuid")
        return rest.accept(ids[0] if isinstance(ids, list) and len(ids) == 1 else None, _ID)
