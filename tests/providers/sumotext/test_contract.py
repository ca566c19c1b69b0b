"""SUMOTEXT's two protocols keep the contract of all backends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from provider_facts import NO_CREDIT, OTHERWISE, STOPPED, WRONG_NUMBER, WRONG_SENDER

from sumotext_backend import Reason, SmsBackend
from sumotext_backend.providers.sumotext import SumotextBackend, SumotextV2Backend
from sumotext_backend.testing import HttpBackendContract, Reply

pytestmark = pytest.mark.once

ACCOUNT = {"shortcode": "74700", "keyword": "CANARYKEY", "carrier": "ATTUS"}


def legacy(**options: Any) -> SumotextBackend:
    """The legacy gateway's backend."""
    return SumotextBackend(**(ACCOUNT | options))


class TestSumotext(HttpBackendContract):
    """The legacy gateway."""

    entry_point = True
    account = "sumotext://74700/SUMO?carrier=ATTUS&base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: (200, b"5015551234:NOTOPT\r\n"),
        WRONG_NUMBER: (200, b"5015551234:NOTFOUND\r\n"),
        WRONG_SENDER: OTHERWISE,
        NO_CREDIT: OTHERWISE,
    }

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return legacy(**options)

    def accepted(self) -> Reply:
        """The documented first line, and a page after it."""
        return Reply(b"{mobile}:{message_id}\r\n<!DOCTYPE html><html></html>\r\n")

    def refused(self) -> Mapping[Reason, Reply]:
        """The three codes."""
        return {
            Reason.UNAUTHORIZED: Reply(b"{mobile}:NOTIP\r\n"),
            Reason.NOT_OPTED_IN: Reply(b"{mobile}:NOTOPT\r\n"),
            Reason.NOT_SUBSCRIBED: Reply(b"{mobile}:NOTFOUND\r\n"),
        }


class TestSumotextV2(HttpBackendContract):
    """The newer API."""

    entry_point = True
    account = "sumotext-v2://s3cret@74700/SUMO?carrier=ATTUS&base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: (200, {"sumoId": "", "Err": {"ErrNum": 27, "ErrMessage": "no"}}),
        WRONG_NUMBER: OTHERWISE,
        WRONG_SENDER: OTHERWISE,
        NO_CREDIT: OTHERWISE,
    }

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return SumotextV2Backend(**(ACCOUNT | {"apikey": "s3cret-4p1-key"} | options))

    def accepted(self) -> Reply:
        """An id and ErrNum 0."""
        return Reply(b'{"sumoId": "{message_id}", "Err": {"ErrNum": 0, "ErrMessage": ""}}')

    def refused(self) -> Mapping[Reason, Reply]:
        """Error numbers."""
        numbers = {Reason.CONFIGURATION: 9, Reason.UNAUTHORIZED: 258, Reason.NOT_OPTED_IN: 27}
        body = b'{"sumoId": "", "Err": {"ErrNum": %d, "ErrMessage": "no"}}'
        return {reason: Reply(body % number) for reason, number in numbers.items()}
