"""Makes requests of customers, over connections that are kept."""

from __future__ import annotations

import time
from typing import Final
from urllib.parse import urlsplit

import attrs

from sumotext_backend.callbacks import Callback
from sumotext_backend.deadline import Limits
from sumotext_backend.http.request import Request, find_problem
from sumotext_backend.http.response import NoResponse
from sumotext_backend.http.socket_driver import SocketDriver

MAX_HOSTS: Final = 20
"""To how many connections are kept."""

_CONNECT_TIMEOUT: Final = 2.0  # seconds
_TIMEOUT: Final = 10.0


@attrs.define(eq=False)
class Lines:
    """Connections to customers, for one thread."""

    _drivers: dict[str, SocketDriver] = attrs.field(factory=dict, init=False)

    def call(self, call: Callback) -> int | None:
        """Make one request, once, and follow nothing: the status; None without an answer."""
        try:
            parts = urlsplit(call.url)
            driver = self._find(f"{parts.scheme}://{parts.netloc}")
        except (OSError, ValueError):
            return None
        request = Request(
            target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            method=call.method,
            body=None if call.method == "GET" else call.body,
            headers=call.headers,
        )
        if find_problem(request):
            return None
        now = time.monotonic()
        said = driver.send(request, Limits(now + _CONNECT_TIMEOUT, now + _TIMEOUT))
        return None if isinstance(said, NoResponse) else said.status

    def close(self) -> None:
        """Close the connections."""
        for driver in self._drivers.values():
            driver.close()
        self._drivers.clear()

    def _find(self, origin: str) -> SocketDriver:
        if origin not in self._drivers:
            if len(self._drivers) >= MAX_HOSTS:
                self.close()
            self._drivers[origin] = SocketDriver(origin, None)
        return self._drivers[origin]
