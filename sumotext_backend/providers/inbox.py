"""`InboxBackend`: the simulator's inbox, for development and staging, whatever the provider is.

Source: the simulator's own description, ``/api/openapi.json``.
"""

from __future__ import annotations

from typing import ClassVar, Final

import attrs

from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import check_word
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest

MAX_CHARACTERS: Final = 10_000
"""Of one text."""

REASONS: Final = rest.make_reasons(
    {
        Reason.OPTED_OUT: "opted-out",
        Reason.NOT_OPTED_IN: "not-opted-in",
        Reason.NOT_SUBSCRIBED: "not-found",
        Reason.UNAUTHORIZED: "token origin host no-ip error-no-ip",
        Reason.REFUSED_REQUEST: "no-such-path method not-json",
        Reason.UNSUPPORTED: "too-long",
    }
)
"""The inbox's codes; ``invalid`` is not among them, as it may be about the number."""


@attrs.frozen(kw_only=True)
class InboxBackend(HttpBackend):
    """The inbox of ``sumotext simulate``, on this machine or on another one."""

    name: ClassVar[str] = "inbox"
    dsn: ClassVar[str] = "inbox://"

    sender: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={
            "per_message": True,
            "help": "number, short code or name that the text is shown to come from",
        },
    )
    token: str | None = attrs.field(
        default=None,
        repr=False,
        validator=check_word,
        metadata={"help": "the token that the simulator was started with", "secret": True},
    )
    base_url: str = attrs.field(
        default="http://127.0.0.1:8080", metadata={"help": "where the simulator listens"}
    )

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON."""
        if too_long := rest.check_length(message.text, MAX_CHARACTERS, "the inbox"):
            return too_long
        fields = {
            "from": rest.choose_sender(message, self.name, self.sender),
            "to": number.e164,
            "text": message.text,
            "reference": message.reference,
        }
        login = rest.make_bearer_login(self.token) if self.token else {}
        return rest.post_json("/api/messages", fields, login)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """An id and a state, or an ``error`` with its ``code``."""
        match parse_object(response.body):
            case {"id": _, "error": _}:
                return rest.doubt("an id and an error", "error")
            case {"id": message_id, "state": "SUBMITTED"}:
                return rest.accept(message_id, rest.GUID)
            case {"error": str(), "code": code}:
                return rest.refuse(code, REASONS)
        return rest.doubt("the response is neither a text that was taken nor an error")
