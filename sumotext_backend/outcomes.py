"""How a send ends: `Outcome`, and `Reason`, which says why."""

from __future__ import annotations

import enum
from typing import Self


class Outcome(enum.StrEnum):
    """How a send ended, and so what its caller may do next."""

    ACCEPTED = "ACCEPTED"
    """The provider took the text and gave an id. Never resend."""
    REJECTED = "REJECTED"
    """Surely not sent, and about this recipient or text. Never resend, not elsewhere either."""
    FAILED = "FAILED"
    """Surely not sent, and about the route. Safe to resend, here or by another provider."""
    UNKNOWN = "UNKNOWN"
    """A byte may have left and no valid answer came back. Never resend by itself."""


class Reason(enum.StrEnum):
    """Why a send was not accepted; each member belongs to exactly one `Outcome`."""

    outcome: Outcome

    def __new__(cls, value: str, outcome: Outcome = Outcome.UNKNOWN) -> Self:
        """Pair the name with the outcome it belongs to."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.outcome = outcome
        return member

    NOT_OPTED_IN = "NOT_OPTED_IN", Outcome.REJECTED
    """The number is known, but has not opted in to the keyword."""
    NOT_SUBSCRIBED = "NOT_SUBSCRIBED", Outcome.REJECTED
    """The number is unknown to the provider, or not in the keyword."""
    INVALID_RECIPIENT = "INVALID_RECIPIENT", Outcome.REJECTED
    """What was given is not a phone number."""
    INVALID_MESSAGE = "INVALID_MESSAGE", Outcome.REJECTED
    """No provider can send this text: it is empty or cannot be encoded."""
    OPTED_OUT = "OPTED_OUT", Outcome.REJECTED
    """The recipient said STOP, and the provider keeps to it."""
    CONTENT = "CONTENT", Outcome.REJECTED
    """The provider will not carry this text: a filter, or a rule on what it says."""
    REFUSED = "REFUSED", Outcome.REJECTED
    """The provider refused in its own words, with a code that is in no table of ours."""
    KEY_REUSED = "KEY_REUSED", Outcome.REJECTED
    """The key was used before, for another number or text."""
    HELD = "HELD", Outcome.REJECTED
    """A plugin or a rule of the owner held the text back."""

    UNREACHABLE = "UNREACHABLE", Outcome.FAILED
    """No connection could be made, so no byte of the request left."""
    TLS = "TLS", Outcome.FAILED
    """The provider's certificate or handshake cannot be trusted."""
    UNAUTHORIZED = "UNAUTHORIZED", Outcome.FAILED
    """The provider does not know this caller (IP address, key, proxy login)."""
    NO_CREDIT = "NO_CREDIT", Outcome.FAILED
    """The account has no money left, or has reached its limit of spending."""
    SENDER = "SENDER", Outcome.FAILED
    """This provider may not send from that number, short code or name; another may."""
    CONFIGURATION = "CONFIGURATION", Outcome.FAILED
    """An option is missing or wrong; nothing was tried."""
    THROTTLED = "THROTTLED", Outcome.FAILED
    """Too many requests; ``retry_after`` says how long the provider asks to wait."""
    REFUSED_REQUEST = "REFUSED_REQUEST", Outcome.FAILED
    """The provider's server refused the request itself (most HTTP 4xx)."""
    UNSUPPORTED = "UNSUPPORTED", Outcome.FAILED
    """This backend cannot express the message; another may."""
    UNAVAILABLE = "UNAVAILABLE", Outcome.FAILED
    """It cannot be tried just now: a circuit is open, or a disk is full."""

    NOT_SENT = "NOT_SENT", Outcome.FAILED
    """It had been a doubt, and somebody found out that the text did not go."""

    TIMEOUT = "TIMEOUT", Outcome.UNKNOWN
    """The deadline passed after the request was on the wire."""
    NO_ANSWER = "NO_ANSWER", Outcome.UNKNOWN
    """The connection ended after the request was on the wire, with no answer."""
    BAD_ANSWER = "BAD_ANSWER", Outcome.UNKNOWN
    """An answer came that is neither a whole id nor a known refusal."""
    REDIRECTED = "REDIRECTED", Outcome.UNKNOWN
    """The server pointed elsewhere; following would be a second request."""
    SERVER_ERROR = "SERVER_ERROR", Outcome.UNKNOWN
    """HTTP 5xx: the server may have sent the text before it failed."""
    ECHO_MISMATCH = "ECHO_MISMATCH", Outcome.UNKNOWN
    """The answer is about another number than the one asked for."""
    CRASHED = "CRASHED", Outcome.UNKNOWN
    """The sending code itself broke off, and nobody knows how far it came."""
