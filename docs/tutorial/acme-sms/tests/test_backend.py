"""The backend keeps the contract of all backends, and speaks Acme's protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from acme_sms.backend import AcmeBackend

from sumotext_backend import Message, Reason
from sumotext_backend.providers import Prepared, Response, conclude, prepare
from sumotext_backend.testing import HttpBackendContract, Reply

TOKEN = "s3cret-t0ken"


def acme(**options: Any) -> AcmeBackend:
    """A backend with a token that is looked for in whatever is shown."""
    return AcmeBackend(**{"token": TOKEN, "sender": "+15015550000", **options})


class TestContract(HttpBackendContract):
    """The contract kit."""

    entry_point = True

    def backend(self, **options: Any) -> AcmeBackend:
        """Return a new one."""
        return acme(**options)

    def accepted(self) -> Reply:
        """An id."""
        return Reply.json({"id": "{message_id}"}, "202 Accepted")

    def refused(self) -> Mapping[Reason, Reply]:
        """The errors that Acme documents."""
        return {
            Reason.OPTED_OUT: Reply.json({"error": "opted_out"}),
            Reason.INVALID_RECIPIENT: Reply.json({"error": "no_such_number"}),
            Reason.UNAUTHORIZED: Reply.json({"error": "bad_token"}),
            Reason.THROTTLED: Reply.json({"error": "slow_down"}),
        }


def ready(message: Message) -> Prepared:
    """What the backend makes of ``message``, without sending it."""
    prepared = prepare(acme(), message)
    assert isinstance(prepared, Prepared)
    return prepared


def test_a_text_is_one_post_of_json() -> None:
    """Numbers go in E.164 form, the token in a header."""
    request = ready(Message("(501) 555-1234", "hello")).request

    assert (request.method, request.target) == ("POST", "/v1/texts")
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert json.loads(request.body or b"") == {
        "to": "+15015551234",
        "from": "+15015550000",
        "text": "hello",
    }


def test_a_message_may_name_its_sender() -> None:
    """The message's own sender goes before the option."""
    request = ready(Message("5015551234", "hello", sender="74700")).request

    assert json.loads(request.body or b"")["from"] == "74700"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": ""}', b'{"id": 7}', b"[" * 9999])
def test_anything_else_is_a_doubt(body: bytes) -> None:
    """Only a documented answer counts."""
    response = Response(status=200, body=body, ended=True)

    assert conclude(ready(Message("5015551234", "hello")), response).reason is Reason.BAD_ANSWER


def test_an_error_that_is_not_documented_is_a_refusal() -> None:
    """It is Acme's own no, and may be about the person: no chain goes on."""
    response = Response(status=200, body=b'{"error": "new_words"}', ended=True)

    assert conclude(ready(Message("5015551234", "hello")), response).reason is Reason.REFUSED
