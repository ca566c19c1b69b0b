"""`Playlist`: the faults that a gateway is still to commit, in order; the last repeats."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection

from sumotext_backend.testing.hostile.faults import fault
from sumotext_backend.testing.hostile.request import Request
from sumotext_backend.testing.hostile.script import Choose, End, Fault, Raw, Reply, Stage

Play = str | Fault | Reply | Raw | Callable[[Request], Reply]
"""A fault, by its name or itself, a reply, some bytes, or what makes a reply of a request."""


class Playlist:
    """A script as faults. Raises `ValueError` for an unknown name, and for a fault of TLS without.

    With no script it is one fault without steps, upon which the gateway accepts.
    """

    def __init__(self, script: tuple[Play, ...], *, tls: bool) -> None:
        """Take ``script`` for a gateway that speaks TLS, or does not."""
        accepts = Fault("accepted", "ok", "Accepts.")
        self._faults = deque(to_fault(one) for one in script) or deque([accepts])
        for one in self._faults:
            if one.tls_only and not tls:
                raise ValueError(f"fault {one.name!r} is one of TLS: HostileGateway(tls=True)")

    @property
    def next(self) -> Fault:
        """The fault that comes next."""
        return self._faults[0]

    def take(self, stages: Collection[Stage]) -> Fault | None:
        """Use up the next fault, unless it is the last; None where it is not one of ``stages``."""
        following = self.next
        if following.stage not in stages:
            return None
        if len(self._faults) > 1:
            self._faults.popleft()
        return following


def to_fault(play: Play) -> Fault:
    """``play`` as a fault. Raises `ValueError` for an unknown name."""
    if isinstance(play, Fault):
        return play
    if isinstance(play, str):
        return fault(play)
    if isinstance(play, Raw):
        tail = () if play.end == "keep" else (End(play.end),)
        return Fault("raw", "wire", "Answers with given bytes.", (play, *tail))
    step = play if isinstance(play, Reply) else Choose(play)
    return Fault("reply", "ok", "Answers with a given reply.", (step,))
