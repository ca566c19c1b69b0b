"""What no application can do: break a connection off."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

# On, for 0 seconds: closing discards what is unsent, and tells the peer by a reset.
_NO_LINGERING: Final = struct.pack("ii", 1, 0)


class Connection(H11Protocol):
    """One connection; its application finds `reset` in the request's state."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Hand `reset` on, and log no request: its query is a number and a text."""
        super().__init__(config, server_state, {**app_state, "reset": self.reset}, _loop)
        # Config(access_log=False) would silence the logger for every server of the process.
        self.access_log = False

    def reset(self) -> None:
        """End the connection by a TCP reset."""
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        self.transport.abort()

    def shutdown(self) -> None:
        """End an idle connection; break off one that still waits for an answer, or to read it."""
        waits = self.cycle is not None and not self.cycle.response_complete
        if waits or self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().shutdown()
