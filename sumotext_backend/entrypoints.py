"""Entry points, loaded one at a time, so that a broken one stops no other."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

import attrs

from sumotext_backend.redact import scrub


@attrs.frozen
class Offer:
    """What one distribution offers under one name; nothing of it has been imported.

    Who offers it is read only when asked for, as the metadata of a distribution are dear to parse.
    """

    name: str
    entry: EntryPoint

    @property
    def distribution(self) -> str:
        """The name of the distribution; empty where its metadata are gone."""
        return self._metadata("Name")

    @property
    def version(self) -> str:
        """The version of the distribution; empty where its metadata are gone."""
        return self._metadata("Version")

    def _metadata(self, key: str) -> str:
        # Half an uninstallation leaves entry_points.txt without METADATA; what becomes of that
        # differs between Python versions.
        try:
            return str(self.entry.dist.metadata.get(key) or "")  # type: ignore[union-attr]
        except Exception:  # noqa: BLE001
            return ""

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
    by_name: dict[str, list[Offer]] = {}
    for entry in entry_points(group=group):
        by_name.setdefault(entry.name, []).append(Offer(entry.name, entry))
    for same in by_name.values():
        if len(same) > 1:
            same.sort(key=lambda offer: offer.distribution)
    return tuple(offer for name in sorted(by_name) for offer in by_name[name])


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
