"""Twilio's refusals, and what its own test numbers ask for.

Source: Twilio's pages on error codes and on test credentials.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sumotext_backend.models import Reason
from sumotext_backend.simulator.dialects.dialect import Word
from sumotext_backend.simulator.draft import Draft

WORDS: Final[Mapping[str, Word]] = {
    "opted-out": Word(400, 21610, "Attempt to send to unsubscribed recipient", Reason.OPTED_OUT),
    "not-found": Word(400, 21211, "Invalid 'To' Phone Number", Reason.INVALID_RECIPIENT),
    "no-recipient": Word(400, 21604, "A 'To' phone number is required.", Reason.INVALID_RECIPIENT),
    "no-text": Word(400, 21602, "Message body is required.", Reason.INVALID_MESSAGE),
    "no-sender": Word(400, 21603, "A 'From' phone number is required.", Reason.SENDER),
    "too-long": Word(
        400,
        21617,
        "The concatenated message body exceeds the 1600 character limit.",
        Reason.UNSUPPORTED,
    ),
    "unauthorized": Word(401, 20003, "Authenticate", Reason.UNAUTHORIZED),
    "sender": Word(
        400, 21606, "The 'From' phone number is not a valid, SMS-capable number.", Reason.SENDER
    ),
    "wrong-sender": Word(400, 21212, "Invalid 'From' Phone Number", Reason.SENDER),
    "full-queue": Word(
        429, 21611, "This 'From' number has exceeded its message queue", Reason.THROTTLED
    ),
    "no-route": Word(
        400, 21612, "Message cannot be sent with this 'To' and 'From'", Reason.UNSUPPORTED
    ),
    "no-region": Word(
        400, 21408, "Permission to send to this region is not enabled", Reason.UNSUPPORTED
    ),
    "landline": Word(
        400, 21614, "'To' number is not a valid mobile number", Reason.INVALID_RECIPIENT
    ),
    "throttled": Word(429, 20429, "Too Many Requests", Reason.THROTTLED),
    "unknown-code": Word(400, 29999, "A code that nobody documented", Reason.REFUSED),
    "error": Word(500, 20500, "Internal Server Error", Reason.SERVER_ERROR),
    "unknown-id": Word(404, 20404, "The requested resource was not found", Reason.UNAUTHORIZED),
}

_TEST_RECIPIENTS: Final = {
    "+15005550001": "not-found",
    "+15005550002": "no-route",
    "+15005550003": "no-region",
    "+15005550004": "opted-out",
    "+15005550009": "landline",
}
_TEST_SENDERS: Final = {
    "+15005550001": "wrong-sender",
    "+15005550007": "sender",
    "+15005550008": "full-queue",
}


def find_test(draft: Draft) -> str | None:
    """The word that the numbers of ``draft`` ask for, if they are Twilio's for tests."""
    return _TEST_SENDERS.get(draft.sender) or _TEST_RECIPIENTS.get(draft.recipient)
