"""Entry points, loaded one at a time, so that a broken one stops no other."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

import attrs

from sumotext_backend.redact import scrub


@attrs.frozen(kw_only=True)
class Offer:
    """What one distribution offers under one name; nothing of it has been imported."""

    name: str
    distribution: str
    version: str
    entry: EntryPoint

    def __str__(self) -> str:
        """Distribution and version: ``acme-sms 1.0``."""
        return f"{self.distribution or 'an unnamed distribution'} {self.version}".rstrip()


@attrs.frozen
class Broken:
    """Why something cannot be used: one line, and the module that is missing, if one is."""

    error: str
    missing: str = ""


def offers(group: str) -> tuple[Offer, ...]:
    """What the installed distributions offer in ``group``, by name, then by distribution."""
    found = (_offer(entry) for entry in entry_points(group=group))
    return tuple(sorted(found, key=lambda offer: (offer.name, offer.distribution)))


def _offer(entry: EntryPoint) -> Offer:
    # Half an uninstallation leaves entry_points.txt without METADATA; what becomes of that
    # differs between Python versions.
    try:
        name, version = str(entry.dist.name or ""), str(entry.dist.version or "")  # type: ignore[union-attr]
    except Exception:  # noqa: BLE001
        name, version = "", ""
    return Offer(name=entry.name, distribution=name, version=version, entry=entry)


def load(offer: Offer) -> object:
    """Import what is offered and return it; a `Broken` where that goes wrong, whatever the way."""
    try:
        return offer.entry.load()
    except ImportError as error:
        return Broken(described(error), missing=error.name or "")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's module may do anything
        return Broken(described(error))


def described(error: BaseException) -> str:
    """Type and text of ``error`` in one line of 300 characters at most, numbers masked."""
    return f"{type(error).__name__}: {one_line(str(error))}".removesuffix(": ")[:300]


def one_line(text: str) -> str:
    """``text`` made by others: in one line, numbers and query strings taken out."""
    return scrub(" ".join(text.split()))
