"""The values that go in and come out: `Message`, `Outcome`, `Reason`, `Verdict`, `SendResult`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

import attrs

from sumotext_backend.exceptions import (
    NotSentError,
    OutcomeUnknownError,
    RejectedError,
    SendError,
)
from sumotext_backend.frozen import freeze, restore, thaw
from sumotext_backend.numbering import DEFAULT_REGION
from sumotext_backend.outcomes import Outcome, Reason
from sumotext_backend.redact import mask

__all__ = ["Message", "Outcome", "Reason", "SendResult", "Verdict"]

MAX_WAIT_SECONDS: Final = 300.0
"""A provider that asks for a longer wait is taken to ask for this much."""


def clamp_wait(wait: float | None) -> float | None:
    """``wait`` in seconds, at most `MAX_WAIT_SECONDS`; None for what is not a time to wait."""
    if not isinstance(wait, (int, float)) or not wait >= 0:  # a NaN is not
        return None
    return min(float(wait), MAX_WAIT_SECONDS)


def _is_text(_: object, field: attrs.Attribute[Any], value: object) -> None:
    # attrs' own validator puts the value into its error: a number, or the text.
    if not isinstance(value, str) and not (value is None and field.default is None):
        raise TypeError(f"{field.name!r} wants text, not {type(value).__name__}")


Options = Mapping[str, Mapping[str, object]]


_NO_OPTIONS: Final[Options] = MappingProxyType({})


def _freeze_options(options: Options) -> Options:
    """Take a copy that nobody can write into, so that a message stays as it was made."""
    if options is _NO_OPTIONS:
        return options
    if not isinstance(options, Mapping) or not all(
        isinstance(own, Mapping) for own in options.values()
    ):
        raise TypeError("'options' wants a mapping of options for each backend's name")
    frozen: Options = freeze(options)
    return frozen


@attrs.frozen(slots=False)  # so that `amend` can copy it quickly
class Message:
    """One text for one handset.

    ``to`` is a number in any common writing; ``text`` never shows in a repr. ``region`` is where a
    number without country code is dialled, two letters (ISO 3166-1); None is what the `Sender`
    says, and else ``US``.
    ``sender`` is a short code or number to send from, where the backend has a choice.
    ``ref`` is the caller's own reference. ``key`` is an idempotency key: under one key one text is
    sent once, see `sumotext_backend.ledger`. ``reference`` names this one text to the provider,
    which hands it back in reports; a `Sender` draws one where it is None, or has a ledger.
    ``options`` holds options per backend name: ``{"sumotext": {"carrier": "ATTUS"}}``; the
    message keeps a copy that is read-only at every depth, lists in it as tuples.
    Raises `TypeError` where one of these is not text, or ``options`` not a mapping of mappings.
    """

    to: str = attrs.field(repr=mask, validator=_is_text)
    text: str = attrs.field(repr=False, validator=_is_text)
    sender: str | None = attrs.field(default=None, repr=False, validator=_is_text)
    ref: str | None = attrs.field(default=None, validator=_is_text)
    key: str | None = attrs.field(default=None, kw_only=True, repr=False, validator=_is_text)
    # Not compared: it is drawn anew for each send, and says nothing of the text.
    reference: str | None = attrs.field(default=None, kw_only=True, eq=False, validator=_is_text)
    region: str | None = attrs.field(default=None, kw_only=True, repr=False, validator=_is_text)
    options: Options = attrs.field(
        default=_NO_OPTIONS, converter=_freeze_options, repr=False, hash=False
    )

    def __getstate__(self) -> dict[str, object]:
        """The fields as pickle takes them."""
        return {**attrs.asdict(self, recurse=False), "options": thaw(self.options)}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        """Take the fields of another version too: see `restore`."""
        restore(self, state)


@attrs.frozen(kw_only=True, slots=False)  # which is made in half the time of one with slots
class Verdict:
    """What one answer proves: the part of a `SendResult` that pure code can find out.

    ``reason`` None means accepted. ``raw`` is the provider's first line (it may hold a number,
    so it never shows in a repr). ``retry_after`` is in seconds. ``out_of_step`` tells that the
    response seems to be the one to another request: its connection is closed, so that it does not
    stay one response behind.
    """

    reason: Reason | None = None
    message_id: str | None = None
    detail: str = ""
    raw: str = attrs.field(default="", repr=False)
    retry_after: float | None = attrs.field(default=None, converter=clamp_wait)
    out_of_step: bool = False


@attrs.frozen(kw_only=True, slots=False)
class SendResult:
    """What became of one message.

    ``backend`` is the backend's name, ``provider`` the alias a configuration knows it by.
    ``to`` is as the message had it, masked in the repr, and ``region`` where it was dialled, two
    letters; None is not known, as in a result of an older version. ``detail`` is for a person and
    holds no number and no text. ``raw`` is the provider's first line. ``attempts`` is the trail
    where a chain was walked, first attempt first. ``duration`` and ``retry_after`` are in seconds.
    ``reference`` is what the text was known by to the providers, and in the ledger. ``stored``
    tells that this is the result of an earlier send under the same key, and that nothing was sent
    now; ``recorded`` is False where the ledger should have kept the result, and could not.
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
    retry_after: float | None = attrs.field(default=None, converter=clamp_wait)
    duration: float | None = None
    reference: str | None = None
    stored: bool = False
    recorded: bool = True
    region: str | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse a pair of outcome and reason that cannot be true."""
        expected = self.reason.outcome if self.reason else Outcome.ACCEPTED
        if self.outcome is not expected:
            raise ValueError(f"{self.outcome} does not go with the reason {self.reason}")

    def __getstate__(self) -> dict[str, object]:
        """The fields as pickle takes them."""
        return attrs.asdict(self, recurse=False)

    def __setstate__(self, state: Mapping[str, object]) -> None:
        """Take the fields of another version too: see `restore`."""
        restore(self, state)

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
            reference=message.reference,
            region=message.region or DEFAULT_REGION,
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


def draw_reference() -> str:
    """A new `Message.reference`: 32 digits that nobody else draws."""
    return os.urandom(16).hex()  # uuid4 takes three times as long


Amendable = TypeVar("Amendable", Message, SendResult)


def amend(value: Amendable, **fields: object) -> Amendable:
    """A message or a result with other values for some fields, which must be such as it may have.

    `attrs.evolve` checks and converts all of them again, which takes more time than all else that
    a chain does.
    """
    twin: Any = object.__new__(type(value))
    object.__setattr__(twin, "__dict__", value.__dict__ | fields)
    made: Amendable = twin
    return made


_ERRORS: Mapping[Outcome, type[SendError]] = {
    Outcome.REJECTED: RejectedError,
    Outcome.FAILED: NotSentError,
    Outcome.UNKNOWN: OutcomeUnknownError,
}
