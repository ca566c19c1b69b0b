"""Every neutral behaviour in every provider's dialect, as our backend for it understands it."""

from __future__ import annotations

from contextlib import closing

import pytest
from simulated_providers import CLASSES, make

from sumotext_backend import Message, Reason
from sumotext_backend.simulator import MAGIC, Simulator

pytestmark = pytest.mark.once

ACCEPTED = None
FAULTS = {
    "no-answer": Reason.TIMEOUT,
    "reset": Reason.NO_ANSWER,
    "page": Reason.BAD_ANSWER,
    "login": Reason.REDIRECTED,
    "missing": Reason.REFUSED_REQUEST,
    "unavailable": Reason.SERVER_ERROR,
    "error": Reason.SERVER_ERROR,
    "throttled": Reason.THROTTLED,
}
"""What is the same at every provider, whatever its words for it."""

EVERYWHERE = {
    **FAULTS,
    "no-ip": Reason.UNAUTHORIZED,
    "error-no-ip": Reason.UNAUTHORIZED,
    "cut-id": Reason.BAD_ANSWER,
    "other-number": ACCEPTED,
    "slow": ACCEPTED,
    "unknown-code": Reason.REFUSED,
    "undelivered": ACCEPTED,
    "expired": ACCEPTED,
    "silent": ACCEPTED,
}

OWN: dict[str, dict[str, Reason | None]] = {
    "46elks": {
        "not-found": Reason.REFUSED,
        "no-credit": Reason.NO_CREDIT,
        "sender": Reason.REFUSED,
    },
    "aws": {
        "not-opted-in": Reason.OPTED_OUT,
        "not-found": Reason.INVALID_RECIPIENT,
        "no-credit": Reason.NO_CREDIT,
        "sender": Reason.SENDER,
    },
    "bandwidth": {"not-found": Reason.INVALID_RECIPIENT, "sender": Reason.SENDER},
    "clicksend": {
        "not-found": Reason.INVALID_RECIPIENT,
        "no-credit": Reason.NO_CREDIT,
        "sender": Reason.SENDER,
    },
    "infobip": {
        "not-opted-in": Reason.OPTED_OUT,
        "not-found": Reason.INVALID_RECIPIENT,
        "no-credit": Reason.NO_CREDIT,
        "sender": Reason.SENDER,
        "content": Reason.REFUSED,
    },
    "kannel": {"not-opted-in": Reason.OPTED_OUT, "sender": Reason.SENDER},
    "messagebird": {
        "not-found": Reason.INVALID_RECIPIENT,
        "no-credit": Reason.NO_CREDIT,
        "sender": Reason.SENDER,
    },
    "plivo": {"not-found": Reason.REFUSED, "sender": Reason.REFUSED},
    "sinch": {"not-found": Reason.REFUSED, "sender": Reason.SENDER},
    "sumotext": {
        "not-opted-in": Reason.NOT_OPTED_IN,
        "not-found": Reason.NOT_SUBSCRIBED,
        "unknown-code": Reason.BAD_ANSWER,
    },
    "sumotext-v2": {
        "not-opted-in": Reason.NOT_OPTED_IN,
        "not-found": Reason.NOT_OPTED_IN,
        "unknown-code": Reason.BAD_ANSWER,
    },
    "telnyx": {
        "not-opted-in": Reason.OPTED_OUT,
        "not-found": Reason.INVALID_RECIPIENT,
        "no-credit": Reason.NO_CREDIT,
        "sender": Reason.SENDER,
        "content": Reason.CONTENT,
    },
    "twilio": {
        "not-opted-in": Reason.OPTED_OUT,
        "not-found": Reason.INVALID_RECIPIENT,
        "sender": Reason.SENDER,
    },
    "vonage": {
        "not-found": Reason.INVALID_RECIPIENT,
        "no-credit": Reason.NO_CREDIT,
        "sender": Reason.SENDER,
    },
}
"""What a provider says at once; what it has no word for it accepts, and tells later.

Written from the providers' documentation, and not from the dialects.
"""

# Kannel's answer holds no id, so half of it is half a line of words.
HALF = "cut-id"


@pytest.mark.parametrize("magic", MAGIC, ids=lambda magic: magic.name)
@pytest.mark.parametrize("name", CLASSES)
def test_our_backend_understands_it(name: str, magic: object, simulator: Simulator) -> None:
    """Outcome and reason are those of the table, and the simulator says so of its request too."""
    patience = 0.3 if magic.name == "no-answer" else 10  # type: ignore[attr-defined]
    with closing(make(name, simulator.url, timeout=patience)) as backend:
        result = backend.send(Message(f"+1{magic.number}", "hello"))  # type: ignore[attr-defined]
    expected = (EVERYWHERE | OWN[name]).get(magic.name, ACCEPTED)  # type: ignore[attr-defined]
    (seen,) = simulator.requests

    assert expected is result.reason, result.detail
    assert (name, magic.name, expected) == (seen.dialect, seen.name, seen.reason)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", CLASSES)
def test_an_accepted_text_is_kept_as_it_was_sent(name: str, simulator: Simulator) -> None:
    """Sender, number, text, reference, and the id that the client was told."""
    with closing(make(name, simulator.url)) as backend:
        message = Message("+15015551234", "na\u00efve \U0001f44d & co", reference="0b7e-ref")
        result = backend.send(message)
    (text,) = simulator.messages

    assert result.reason is None
    assert name == text.dialect
    assert text.recipient.endswith("5015551234")
    assert "na\u00efve \U0001f44d & co" == text.body
    assert text.id == result.message_id or name == "kannel"


@pytest.mark.parametrize("name", CLASSES)
def test_who_said_stop_gets_no_text_until_start(name: str, simulator: Simulator) -> None:
    """The refusal is the provider's own; who tells it later accepts, and the text fails."""
    at_once = OWN[name].get("not-opted-in", ACCEPTED)
    with closing(make(name, simulator.url)) as backend:
        backend.send(Message("+15015551234", "hello"))
        (text,) = simulator.messages
        simulator.reply(text, " Stop ")
        stopped = backend.send(Message("+15015551234", "again"))
        simulator.reply(text, "START")
        started = backend.send(Message("+15015551234", "and again"))

    assert (at_once, ACCEPTED) == (stopped.reason, started.reason)
    assert "opted-out" == simulator.requests[1].name


@pytest.mark.parametrize("name", CLASSES)
def test_what_is_chosen_for_the_next_request_is_said_in_the_dialect(
    name: str, simulator: Simulator
) -> None:
    """As the number would have it said, once; then numbers have the say again."""
    simulator.fail_next("not-opted-in")
    with closing(make(name, simulator.url)) as backend:
        results = [backend.send(Message("+15015551234", "hello")) for _ in range(2)]

    assert [OWN[name].get("not-opted-in", ACCEPTED), ACCEPTED] == [each.reason for each in results]
