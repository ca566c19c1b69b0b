"""What the simulator keeps of an account at SUMOTEXT beside texts: look-ups, groups and opt-ins."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import attrs

from sumotext_backend.redact import mask

Query = Mapping[str, str]


@attrs.frozen
class WebForm:
    """One opt-in by a web form; ``fields`` are the texts of the form that were not empty."""

    shortcode: str
    key: str = attrs.field(repr=False)
    phone: str = attrs.field(repr=mask)
    fields: tuple[str, ...] = attrs.field(repr=False)


class Account:
    """What was looked up and changed; every method may be called from any thread."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = threading.Lock()
        self._lookups: list[str] = []
        self._groups: dict[tuple[str, str], dict[str, set[str]]] = {}
        self._opt_ins: list[WebForm] = []

    @property
    def lookups(self) -> tuple[str, ...]:
        """The numbers that were looked up, each as often as it was paid for."""
        with self._lock:
            return tuple(self._lookups)

    @property
    def opt_ins(self) -> tuple[WebForm, ...]:
        """The opt-ins, the oldest first."""
        with self._lock:
            return tuple(self._opt_ins)

    def groups(self, shortcode: str, key: str) -> dict[str, tuple[str, ...]]:
        """The groups of a keyword, with their members in order."""
        with self._lock:
            found = self._groups.get((shortcode, key), {})
            return {name: tuple(sorted(members)) for name, members in found.items()}

    def add_lookup(self, mobile: str) -> None:
        """Keep that a number was looked up."""
        with self._lock:
            self._lookups.append(mobile)

    def add_opt_in(self, opt_in: WebForm) -> None:
        """Keep an opt-in."""
        with self._lock:
            self._opt_ins.append(opt_in)

    def change(self, query: Query) -> str:
        """Do what a request for a group asks for; what is wrong with it, empty if nothing."""
        place, name = (query.get("shortcode", ""), query.get("key", "")), query.get("group", "")
        with self._lock:
            return _change(self._groups.setdefault(place, {}), name, query)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._lookups.clear()
            self._groups.clear()
            self._opt_ins.clear()


def _change(groups: dict[str, set[str]], name: str, query: Query) -> str:
    """[open] What is an error, and in which words, is not documented."""
    action, mobile = query.get("action", ""), query.get("mobile", "")
    if not all(query.get(each) for each in ("country", "shortcode", "key", "group")):
        return "A parameter is missing"
    if action == "add":
        groups.setdefault(name, set())
        return ""
    if name not in groups:
        return "Group does not exist"
    if action == "addmember" and not mobile:
        return "Mobile is missing"
    if action == "addmember":
        groups[name].add(mobile)
    elif action == "clear":
        groups[name].clear()
    elif action == "delete":
        del groups[name]
    else:
        return "Action is unknown"
    return ""
