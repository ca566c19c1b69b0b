"""What providers tell of their own accord, in one vocabulary over all of them, and consent.

A repr masks numbers and holds no text. ``alias`` is the name by which a configuration knows the
provider. Numbers are in E.164 where they can be read so, or else as the provider wrote them: a
short code, or a name. ``at`` is when the provider says that it happened, aware of its time zone,
and None where it does not say. Times and words are the provider's, and prove nothing by themselves.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from typing import Any, Final

import attrs

from sumotext_backend.frozen import freeze, restore, thaw
from sumotext_backend.outcomes import Reason
from sumotext_backend.redact import mask


class DeliveryStatus(enum.StrEnum):
    """What became of an accepted text, in SMPP's words for the states of a message."""

    SUBMITTED = "SUBMITTED"
    """With the provider, or on its way from it to an aggregator."""
    ENROUTE = "ENROUTE"
    """With the carrier."""
    ACCEPTED = "ACCEPTED"
    """The carrier's message centre took it; no more is known."""
    DELIVERED = "DELIVERED"
    """On the handset."""
    UNDELIVERABLE = "UNDELIVERABLE"
    """Given up."""
    REJECTED = "REJECTED"
    """Refused on the way, by the provider or the carrier."""
    EXPIRED = "EXPIRED"
    """Not delivered in time."""
    DELETED = "DELETED"
    """Withdrawn before it was delivered."""
    UNKNOWN = "UNKNOWN"
    """The provider does not know, or says something that is in no table of ours."""

    @property
    def is_final(self) -> bool:
        """Whether nothing comes after this, unless the provider says otherwise."""
        return self in _FINAL


_FINAL: Final = frozenset(
    {
        DeliveryStatus.DELIVERED,
        DeliveryStatus.UNDELIVERABLE,
        DeliveryStatus.REJECTED,
        DeliveryStatus.EXPIRED,
        DeliveryStatus.DELETED,
    }
)


class ConsentSource(enum.StrEnum):
    """How a yes or a no came to be known."""

    TEXT = "TEXT"
    """The person texted a word such as STOP."""
    REPORT = "REPORT"
    """A delivery report said that the number has opted out."""
    PROVIDER = "PROVIDER"
    """The provider told of the change itself."""


class _Portable:
    """What lets an event travel to a queue, and to another version."""

    __slots__ = ()

    def __getstate__(self) -> dict[str, object]:
        """The fields as pickle takes them."""
        cls: Any = type(self)
        return {field.name: thaw(getattr(self, field.name)) for field in attrs.fields(cls)}

    def __setstate__(self, state: Mapping[str, object]) -> None:
        """Take the fields of another version too: see `restore`."""
        restore(self, state)


def _choose_final(report: DeliveryReport) -> bool:
    return report.status.is_final


@attrs.frozen(kw_only=True, getstate_setstate=False)
class DeliveryReport(_Portable):
    """What a provider reports of a text that it accepted earlier.

    ``provider_id`` is the id of the `SendResult`, ``reference`` the one that the message carried;
    either may be None, not both. ``word`` is the provider's own word for the state, and ``code``
    its code of an error. ``reason`` says why it was not delivered, where we know the code.
    ``final`` tells that no other report is to be expected.
    """

    alias: str
    status: DeliveryStatus = attrs.field(converter=DeliveryStatus)
    provider_id: str | None = None
    reference: str | None = None
    reason: Reason | None = None
    code: str | None = None
    word: str = attrs.field(default="", repr=False)
    at: dt.datetime | None = None
    final: bool = attrs.field(default=attrs.Factory(_choose_final, takes_self=True))


@attrs.frozen(kw_only=True)
class Part:
    """A part of a longer text: ``number`` (from 1) of the ``count`` that share a ``reference``."""

    reference: str
    number: int
    count: int


