"""Look-ups that are paid for: what is asked of the memory of them, and of a backend that needs one.

`LookupMemory` is what the ledger gives, so that of all threads, processes and machines one alone
looks a number up. `LooksUp` is what a backend says that must know a carrier before it can make a
request.
"""

from __future__ import annotations

from typing import Literal, Protocol, runtime_checkable

import attrs

from sumotext_backend.models import Message, Verdict

State = Literal["ASKED", "FOUND", "MISSING", "LOST"]


@attrs.frozen(kw_only=True)
class Payer:
    """The ``account`` that pays for a look-up at the gateway ``source``.

    It makes ``limit`` of them a day (UTC) at most, and one takes ``lease`` seconds at most.
    """

    source: str
    account: str
    limit: int
    lease: float


@attrs.frozen
class Finding:
    """What is known of one number: it is being ``ASKED`` just now, or how that ended.

    ``carrier`` is empty unless ``state`` is ``FOUND``. ``LOST`` may have been paid for.
    """

    state: State
    carrier: str = ""


@attrs.frozen
class Claimed:
    """The right of ``owner`` to look a number up, which counts already.

    ``source`` and ``person``, a keyed hash, say which finding, ``account`` and ``day`` what it is
    counted for.
    """

    source: str
    person: str = attrs.field(repr=False)
    owner: str = attrs.field(repr=False)
    account: str
    day: str


@attrs.frozen
class Spent:
    """No look-up may be made any more today: there were ``count``."""

    count: int


class LookupMemory(Protocol):
    """What is remembered of look-ups. A number is in E.164. Raises `SmsError`."""

    def peek(self, payer: Payer, number: str) -> Finding | None:
        """What is known of ``number``, if it still holds. Makes and changes nothing."""
        ...

    def claim(self, payer: Payer, number: str) -> Finding | Claimed | Spent:
        """What is known of ``number``; or the right to look it up, alone, for ``payer.lease``.

        That is durable when this returns, and is not given again before it is out of date.
        """
        ...

    def settle(self, claimed: Claimed, finding: Finding, lasts: float) -> None:
        """Write down what came of a claim, and for how many seconds it is believed."""
        ...

    def release(self, claimed: Claimed) -> None:
        """Give a claim back that surely cost nothing."""
        ...


@runtime_checkable
class LooksUp(Protocol):
    """A backend that may have to look a carrier up before it can make a request."""

    timeout: float

    def wants_lookup(self, message: Message) -> bool:
        """Whether the carrier of ``message`` is to be looked up. Pure."""
        ...

    def add_carrier(self, message: Message, lookups: LookupMemory) -> Message | Verdict:
        """``message`` with the carrier of its number; or why it was surely not sent.

        Never raises for what a network, a server or a store does.
        """
        ...
