"""One simulated gateway, in no provider's words: what it does with a text, and with a handset."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import attrs

from sumotext_backend.keywords import read_keyword
from sumotext_backend.models import Outcome, Reason
from sumotext_backend.msisdn import InvalidNumberError, parse
from sumotext_backend.segments import segment
from sumotext_backend.simulator.account import Account
from sumotext_backend.simulator.behaviour import ACCEPT, BEHAVIOURS, OPTED_OUT, Behaviour, find_fate
from sumotext_backend.simulator.draft import Draft, clean, new_id
from sumotext_backend.simulator.exchange import Received, mask_secrets, shorten
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Store, Text
from sumotext_backend.simulator.traffic import MAX_CALLED, NO_PATH, Called, Seen

MAX_FAULTS: Final = 1000
"""How many requests to come may be told what to do."""

MAX_ACCOUNTS: Final = 1000
"""How many accounts' secrets are known at a time."""

_HEEDED: Final = {"stop": "opted out", "start": "opted in"}
"""What is said of a text from a handset, by the keyword in it."""

_WANTS_YES: Final = ("not-opted-in", "not-found")
"""What a number is no longer, once it has opted in."""


@attrs.define(eq=False)
class Simulation:
    """The gateway behind all dialects; its methods may be called from any thread.

    ``now`` tells the time in UTC. ``faults`` are what is done with the next requests to send.
    ``stopped`` are the pairs of handset and sender that a STOP stands between, ``opted_in`` those
    between which a START or an opt-in does. ``account`` is what SUMOTEXT's pages beside sending
    changed. ``secrets`` are what accounts proved themselves by, by dialect and account; callbacks
    are signed with them. ``called`` are the last requests that were made of customers.
    """

    store: Store = attrs.field(factory=Store)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: deque[Behaviour] = attrs.field(factory=lambda: deque(maxlen=MAX_FAULTS))
    stopped: set[tuple[str, str]] = attrs.field(factory=set)
    opted_in: set[tuple[str, str]] = attrs.field(factory=set)
    account: Account = attrs.field(factory=Account)
    secrets: dict[tuple[str, str], str] = attrs.field(factory=dict, repr=False)
    called: deque[Called] = attrs.field(factory=lambda: deque(maxlen=MAX_CALLED))

    def __attrs_post_init__(self) -> None:
        """Heed what handsets said before a restart."""
        for text in self.store.texts:
            if text.direction == "mo":
                self._heed(text)

    def take(
        self,
        received: Received,
        draft: Draft,
        asked: Behaviour,
        reasons: Mapping[str, Reason | None] = {},
    ) -> tuple[Behaviour, Text | None]:
        """What is done with a request to send, and the text where it was accepted.

        The arguments are those of `decide` and `keep`.
        """
        behaviour = self.decide(draft, asked, reasons)
        return behaviour, self.keep(received, draft, behaviour)

    def decide(
        self, draft: Draft, asked: Behaviour, reasons: Mapping[str, Reason | None] = {}
    ) -> Behaviour:
        """What is done with ``draft``.

        ``asked`` is what its number asks for, or its form where that is wrong. ``reasons`` are,
        by name of a behaviour, what a client of this dialect is told other than elsewhere; None
        where it is accepted.
        """
        chosen = self._choose(draft, asked)
        return attrs.evolve(chosen, reason=reasons.get(chosen.name, chosen.reason))

    def keep(self, received: Received, draft: Draft, behaviour: Behaviour) -> Text | None:
        """Remember a request to send, and the text where ``behaviour`` accepts it."""
        accepted = behaviour.outcome is Outcome.ACCEPTED
        masked = mask_secrets(received)
        text = self.accept(draft, masked, find_fate(behaviour)) if accepted else None
        seen = Seen(
            method=received.method,
            mobile=draft.recipient,
            name=behaviour.name,
            outcome=behaviour.outcome,
            reason=behaviour.reason,
            received_at=self.now(),
            dialect=draft.dialect,
            request=masked if accepted else shorten(masked),
        )
        self.store.see(seen)
        return text

    def miss(self, received: Received, dialect: str) -> None:
        """Remember a request for which ``dialect``, or with "" nobody, has a path.

        Whoever pointed a program at a wrong URL looks for it among the requests.
        """
        seen = Seen(
            method=received.method,
            mobile="",
            name=NO_PATH,
            outcome=Reason.REFUSED_REQUEST.outcome,
            reason=Reason.REFUSED_REQUEST,
            received_at=self.now(),
            dialect=dialect,
            request=shorten(mask_secrets(received)),
        )
        self.store.miss(seen)

    def note(self, called: Called) -> None:
        """Remember a request that was made of a customer."""
        self.called.append(called)
        self.store.touch(called.text_id)

    def learn(self, draft: Draft, secret: str) -> None:
        """Remember by what the account of ``draft`` proved itself, in memory alone."""
        if len(self.secrets) >= MAX_ACCOUNTS:
            self.secrets.clear()
        if secret:
            self.secrets[draft.dialect, draft.fields.get("account", "")] = secret

    def accept(self, draft: Draft, request: Received | None = None, fate: str = "") -> Text:
        """Keep a text to a handset, whose ``fate`` is as `compose` takes it."""
        text = self.compose(draft, request, fate)
        self.store.put(text)
        return text

    def compose(self, draft: Draft, request: Received | None = None, fate: str = "") -> Text:
        """``draft`` as a text of this moment, which is not kept.

        ``fate`` is the name of the behaviour that decides what becomes of it.
        """
        cuts, at = segment(draft.body), self.now()
        return Text(
            **attrs.asdict(draft, recurse=False),
            at=at,
            segments=cuts.count,
            encoding=cuts.encoding,
            request=request,
            trail=(Step(at, State.SUBMITTED, fate),),
        )

    def choose(self, name: str, times: int = 1) -> None:
        """Let that many requests more be answered by the behaviour of that ``name``.

        Raises `ValueError` for what cannot be chosen, `OverflowError` where too much is already.
        """
        if name not in BEHAVIOURS:
            raise ValueError(f"'name' wants to be one of {', '.join(BEHAVIOURS)}")
        if not 1 <= times <= MAX_FAULTS:
            raise ValueError(f"'times' wants a number from 1 to {MAX_FAULTS}")
        if times + len(self.faults) > MAX_FAULTS:
            raise OverflowError("too many requests are told what to do already; forget them first")
        self.faults.extend([BEHAVIOURS[name]] * times)

    def find(self, text_id: str, dialect: str) -> Text | None:
        """The text that ``dialect`` took under that id."""
        text = self.store.get(text_id)
        return text if text and text.dialect == dialect else None

    def move(self, text_id: str, state: State, detail: str = "") -> Text | None:
        """The text of that id in its next state; None where there is none."""
        return self.store.step(text_id, Step(self.now(), state, detail))

    def reply(self, text: Text, body: str) -> Text:
        """What the handset of ``text`` answers; STOP and START are heeded."""
        ends = text.recipient, text.sender
        sender, recipient = ends if text.direction == "mt" else ends[::-1]
        body = clean(body)
        cuts, at = segment(body), self.now()
        heard = read_keyword(body)
        answer = attrs.evolve(
            text,
            id=new_id(),
            direction="mo",
            at=at,
            sender=sender,
            recipient=recipient,
            body=body,
            segments=cuts.count,
            encoding=cuts.encoding,
            request=None,
            trail=(Step(at, State.RECEIVED, _HEEDED.get(heard or "", "")),),
        )
        self._heed(answer)
        self.store.put(answer)
        return answer

    def opt_in(self, *, handset: str, sender: str) -> None:
        """Let the handset want the texts of ``sender``, whatever it said before."""
        pair = normalize(handset), normalize(sender)
        self.stopped.discard(pair)
        self.opted_in.add(pair)

    def is_stopped(self, sender: str, handset: str) -> bool:
        """Whether the handset said STOP to ``sender``, and not START since."""
        return (normalize(handset), normalize(sender)) in self.stopped

    def clear(self) -> None:
        """Forget texts, requests, chosen faults, who said STOP, and what the account did."""
        self.faults.clear()
        self.stopped.clear()
        self.opted_in.clear()
        self.account.clear()
        self.called.clear()
        self.store.clear()

    def _choose(self, draft: Draft, asked: Behaviour) -> Behaviour:
        """A fault that was chosen comes first and is spent, then a STOP, then what was asked."""
        if self.faults:
            return self.faults.popleft()
        pair = normalize(draft.recipient), normalize(draft.sender)
        if asked is ACCEPT and pair in self.stopped:
            return OPTED_OUT
        return ACCEPT if asked.name in _WANTS_YES and pair in self.opted_in else asked

    def _heed(self, answer: Text) -> None:
        pair = normalize(answer.sender), normalize(answer.recipient)
        said = read_keyword(answer.body)
        if said == "stop":
            self.stopped.add(pair)
            self.opted_in.discard(pair)
        elif said == "start":
            self.opt_in(handset=answer.sender, sender=answer.recipient)


def normalize(number: str) -> str:
    """``number`` in E.164, or as it is where it is a short code or a name."""
    try:
        return parse(number).e164
    except InvalidNumberError:
        return number.strip()
