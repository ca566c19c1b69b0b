"""Wakes coroutines when the store changes, whichever thread changed it."""

from __future__ import annotations

import asyncio
import contextlib

import attrs


@attrs.define(eq=False)
class Bell:
    """Belongs to one event loop; `ring` may be called from any thread.

    Whoever waits looks at the store first: a change before `wait` wakes nobody.
    """

    loop: asyncio.AbstractEventLoop
    _waiting: set[asyncio.Future[None]] = attrs.field(factory=set, init=False)
    _rung: bool = attrs.field(default=False, init=False)
    closed: bool = attrs.field(default=False, init=False)

    def ring(self) -> None:
        """Wake all who wait; cheap where many changes come at once."""
        if not self._rung and self._waiting:
            self._rung = True
            self.loop.call_soon_threadsafe(self._wake)

    def close(self) -> None:
        """Let nobody wait any longer; to be called in the loop."""
        self.closed = True
        self._wake()

    async def wait(self, seconds: float) -> None:
        """Wait for a ring, and for so long at the most."""
        if self.closed:
            return
        woken = self.loop.create_future()
        self._waiting.add(woken)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await woken
        finally:
            self._waiting.discard(woken)

    def _wake(self) -> None:
        self._rung = False
        for each in self._waiting:
            if not each.done():
                each.set_result(None)
