"""The values that go in and come out: `Message`, `Outcome`, `Reason`, `Verdict`, `SendResult`."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, Final, Self

import attrs

from sumotext_backend.exceptions import (
    NotSentError,
    OutcomeUnknownError,
    RejectedError,
    SendError,
)
from sumotext_backend.redact import mask


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
    """What was given is no phone number."""
    INVALID_MESSAGE = "INVALID_MESSAGE", Outcome.REJECTED
    """No provider can send this text: it is empty or cannot be encoded."""
    HELD = "HELD", Outcome.REJECTED
    """A plugin or a rule of the owner held the text back."""

    UNREACHABLE = "UNREACHABLE", Outcome.FAILED
    """No connection could be made, so no byte of the request left."""
    TLS = "TLS", Outcome.FAILED
    """The provider's certificate or handshake cannot be trusted."""
    UNAUTHORIZED = "UNAUTHORIZED", Outcome.FAILED
    """The provider does not know this caller (IP address, key, proxy login)."""
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


LONGEST_WAIT: Final = 300.0
"""Seconds; a provider that asks for a longer wait is taken to ask for this much."""


def clamped(wait: float | None) -> float | None:
    """``wait`` in seconds, at most `LONGEST_WAIT`; None for what is no time to wait."""
    if not isinstance(wait, (int, float)) or not wait >= 0:  # a NaN is not
        return None
    return min(float(wait), LONGEST_WAIT)


def _is_text(_: object, field: attrs.Attribute[Any], value: object) -> None:
    # attrs' own validator puts the value into its error: a number, or the text.
    if not isinstance(value, str) and not (value is None and field.default is None):
        raise TypeError(f"{field.name!r} wants text, not {type(value).__name__}")


Options = Mapping[str, Mapping[str, object]]


def _options(options: Options) -> Options:
    """Take a copy, so that a message stays as it was made."""
    if not isinstance(options, Mapping) or not all(
        isinstance(own, Mapping) for own in options.values()
    ):
        raise TypeError("'options' wants a mapping of options for each backend's name")
    return {name: dict(own) for name, own in options.items()}


@attrs.frozen
class Message:
    """One text for one handset.

    ``to`` is a number in any common writing; ``text`` never shows in a repr.
    ``sender`` is a short code or number to send from, where the backend has a choice.
    ``ref`` is the caller's own reference.
    ``options`` holds options per backend name: ``{"sumotext": {"carrier": "ATTUS"}}``.
    Raises `TypeError` where one of these is not text, or ``options`` is no mapping of mappings.
    """

    to: str = attrs.field(repr=mask, validator=_is_text)
    text: str = attrs.field(repr=False, validator=_is_text)
    sender: str | None = attrs.field(default=None, repr=False, validator=_is_text)
    ref: str | None = attrs.field(default=None, validator=_is_text)
    options: Options = attrs.field(factory=dict, converter=_options, repr=False, hash=False)


@attrs.frozen(kw_only=True)
class Verdict:
    """What one answer proves: the part of a `SendResult` that pure code can find out.

    ``reason`` None means accepted. ``raw`` is the provider's first line (it may hold a number,
    so it never shows in a repr). ``retry_after`` is in seconds.
    """

    reason: Reason | None = None
    message_id: str | None = None
    detail: str = ""
    raw: str = attrs.field(default="", repr=False)
    retry_after: float | None = attrs.field(default=None, converter=clamped)


@attrs.frozen(kw_only=True)
class SendResult:
    """What became of one message.

    ``backend`` is the backend's name, ``provider`` the alias a configuration knows it by.
    ``to`` is as the message had it, masked in the repr. ``detail`` is for a person and holds no
    number and no text. ``raw`` is the provider's first line. ``attempts`` is the trail where a
    chain was walked, first attempt first. ``duration`` and ``retry_after`` are in seconds.
    Raises `ValueError` for an outcome and a reason that do not belong together.
    """

    backend: str
    to: str = attrs.field(repr=mask)
    outcome: Outcome = attrs.field(converter=Outcome)
    reason: Reason | None = None
    message_id: str | None = None
    detail: str = ""
    raw: str = attrs.field(default="", repr=False)
    attempts: tuple[SendResult, ...] = ()
    provider: str = ""
    retry_after: float | None = attrs.field(default=None, converter=clamped)
    duration: float | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a pair of outcome and reason that cannot be true."""
        expected = self.reason.outcome if self.reason else Outcome.ACCEPTED
        if self.outcome is not expected:
            raise ValueError(f"{self.outcome} does not go with the reason {self.reason}")

    @classmethod
    def of(cls, backend: str, message: Message, verdict: Verdict) -> SendResult:
        """``verdict`` as the result of sending ``message`` by the backend of that name."""
        return cls(
            backend=backend,
            to=message.to,
            outcome=verdict.reason.outcome if verdict.reason else Outcome.ACCEPTED,
            reason=verdict.reason,
            message_id=verdict.message_id,
            detail=verdict.detail,
            raw=verdict.raw,
            retry_after=verdict.retry_after,
        )

    def raise_for_outcome(self) -> None:
        """Do nothing if accepted.

        Raises `RejectedError`, `NotSentError` or `OutcomeUnknownError` otherwise.
        """
        if self.outcome is not Outcome.ACCEPTED:
            raise _ERRORS[self.outcome](self)

    def to_dict(self) -> dict[str, Any]:
        """A mapping that `json.dumps` takes and `from_dict` reads; ``to`` is in full."""
        fields = attrs.asdict(self, recurse=False)
        return fields | {
            "outcome": str(self.outcome),
            "reason": str(self.reason) if self.reason else None,
            "attempts": [attempt.to_dict() for attempt in self.attempts],
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> SendResult:
        """The result that `to_dict` wrote.

        Raises `TypeError` for a missing or unknown key, `ValueError` for an unknown word.
        """
        reason = fields.get("reason")
        attempts = tuple(cls.from_dict(attempt) for attempt in fields.get("attempts", ()))
        return cls(**{**fields, "reason": Reason(reason) if reason else None, "attempts": attempts})


_NAMES: Final = tuple(field.name for field in attrs.fields(SendResult))


def amend(result: SendResult, **changes: Any) -> SendResult:
    """``result`` with other values of some fields, of any but ``outcome`` and ``reason``.

    As `attrs.evolve`, without checking once more what was checked: each send does it several times.
    """
    made = object.__new__(SendResult)
    for name in _NAMES:
        value = changes[name] if name in changes else getattr(result, name)
        object.__setattr__(made, name, value)
    return made


_ERRORS: Mapping[Outcome, type[SendError]] = {
    Outcome.REJECTED: RejectedError,
    Outcome.FAILED: NotSentError,
    Outcome.UNKNOWN: OutcomeUnknownError,
}
