"""The event loop of the simulator: it serves until it is told to stop, and then stops at once.

`uvicorn.Server` would do, but looks only ten times a second whether it should end, and then waits
a tenth more: 200 ms for each simulator of a test. Its protocol is all that is needed of it.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Final

import attrs
import uvicorn
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from sumotext_backend.simulator.api.here import make_here
from sumotext_backend.simulator.app import application
from sumotext_backend.simulator.connection import Connection
from sumotext_backend.simulator.guard import Guard
from sumotext_backend.simulator.simulation import Simulation

_KEEP_ALIVE_SECONDS: Final = 120
_CLOSE_TIMEOUT: Final = 5.0  # seconds for responses that are under way
_TURNS: Final = 3
"""Of the loop, from a connection that the system accepted to one that is known here."""


@attrs.define(eq=False)
class Service:
    """One gateway at one socket; `run` blocks, `stop` may be called from any thread."""

    sim: Simulation
    guard: Guard
    tls: ssl.SSLContext | None = None
    _loop: asyncio.AbstractEventLoop | None = attrs.field(default=None, init=False)
    _stop: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)
    _state: ServerState = attrs.field(factory=ServerState, init=False)

    def run(self, listener: socket.socket, on_ready: Callable[[], object]) -> None:
        """Serve at ``listener`` until `stop`; ``on_ready`` is called once it answers."""
        # Whatever loop the process has chosen otherwise: `Connection.reset` needs a real socket.
        with listener, asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._serve(listener, on_ready))

    def stop(self) -> None:
        """Let `run` end, also before it has begun; once is enough."""
        if self._loop is None:
            self._stop.set()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)

    async def _serve(self, listener: socket.socket, on_ready: Callable[[], object]) -> None:
        self._loop = asyncio.get_running_loop()
        here = make_here(self.sim, self._loop)
        config = _configure(application(here, self.guard))
        deaf = self.sim.store.subscribe(here.bell.ring)
        server = await self._loop.create_server(
            lambda: Connection(config, self._state, {}, self._loop), sock=listener, ssl=self.tls
        )
        try:
            on_ready()
            await self._stop.wait()
        finally:
            deaf()
            here.bell.close()
            await self._accept_no_more(listener)
            server.close()
            await self._close()

    async def _accept_no_more(self, listener: socket.socket) -> None:
        """Stop accepting; what was accepted just now becomes a connection, which can be ended.

        asyncio would leave its socket open where the server is closed before.
        """
        asyncio.get_running_loop().remove_reader(listener)
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def _close(self) -> None:
        """End every connection; responses under way have a moment to be finished."""
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            _, late = await asyncio.wait(self._state.tasks, timeout=_CLOSE_TIMEOUT)
            for task in late:
                task.cancel()
        await self._break_off()

    async def _break_off(self) -> None:
        """End what a peer keeps open: it takes no answer, or says no goodbye over TLS."""
        while self._state.connections:
            for connection in list(self._state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)


def _configure(app: ASGIApp) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
    config.load()
    # Below DEBUG, uvicorn wraps the application in one that logs every query.
    config.loaded_app = app
    return config
