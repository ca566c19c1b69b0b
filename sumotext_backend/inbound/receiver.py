"""`receive`: one request of a provider, from the door to the ledger and to the hooks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

import attrs

from sumotext_backend.callbacks import (
    Authenticity,
    Callback,
    NamesCertificate,
    ReadsCallbacks,
    Reply,
)
from sumotext_backend.events import Event, SubscriptionRequest
from sumotext_backend.exceptions import CallbackError
from sumotext_backend.inbound.arrivals import (
    Arrival,
    find_client,
    find_public_url,
    is_a_look,
    is_in,
)
from sumotext_backend.inbound.settings import (
    InboundTable,
    Network,
    is_token,
    parse_networks,
    warn_without_secrets,
)
from sumotext_backend.keywords import add_consent
from sumotext_backend.ledger import Ledger, LedgerError
from sumotext_backend.ledger.heeding import Belief
from sumotext_backend.ledger.inbox import (
    Told,
    claim_event,
    end_event,
    keep_events,
    list_open,
)

log: Final = logging.getLogger("sumotext_backend.inbound")

METHODS: Final = ("GET", "POST")
_ALLOW: Final = {"Allow": ", ".join((*METHODS, "HEAD", "OPTIONS"))}
RETRY: Final = "'sumotext inbound retry'"


class Tell(Protocol):
    """How hooks hear of an event."""

    def __call__(self, event: Event, *, again: bool) -> list[str]:
        """Tell all of ``event``; the names of those that raised. ``again`` where some know it."""


class Fetch(Protocol):
    """How the receiver gets what a callback names: a certificate, or a confirmation."""

    def __call__(self, url: str) -> bytes:
        """The body behind ``url``. Raises `OSError`."""


@attrs.frozen(kw_only=True)
class Receiver:
    """Who may call, where it is kept, and who hears of it.

    ``backends`` are the providers by alias. Usable from several threads and after a fork.
    """

    backends: Mapping[str, ReadsCallbacks] = attrs.field(repr=False)
    ledger: Ledger
    tell: Tell = attrs.field(repr=False)
    fetch: Fetch = attrs.field(repr=False)
    table: InboundTable = attrs.field(factory=InboundTable)
    clock: Callable[[], float] = attrs.field(default=time.time, repr=False)
    _allow: tuple[Network, ...] = attrs.field(init=False, repr=False)
    _proxies: tuple[Network, ...] = attrs.field(init=False, repr=False)

    @_allow.default
    def _read_allow(self) -> tuple[Network, ...]:
        return parse_networks(self.table.allow)

    @_proxies.default
    def _read_proxies(self) -> tuple[Network, ...]:
        return parse_networks(self.table.trusted_proxies)

    def warn(self) -> None:
        """Warn of doors without a secret, as the applications do when they are made."""
        if not self.table.secrets:
            log.warning("[inbound] %s", warn_without_secrets(()))

    def receive(self, arrival: Arrival) -> Reply:
        """What the caller gets; what it tells is durable, and told to hooks. Never raises."""
        refused = self.refuse(arrival)
        if refused:
            return refused
        if arrival.body is None:
            return Reply(status=413)
        alias, _ = arrival.place
        return self._take(alias, self.backends[alias], self._make_callback(alias, arrival))

    def refuse(self, arrival: Arrival) -> Reply | None:
        """What the caller gets whatever its body is; None where that is to be read."""
        alias, token = arrival.place
        if not is_token(self.table, alias, token) or alias not in self.backends:
            return Reply(status=404)
        if arrival.method in ("HEAD", "OPTIONS"):
            return Reply(status=200 if arrival.method == "HEAD" else 204, headers=_ALLOW)
        if arrival.method not in METHODS:
            return Reply(status=405, headers=_ALLOW)
        if self._allow and not is_in(find_client(arrival, self._proxies), self._allow):
            return Reply(status=403)
        return Reply(status=403) if is_a_look(arrival) else None

    def _make_callback(self, alias: str, arrival: Arrival) -> Callback:
        return Callback(
            method=arrival.method,
            url=find_public_url(arrival, self.table.public_url, self._proxies),
            headers=arrival.headers,
            body=arrival.body or b"",
            alias=alias,
        )

    def _take(self, alias: str, backend: ReadsCallbacks, callback: Callback) -> Reply:
        try:
            callback = self._add_certificate(backend, callback)
            proof = backend.authenticate(callback, self.clock())
            if proof is Authenticity.WRONG:
                log.warning("provider %r: a callback without its proof was refused", alias)
                return Reply(status=403)
            events = add_consent(backend.read_callback(callback), self.table.stop_words)
            reply = backend.reply_to(callback)
            believes, words = self._make_belief(backend, proof), self.table.stop_words
            fresh = keep_events(self.ledger, alias, events, believes, words)
            self._confirm(events, proof)
        except CallbackError as error:
            log.warning("provider %r: a callback cannot be read: %s", alias, error)
            return Reply(status=400)
        except Exception as error:  # noqa: BLE001 - a stranger's provider may raise anything
            why = str(error) if isinstance(error, LedgerError) else type(error).__name__
            log.error("provider %r: a callback is not done with: %s", alias, why)  # noqa: TRY400
            return Reply(status=503, headers={"Retry-After": "30"})
        for seq in fresh:
            self._tell_kept(seq)
        return reply

    def _add_certificate(self, backend: ReadsCallbacks, callback: Callback) -> Callback:
        if not isinstance(backend, NamesCertificate):
            return callback
        url = backend.find_certificate_url(callback)
        return attrs.evolve(callback, certificate=self.fetch(url)) if url else callback

    def _make_belief(self, backend: ReadsCallbacks, proof: Authenticity) -> Belief:
        """Which yes is believed: no stranger's, and none that was given to another keyword."""
        # A secret address is some proof; without one nobody may give consent for another.
        known = proof is Authenticity.PROVEN or bool(self.table.secrets)
        own = str(getattr(backend, "keyword", "")).casefold()
        return lambda said: known and (not own or said.keyword.casefold() in ("", own))

    def _confirm(self, events: list[Event], proof: Authenticity) -> None:
        for event in events:
            if isinstance(event, SubscriptionRequest) and proof is Authenticity.PROVEN:
                self.fetch(event.url)

    def _tell_kept(self, seq: int, state: str = "WAITING", owner: str = "") -> bool:
        """Tell of one event, which is safe by now; whether all have heard of it."""
        try:
            return self._tell_one(seq, state, owner)
        except LedgerError as error:
            log.error("event %d: %s; %s tells it again", seq, error, RETRY)  # noqa: TRY400
            return False

    def _tell_one(self, seq: int, state: str, owner: str) -> bool:
        told = claim_event(self.ledger, seq, state, owner)
        if told is None:
            return False
        missed = self._hear(told)
        why = f"not heard by {', '.join(missed)}" if missed else ""
        end_event(self.ledger, told, why)
        if why:
            log.error("event %d of %r: %s; %s tells it again", seq, told.event.alias, why, RETRY)
        return not why

    def _hear(self, told: Told) -> list[str]:
        try:
            return self.tell(told.event, again=told.again)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - hooks are strangers' too
            return [type(error).__name__]

    def retry(self) -> tuple[int, int]:
        """Tell of what not all have heard of; how many were told, and how many still wait.

        Raises `LedgerError`.
        """
        found = list_open(self.ledger)
        ended = [self._tell_kept(each.seq, each.state, each.owner) for each in found]
        return sum(ended), len(ended) - sum(ended)
