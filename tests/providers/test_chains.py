"""A chain of two providers goes on after what is about the route, and after nothing else."""

from __future__ import annotations

from contextlib import closing

import pytest
from provider_rules import reply
from providers import test_telnyx, test_twilio

from sumotext_backend import Message, Outcome, Reason
from sumotext_backend.config import connect
from sumotext_backend.testing import HostileGateway, Reply

TWILIO = test_twilio.TestTwilio()
CODES = {**dict(TWILIO.list_codes()), "31337": Reason.REFUSED}
ACCEPTS = Reply.json(test_telnyx.taken())


@pytest.mark.parametrize("code", CODES)
def test_twilio_then_telnyx(code: str) -> None:
    """Every code of the first: the second is asked only where surely nothing was sent."""
    goes_on = CODES[code].outcome is Outcome.FAILED
    with (
        HostileGateway(accepts=reply(TWILIO.refuse(code))) as first,
        HostileGateway(accepts=ACCEPTS) as second,
    ):
        dsn = (
            f"twilio://AC1:t0ken@+15550001111?base_url={first.url}"
            f" || telnyx://KEY1@74700?base_url={second.url}"
        )
        with closing(connect(dsn)) as sms:
            result = sms.send(Message("+15015551234", "hello"))

        assert (1, int(goes_on)) == (len(first.requests), len(second.requests))
        assert Outcome.ACCEPTED is result.outcome if goes_on else result.reason is CODES[code]


def test_a_lost_answer_is_one_request() -> None:
    """Neither the first again, nor the second."""
    with (
        HostileGateway("U05") as first,
        HostileGateway(accepts=ACCEPTS) as second,
        closing(
            connect(
                f"twilio://AC1:t0ken@74700?base_url={first.url}"
                f" || telnyx://KEY1@74700?base_url={second.url}"
            )
        ) as sms,
    ):
        result = sms.send(Message("+15015551234", "hello"))

        assert Outcome.UNKNOWN is result.outcome
        assert (1, 0) == (len(first.requests), len(second.requests))
