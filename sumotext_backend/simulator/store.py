"""What the simulator remembers: the texts, what became of each, and the requests that it saw."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

import attrs

from sumotext_backend.models import Outcome
from sumotext_backend.redact import mask
from sumotext_backend.simulator.exchange import Received
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.traffic import Seen

if TYPE_CHECKING:
    from sumotext_backend.simulator.shelf import SqliteShelf

MAX_RECORDS: Final = 10_000
"""How many of each are kept; the oldest go first."""

MAX_MISSED: Final = 1000
"""How many requests are kept that no provider has a path for."""

_NO_TEXT: Final = ""
"""What changed where a request was seen."""

Direction = Literal["mt", "mo"]
"""To the handset, or from it."""


@attrs.frozen(kw_only=True)
class Text:
    """One text, to a handset (``mt``) or from one (``mo``).

    ``dialect`` is the name of the backend whose provider was spoken to. ``sender`` and
    ``recipient`` are as they were written. ``fields`` are what else the provider was told, such
    as SUMOTEXT's carrier. ``segments`` and ``encoding`` are what it takes on the air. ``request``
    is what brought it, without secrets. ``trail`` are its states, the first one first.
    """

    id: str
    dialect: str
    direction: Direction = "mt"
    at: datetime
    sender: str = attrs.field(repr=mask)
    recipient: str = attrs.field(repr=mask)
    body: str = attrs.field(repr=False)
    reference: str | None = attrs.field(default=None, repr=False)
    callback_url: str | None = attrs.field(default=None, repr=False)
    fields: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    segments: int
    encoding: str
    request: Received | None = None
    trail: tuple[Step, ...]

    @property
    def state(self) -> State:
        """What it is now."""
        return self.trail[-1].state

    @property
    def handset(self) -> str:
        """The number of the phone, as it was written."""
        return self.recipient if self.direction == "mt" else self.sender


@attrs.frozen
class Changes:
    """What changed up to ``version``: texts as they are now, and the ids of those that are gone."""

    version: int
    texts: tuple[Text, ...] = ()
    gone: tuple[str, ...] = ()


class Store:
    """The last ``limit`` of texts and requests; every method may be called from any thread.

    `version` grows with each change of a text, and `changes` tells what changed since one.
    """

    def __init__(self, limit: int = MAX_RECORDS, shelf: SqliteShelf | None = None) -> None:
        """Begin with what ``shelf`` kept."""
        self._lock = threading.RLock()
        self._limit = limit
        self._shelf = shelf
        self._texts = {text.id: text for text in shelf.load(limit)} if shelf else {}
        self._requests: deque[Seen] = deque(maxlen=limit)
        self._missed: deque[Seen] = deque(maxlen=MAX_MISSED)
        self._refused = 0
        # Not 0: who followed another store is not to take this one's changes for more of the same.
        self._version = secrets.randbelow(1 << 40)
        self._log: deque[tuple[int, str]] = deque(maxlen=limit)
        self._listeners: dict[object, Callable[[], object]] = {}

    @property
    def texts(self) -> tuple[Text, ...]:
        """The texts, the oldest first."""
        with self._lock:
            return tuple(self._texts.values())

    @property
    def requests(self) -> tuple[Seen, ...]:
        """The requests to send, the oldest first."""
        with self._lock:
            return tuple(self._requests)

    @property
    def version(self) -> int:
        """A number that each change raises."""
        return self._version

    def get(self, text_id: str) -> Text | None:
        """The text of that id."""
        return self._texts.get(text_id)

    def put(self, text: Text) -> None:
        """Keep ``text``, new or changed; the oldest one goes where there are too many."""
        with self._lock:
            self._texts[text.id] = text
            if self._shelf:
                self._shelf.put(text)
            if len(self._texts) > self._limit:
                self._drop(next(iter(self._texts)))
            self._note(text.id)
        self._tell()

    def step(self, text_id: str, step: Step) -> Text | None:
        """The text of that id with one more state; None where there is none."""
        with self._lock:
            text = self._texts.get(text_id)
            if text is None:
                return None
            changed = attrs.evolve(text, trail=(*text.trail, step))
            self.put(changed)
        return changed

    def remove(self, text_id: str) -> bool:
        """Forget one text; whether there was one."""
        with self._lock:
            found = text_id in self._texts
            if found:
                self._drop(text_id)
        if found:
            self._tell()
        return found

    def clear(self) -> None:
        """Forget all texts and requests."""
        with self._lock:
            self._texts.clear()
            self._requests.clear()
            self._missed.clear()
            self._refused = 0
            if self._shelf:
                self._shelf.clear()
            # Whoever asks what changed since then is told to begin anew.
            self._log.clear()
            self._version += 1
        self._tell()

    def see(self, seen: Seen) -> None:
        """Keep one request to send."""
        self._record(self._requests, seen)

    def miss(self, seen: Seen) -> None:
        """Keep one request to a path that no provider has."""
        self._record(self._missed, seen)

    def _record(self, records: deque[Seen], seen: Seen) -> None:
        with self._lock:
            records.append(seen)
            self._refused += seen.outcome is not Outcome.ACCEPTED
            self._note(_NO_TEXT)
        self._tell()

    def touch(self, text_id: str) -> None:
        """Tell that there is news of a text, which is kept elsewhere."""
        with self._lock:
            if text_id in self._texts:
                self._note(text_id)
        self._tell()

    @property
    def missed(self) -> tuple[Seen, ...]:
        """The requests to paths that no provider has, the oldest first."""
        with self._lock:
            return tuple(self._missed)

    @property
    def refused(self) -> int:
        """How many requests came to no text, since the last `clear`."""
        return self._refused

    def changes(self, since: int) -> Changes | None:
        """What changed since that version; None where it is not known any more."""
        with self._lock:
            oldest = self._version - len(self._log)
            if not oldest <= since <= self._version:
                return None
            newest = self._version - since
            ids = dict.fromkeys(self._log[at][1] for at in range(-newest, 0))
            ids.pop(_NO_TEXT, None)
            texts = tuple(self._texts[each] for each in ids if each in self._texts)
            gone = tuple(each for each in ids if each not in self._texts)
            return Changes(self._version, texts, gone)

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call ``listener`` after each change, in the thread that made it; returns how to stop."""
        key = object()
        with self._lock:
            self._listeners[key] = listener

        def stop() -> None:
            with self._lock:
                self._listeners.pop(key, None)

        return stop

    def _drop(self, text_id: str) -> None:
        del self._texts[text_id]
        if self._shelf:
            self._shelf.drop(text_id)
        self._note(text_id)

    def _note(self, text_id: str) -> None:
        self._version += 1
        self._log.append((self._version, text_id))

    def _tell(self) -> None:
        with self._lock:
            listeners = tuple(self._listeners.values())
        for listener in listeners:
            listener()