@attrs.frozen(kw_only=True, getstate_setstate=False)
class InboundMessage(_Portable):
    """One text from a handset (MO): from ``sender`` to ``recipient``, a short code or number.

    ``keyword`` is the one that the provider put the text to. With ``part`` it is not a whole text:
    see `join_parts`. ``carrier`` is the provider's code of the sender's carrier.
    """

    alias: str
    sender: str = attrs.field(repr=mask)
    recipient: str
    text: str = attrs.field(repr=False)
    provider_id: str | None = None
    keyword: str = attrs.field(default="", repr=False)
    carrier: str = ""
    part: Part | None = None
    at: dt.datetime | None = None


@attrs.frozen(kw_only=True, getstate_setstate=False)
class OptOut(_Portable):
    """A person said no; with ``keyword`` to that programme alone, without one to all texts."""

    alias: str
    number: str = attrs.field(repr=mask)
    source: ConsentSource = attrs.field(converter=ConsentSource)
    keyword: str = attrs.field(default="", repr=False)
    at: dt.datetime | None = None


@attrs.frozen(kw_only=True, getstate_setstate=False)
class OptIn(_Portable):
    """A person said yes; with ``keyword`` to that programme alone."""

    alias: str
    number: str = attrs.field(repr=mask)
    source: ConsentSource = attrs.field(converter=ConsentSource)
    keyword: str = attrs.field(default="", repr=False)
    at: dt.datetime | None = None


@attrs.frozen(kw_only=True, getstate_setstate=False)
class PollReply(_Portable):
    """A vote in a poll of SUMOTEXT's: the ``reply`` that was texted, and the ``label`` it chose."""

    alias: str
    sender: str = attrs.field(repr=mask)
    recipient: str
    reply: str = attrs.field(repr=False)
    label: str = attrs.field(default="", repr=False)
    keyword: str = attrs.field(default="", repr=False)
    carrier: str = ""


@attrs.frozen(kw_only=True, getstate_setstate=False)
class CrmUpdate(_Portable):
    """What SUMOTEXT's CRM callback tells of a subscriber.

    ``fields`` are the customer's own, such as a name or a ZIP code; ``text`` is there where the
    callback is configured so.
    """

    alias: str
    number: str = attrs.field(repr=mask)
    recipient: str
    keyword: str = attrs.field(default="", repr=False)
    country: str = ""
    carrier: str = ""
    text: str = attrs.field(default="", repr=False)
    fields: Mapping[str, str] = attrs.field(factory=dict, converter=freeze, repr=False, hash=False)


@attrs.frozen(kw_only=True, getstate_setstate=False)
class InfoRequest(_Portable):
    """A text to SUMOTEXT's Text-4-Info; ``lead`` is the keyword, unless configured otherwise."""

    alias: str
    sender: str = attrs.field(repr=mask)
    lead: str = attrs.field(repr=False)
    text: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class SubscriptionRequest:
    """Amazon SNS asks whether it may call this address; a GET of ``url`` says yes."""

    alias: str
    topic: str
    url: str = attrs.field(repr=False)


Event = (
    DeliveryReport
    | InboundMessage
    | OptOut
    | OptIn
    | PollReply
    | CrmUpdate
    | InfoRequest
    | SubscriptionRequest
)
"""What `read_callback` returns a list of."""


@attrs.frozen(kw_only=True)
class ConsentChange:
    """One word on whether a person may be texted, as the ledger keeps it.

    ``number`` is in E.164, empty once it was forgotten. ``word`` is ``OPTED_OUT``, ``OPTED_IN``,
    ``REFUSED`` (by ``provider``, an alias, for ``reason``) or ``ACCEPTED`` (by a provider that had
    refused); ``backend`` is what the alias stood for then. ``source`` is the door by which it came
    in: ``hand``, ``import``, ``text``, ``callback``, ``report`` or ``send``. ``at`` is in seconds
    since 1970, None while it is new, and ``said_at`` the same by the provider's clock, if it told.
    ``apart`` are the programmes that a word to all others was not said to, None while it is new.
    """

    number: str = attrs.field(repr=mask)
    word: str
    programme: str
    provider: str = ""
    reason: str = ""
    source: str = "hand"
    note: str = attrs.field(default="", repr=False)
    at: float | None = None
    backend: str = ""
    said_at: float | None = None
    apart: tuple[str, ...] | None = None
