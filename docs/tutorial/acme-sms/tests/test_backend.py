"""The backend keeps the contract of all backends, and speaks Acme's protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from acme_sms.backend import AcmeBackend, read

from sumotext_backend import Message, Reason
from sumotext_backend.testing import HostileGateway, HttpBackendContract, Reply

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
            Reason.NOT_OPTED_IN: Reply.json({"error": "opted_out"}),
            Reason.INVALID_RECIPIENT: Reply.json({"error": "no_such_number"}),
            Reason.UNAUTHORIZED: Reply.json({"error": "bad_token"}),
            Reason.THROTTLED: Reply.json({"error": "slow_down"}),
        }


@pytest.fixture
def gateway() -> Iterator[HostileGateway]:
    """A server on this machine."""
    with HostileGateway() as server:
        yield server


def test_a_text_is_one_post_of_json(gateway: HostileGateway) -> None:
    """Numbers go in E.164 form, the token in a header."""
    acme(base_url=gateway.url).send(Message("(501) 555-1234", "hello"))
    (request,) = gateway.requests

    assert (request.method, request.target) == ("POST", "/v1/texts")
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert json.loads(request.body) == {
        "to": "+15015551234",
        "from": "+15015550000",
        "text": "hello",
    }


def test_a_message_may_name_its_sender(gateway: HostileGateway) -> None:
    """The message's own sender goes before the option."""
    acme(base_url=gateway.url).send(Message("5015551234", "hello", sender="74700"))

    assert json.loads(gateway.requests[0].body)["from"] == "74700"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": ""}', b'{"id": 7}', b"[" * 9999])
def test_anything_else_is_a_doubt(body: bytes) -> None:
    """Only a documented answer counts."""
    assert read(body).reason is Reason.BAD_ANSWER
