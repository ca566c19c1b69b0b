"""The requests that providers make of their customers: which, and to whom."""

from __future__ import annotations

import ipaddress
import logging
import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from typing import Final
from urllib.parse import urlsplit

import attrs

from sumotext_backend.callbacks import Callback
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.simulator.dialects import PROVIDERS, TELLERS
from sumotext_backend.simulator.dialects.dialect import Teller
from sumotext_backend.simulator.dialects.speak import name_text
from sumotext_backend.simulator.lines import Lines
from sumotext_backend.simulator.signers import SIGNERS
from sumotext_backend.simulator.simulation import Simulation
from sumotext_backend.simulator.states import Step
from sumotext_backend.simulator.store import MAX_RECORDS, Text
from sumotext_backend.simulator.traffic import Called

MAX_WAITING: Final = 10_000
"""How many requests wait to be made; more are not made."""

log: Final = logging.getLogger("sumotext_backend.simulator")


@attrs.define(eq=False)
class Caller:
    """Tells customers what becomes of texts, and what handsets say.

    ``urls`` are where a provider tells what no text names a URL for, and ``keys`` what it signs
    with, both by name of the dialect; Twilio and Plivo sign with an account's token, too. Nobody is
    called but the places of ``urls`` and, with ``may_call_here``, this machine: a text may name
    anybody's. What was made is noted in ``sim``. Raises `ConfigurationError` for a URL or key of no
    use.
    """

    sim: Simulation
    urls: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    keys: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    may_call_here: bool = True
    _told: dict[str, int] = attrs.field(factory=dict, init=False)
    _warned: dict[str, str] = attrs.field(factory=dict, init=False)
    _waiting: queue.Queue[tuple[Text, Callback] | None] = attrs.field(init=False)
    _ended: threading.Event = attrs.field(factory=threading.Event, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin after what was told before a restart."""
        _check(self.urls, self.keys)
        self._waiting = queue.Queue(MAX_WAITING)
        self._told = {text.id: len(text.trail) for text in self.sim.store.texts}

    def tell(self, text: Text) -> None:
        """Queue what is new about ``text``; to be called from one thread at a time."""
        for call in self._list_calls(text):
            try:
                self._waiting.put_nowait((text, self._sign(text, call)))
            except queue.Full:
                self._warn(text.dialect, f"is not made: {MAX_WAITING} wait already")

    def run(self) -> None:
        """Make what is queued, one request after the other, until `end`; blocks."""
        with closing(Lines()) as lines:
            while (each := self._waiting.get()) and not self._ended.is_set():
                text, call = each
                self._note(text, lines.call(call))

    def _note(self, text: Text, status: int | None) -> None:
        self._keep(text, status)
        taken = status is not None and 200 <= status < 300
        said = "got no answer" if status is None else f"got HTTP status {status}"
        self._warn(text.dialect, "" if taken else said)

    def _keep(self, text: Text, status: int | None, *, made: bool = True) -> None:
        called = Called(
            at=self.sim.now(),
            dialect=text.dialect,
            text_id=text.id,
            to=text.handset,
            status=status,
            made=made,
        )
        self.sim.note(called)

    def _warn(self, dialect: str, words: str) -> None:
        """Log ``words`` once, until there is something else to say; "" is that all is well."""
        if self._warned.get(dialect, "") != words:
            self._warned[dialect] = words
            if words:
                log.warning("a callback of %s %s", dialect, words)

    def end(self) -> None:
        """Let `run` end; what is queued is not made."""
        self._ended.set()
        # A full queue needs no more to wake it.
        with suppress(queue.Full):
            self._waiting.put_nowait(None)

    def _list_calls(self, text: Text) -> Iterator[Callback]:
        known = self._told.get(text.id, 0)
        self._remember(text)
        teller, url = TELLERS.get(text.dialect), self.urls.get(text.dialect, "")
        if teller is None:  # one by the backend `inbox`, which no provider took
            return
        for step in text.trail[known:]:
            named = text.callback_url if text.direction == "mt" else None
            target = named or url
            if target and not self._may_call(target):
                self._keep(text, None, made=False)
                self._warn(text.dialect, "names another host, and is not made")
            elif target:
                yield from filter(None, _write(teller, text, step, target))

    def _remember(self, text: Text) -> None:
        if len(self._told) > 2 * MAX_RECORDS:
            living = {each.id for each in self.sim.store.texts}
            self._told = {each: told for each, told in self._told.items() if each in living}
        self._told[text.id] = len(text.trail)

    def _sign(self, text: Text, call: Callback) -> Callback:
        """``call`` with what proves that it is the provider's, where a key for that is known."""
        learned = self.sim.secrets.get((text.dialect, text.fields.get("account", "")), "")
        key = self.keys.get(text.dialect) or learned
        signer = SIGNERS.get(text.dialect)
        return signer(call, key, self.sim.now().timestamp()) if key and signer else call

    def _may_call(self, url: str) -> bool:
        place = _find_place(url)
        if place is None:
            return False
        here = self.may_call_here and _is_here(place[0])
        return here or place in map(_find_place, self.urls.values())


def _check(urls: Mapping[str, str], keys: Mapping[str, str]) -> None:
    """Raise `ConfigurationError` for a URL or a key that cannot be used."""
    for name, url in urls.items():
        if name not in TELLERS or not _find_place(url):
            raise ConfigurationError(
                f"a URL for callbacks wants http:// or https://, and one of {', '.join(TELLERS)}"
            )
    sample = Callback(method="POST", url="http://127.0.0.1/", body=b'{"Type": "Notification"}')
    for name, key in keys.items():
        if name not in SIGNERS:
            raise ConfigurationError(f"only {', '.join(SIGNERS)} sign their callbacks")
        try:
            SIGNERS[name](sample, key, 0.0)
        except ModuleNotFoundError as error:
            wrong = f"needs {error.name}: pip install 'sumotext-backend[callbacks]'"
        except (ValueError, TypeError):
            wrong = "wants a key in another form; see the page on what the simulator signs"
        else:
            continue
        raise ConfigurationError(f"signing as {name} {wrong}")


def _write(teller: Teller, text: Text, step: Step, url: str) -> Iterator[Callback | None]:
    if text.direction == "mt":
        yield teller.report(text, step, url)
        return
    dialect = PROVIDERS.get(text.dialect)
    named = name_text(dialect, text) if dialect else text
    yield teller.inbound(named, url)
    yield teller.consent(named, url)


def _find_place(url: str) -> tuple[str, int | None] | None:
    """Host and port of ``url`` where it is one of HTTP's; else None."""
    try:
        parts = urlsplit(url)
        place = (parts.hostname or "", parts.port)
    except ValueError:
        return None
    return place if place[0] and parts.scheme in ("http", "https") else None


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
