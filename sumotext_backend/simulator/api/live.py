"""Changes of the store as server-sent events.

Every viewer has a place in the store's changes, and no queue: one that reads slowly finds more at
once later, and one that comes too late is told to begin anew. So viewers cost no memory that
grows.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

import attrs

from sumotext_backend.simulator.api.bell import Bell
from sumotext_backend.simulator.api.views import in_brief
from sumotext_backend.simulator.store import Store

MAX_VIEWERS: Final = 100

_TICK_SECONDS: Final = 0.1
"""Changes within it are told together."""
_IDLE_SECONDS: Final = 15.0
"""A sign of life after so long, by which a viewer that has gone is noticed."""


@attrs.define(eq=False)
class Live:
    """What all viewers of one store share."""

    store: Store
    bell: Bell
    viewers: int = attrs.field(default=0, init=False)
    _last: tuple[int, int, bytes] = attrs.field(default=(-1, -1, b""), init=False)

    async def events(self, since: int) -> AsyncIterator[bytes]:
        """Events from that version on, until the viewer leaves."""
        self.viewers += 1
        try:
            yield b"retry: 1000\n\n"
            while not self.bell.closed:
                if self.store.version == since:
                    await self.bell.wait(_IDLE_SECONDS)
                if self.store.version == since:
                    yield b": still here\n\n"
                    continue
                await asyncio.sleep(_TICK_SECONDS)
                version = self.store.version
                yield self._describe(since, version)
                since = version
        finally:
            self.viewers -= 1

    def _describe(self, since: int, version: int) -> bytes:
        """One event; viewers at the same place share it."""
        if self._last[:2] != (since, version):
            self._last = (since, version, self._encode(since, version))
        return self._last[2]

    def _encode(self, since: int, version: int) -> bytes:
        changes = self.store.changes(since)
        if changes is None:
            return f"event: reset\nid: {version}\ndata: {{}}\n\n".encode()
        told = {
            "texts": [*map(in_brief, changes.texts)],
            "gone": changes.gone,
            "refused": self.store.refused,
        }
        data = json.dumps(told, separators=(",", ":"))
        return f"event: changes\nid: {version}\ndata: {data}\n\n".encode()
