"""What the simulator keeps of an account at SUMOTEXT beside texts: look-ups, groups and opt-ins."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Final

import attrs

from sumotext_backend.redact import mask

MAX_KEPT: Final = 10_000
"""How many look-ups and opt-ins are kept; the oldest go first."""

Groups = dict[str, set[str]]
"""The members of each group, by its name."""


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
        self._lookups: deque[str] = deque(maxlen=MAX_KEPT)
        self._groups: defaultdict[tuple[str, str], Groups] = defaultdict(dict)
        self._opt_ins: deque[WebForm] = deque(maxlen=MAX_KEPT)

    @property
    def lookups(self) -> tuple[str, ...]:
        """The numbers that were looked up, each as often as it was paid for; the oldest first."""
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

    def change(self, shortcode: str, key: str, edit: Callable[[Groups], str]) -> str:
        """Let ``edit`` change the groups of a keyword; returns what it does."""
        with self._lock:
            return edit(self._groups[shortcode, key])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._lookups.clear()
            self._groups.clear()
            self._opt_ins.clear()
