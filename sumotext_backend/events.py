"""What is heard beside results: delivery reports, inbound texts, and who wants texts or none."""

from __future__ import annotations

import enum

import attrs

from sumotext_backend.redact import mask


class DeliveryStatus(enum.StrEnum):
    """What became of an accepted text, in SMPP's words for the states of a message."""

    SUBMITTED = "SUBMITTED"
    """On its way from the provider to an aggregator."""
    ENROUTE = "ENROUTE"
    """With the carrier."""
    DELIVERED = "DELIVERED"
    """On the handset."""
    UNDELIVERABLE = "UNDELIVERABLE"
    """Given up."""
    EXPIRED = "EXPIRED"
    """Not delivered in time."""
    UNKNOWN = "UNKNOWN"
    """The provider does not know the text, or says something else."""


@attrs.frozen(kw_only=True)
class DeliveryReport:
    """What a provider reports of a text that it accepted earlier.

    ``message_id`` is the id of the `SendResult`. ``detail`` is the provider's own wording.
    """

    backend: str
    message_id: str
    status: DeliveryStatus = attrs.field(converter=DeliveryStatus)
    detail: str = ""


@attrs.frozen(kw_only=True)
class InboundMessage:
    """One text from a handset (MO): from ``sender`` to ``to``, a short code or number."""

    backend: str
    sender: str = attrs.field(repr=mask)
    to: str
    text: str = attrs.field(repr=False)
    message_id: str = ""
    keyword: str = attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class ConsentChange:
    """One word on whether a person may be texted, as the ledger keeps it.

    ``number`` is in E.164, and "" once it was forgotten. ``word`` is ``OPTED_OUT``, ``OPTED_IN``,
    ``REFUSED`` (by ``provider``, an alias, for ``reason``) or ``ACCEPTED`` (by a provider that had
    refused). ``source`` is the door by which it came in: ``hand``, ``import``, ``text``,
    ``callback``, ``report`` or ``send``. ``at`` is in seconds since 1970, None while it is new.
    """

    number: str = attrs.field(repr=mask)
    word: str
    programme: str
    provider: str = ""
    reason: str = ""
    source: str = "hand"
    note: str = attrs.field(default="", repr=False)
    at: float | None = None
