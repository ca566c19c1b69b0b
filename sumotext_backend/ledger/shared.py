"""One ledger for all senders of a process that ask for the same."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, MutableMapping
from typing import Final
from weakref import WeakValueDictionary

import attrs

from sumotext_backend.events import ConsentChange
from sumotext_backend.ledger.database import Database
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.memory import MemoryDatabase
from sumotext_backend.ledger.settings import Settings

log: Final = logging.getLogger("sumotext_backend.ledger")

OFF: Final = (
    "the ledger is off ([ledger] record): keys are refused, and who said no is known to this "
    "process alone"
)

_made: Final[WeakValueDictionary[object, Ledger]] = WeakValueDictionary()
_off: Final[dict[object, Ledger]] = {}
"""Those of ``record = "off"``, kept until the process ends: nothing else keeps what they know."""
_waiting: Final[dict[str, deque[ConsentChange]]] = {}
"""What each store would not take: it binds whoever sends beside it, with other settings too."""


def share_ledger(
    place: str,
    make: Callable[[], Database],
    settings: Settings,
    tell: Callable[[ConsentChange], None] | None = None,
) -> Ledger:
    """The ledger of this process at ``place``, a name of its database; ``make`` makes that.

    ``tell`` hears of changes of consent. Nothing is opened.
    """
    off = settings.record == "off"
    known: MutableMapping[object, Ledger] = _off if off else _made
    key = ("" if off else place, repr(attrs.evolve(settings, path=None, url=None)), tell)
    found = known.get(key)
    if found is not None:
        return found
    if off:
        log.warning(OFF)
        return known.setdefault(key, Ledger(MemoryDatabase(), settings, tell))
    waiting = _waiting.setdefault(place, deque())
    return known.setdefault(key, Ledger(make(), settings, tell, unwritten=waiting))
