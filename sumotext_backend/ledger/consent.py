"""Who said no, and whom that binds; pure.

Every change is a row, and the rows of one person in one programme, in their order, say what holds:
the last word of the person, and the providers that refuse it.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import attrs

from sumotext_backend.models import Outcome, Reason, SendResult, Verdict


class Word(enum.StrEnum):
    """What one row says."""

    OPTED_OUT = "OPTED_OUT"
    """The person wants no texts: no provider of the programme is asked."""
    OPTED_IN = "OPTED_IN"
    """The person wants texts: lifts an opt-out and every refusal."""
    REFUSED = "REFUSED"
    """A provider refused the person: only that provider is asked again."""
    ACCEPTED = "ACCEPTED"
    """A provider that had refused took a text: lifts its refusal."""


class Source(enum.StrEnum):
    """By which door a word came in."""

    HAND = "hand"
    IMPORT = "import"
    TEXT = "text"
    CALLBACK = "callback"
    REPORT = "report"
    SEND = "send"


@attrs.frozen
class Consent:
    """What is known of one person in one programme.

    ``opted_out`` is the door by which the last no came in, "" where there is none. ``refused_by``
    maps the alias of each provider that refuses to its reason, and ``refused_as`` to the backend
    that the alias stood for then.
    """

    opted_out: str = ""
    refused_by: Mapping[str, str] = attrs.field(factory=dict)
    refused_as: Mapping[str, str] = attrs.field(factory=dict)

    def is_refuser(self, provider: str, backend: str) -> bool:
        """Whether the provider of that alias is the one that refuses, and not its successor."""
        known = self.refused_as.get(provider, "")
        return provider in self.refused_by and known in ("", backend)


NOTHING_KNOWN: Final = Consent()
_NOTHING: Final[Mapping[str, Collection[str]]] = MappingProxyType({})

_REFUSALS: Final = (Reason.NOT_OPTED_IN, Reason.NOT_SUBSCRIBED, Reason.REFUSED)
"""Refusals after which only the provider that gave them is asked again. REFUSED is among them: a
code that nobody here knows may be about the person."""

_REPEATED: Final = {str(Reason.NOT_SUBSCRIBED): Reason.NOT_SUBSCRIBED}
"""Refusals that are repeated in their own word, so that a chain further out that goes on after
one (``also_after``) does so later, too. Any other is NOT_OPTED_IN."""


def fold(rows: Iterable[tuple[str, str, str, str, str]]) -> Consent:
    """What ``rows`` of (word, provider, reason, source, backend), oldest first, say together."""
    opted_out, refused_by, refused_as = "", dict[str, str](), dict[str, str]()
    for word, provider, reason, source, backend in rows:
        if word == Word.OPTED_OUT:
            opted_out = source or "unknown"
        elif word == Word.OPTED_IN:
            opted_out = ""
            refused_by.clear()
        elif word == Word.REFUSED:
            refused_by[provider], refused_as[provider] = reason, backend
        elif word == Word.ACCEPTED:
            refused_by.pop(provider, None)
    return Consent(opted_out, refused_by, refused_as)


def join(consents: Sequence[Consent]) -> Consent:
    """What holds in any of several programmes: it binds a provider that belongs to none of them."""
    if len(consents) == 1:
        return consents[0]
    known = [each for each in consents if each is not NOTHING_KNOWN]
    if not known:
        return NOTHING_KNOWN
    refused_by, refused_as = dict[str, str](), dict[str, str]()
    for each in known:
        for alias, reason in each.refused_by.items():
            # Of two refusals by one alias, the one that no owner may take as none holds.
            if alias not in refused_by or reason not in _REPEATED:
                refused_by[alias], refused_as[alias] = reason, each.refused_as.get(alias, "")
    opted_out = next((each.opted_out for each in known if each.opted_out), "")
    return Consent(opted_out, refused_by, refused_as)


Exempt = Mapping[str, Collection[str]]
"""By provider: the reasons of its refusals that the owner takes as none (``also_after``)."""


def decide(
    consent: Consent, provider: str, backend: str, exempt: Exempt = _NOTHING
) -> Verdict | None:
    """Why ``provider``, which is a ``backend``, must not be asked; None where it may be."""
    if consent.opted_out:
        detail = f"the person opted out (known by {consent.opted_out}); nothing was sent"
        return Verdict(reason=Reason.OPTED_OUT, detail=detail)
    if not consent.refused_by or consent.is_refuser(provider, backend):
        return None
    for other, reason in consent.refused_by.items():
        if reason not in exempt.get(other, ()):
            was = f", a {consent.refused_as[other]!r} then," if other == provider else ""
            detail = (
                f"provider {other!r}{was} refused the person ({reason}), and only it may be asked"
            )
            return Verdict(reason=_REPEATED.get(reason, Reason.NOT_OPTED_IN), detail=detail)
    return None


def learn(consent: Consent, provider: str, result: SendResult) -> Word | None:
    """The word that ``result``, of ``provider``, adds to ``consent``; None for nothing new."""
    if result.reason is Reason.OPTED_OUT:
        return None if consent.opted_out else Word.OPTED_OUT
    if result.reason in _REFUSALS:
        known = consent.is_refuser(provider, result.backend) and consent.refused_by[provider]
        return None if known == result.reason else Word.REFUSED
    lifts = result.outcome is Outcome.ACCEPTED and consent.is_refuser(provider, result.backend)
    return Word.ACCEPTED if lifts else None
