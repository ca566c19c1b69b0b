"""`Simulator` and `serve`: the gateway on a port of this machine."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.simulator.store import Received, Seen, Store

if TYPE_CHECKING:
    from uvicorn import Server

LOOPBACK: Final = "127.0.0.1"

_BACKLOG: Final = 2048
_PATIENCE: Final = 60.0  # seconds for starting, and for stopping; a busy machine takes some
_IDLE: Final = 120  # seconds that an unused connection stays open


class Simulator:
    """The gateway in a thread of this process, while a ``with`` block runs.

    ``port`` 0 is any that is free. ``host`` is an IP address, of another than the loopback
    network only with ``allow_remote``: whoever reaches the simulator can read its texts.
    Entering raises `OSError` for a port that is taken, and `ConfigurationError` for a host that
    may not be, or where the extra `cli` is missing.
    """

    def __init__(self, port: int = 0, host: str = LOOPBACK, *, allow_remote: bool = False) -> None:
        """Take note; nothing is opened before the ``with`` block."""
        self._wanted = (port, host, allow_remote)
        self._store = Store()
        self._address: tuple[str, int] | None = None
        self._running: tuple[Server, threading.Thread] | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end: the ``base_url`` of the legacy API."""
        return _url(*self._entered)

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return self._entered[1]

    @property
    def messages(self) -> tuple[Received, ...]:
        """The texts that it accepted, the oldest first; the last 10 000."""
        return self._store.messages

    @property
    def requests(self) -> tuple[Seen, ...]:
        """Every Send MT that it saw, accepted or not, the oldest first; the last 10 000."""
        return self._store.requests

    def clear(self) -> None:
        """Forget all texts and requests."""
        self._store.clear()

    def close(self) -> None:
        """Stop, and break off what still waits for an answer; once is enough."""
        if self._running:
            (server, thread), self._running = self._running, None
            server.should_exit = True
            thread.join(_PATIENCE)

    def __enter__(self) -> Self:
        """Start; it can be sent to at once."""
        if self._running:
            raise RuntimeError("the simulator is running already")
        port, host, allow_remote = self._wanted
        server = _server(self._store)
        listener = _listener(host, port, allow_remote=allow_remote)
        self._address = (host, listener.getsockname()[1])
        thread = threading.Thread(
            target=_run, args=(server, listener), name="sumotext-simulator", daemon=True
        )
        self._running = (server, thread)
        thread.start()
        self._wait(server, thread)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    @property
    def _entered(self) -> tuple[str, int]:
        if self._address is None:
            raise RuntimeError("the simulator has no address before it is entered; use `with`")
        return self._address

    def _wait(self, server: Server, thread: threading.Thread) -> None:
        until = time.monotonic() + _PATIENCE
        while not server.started:
            if not thread.is_alive() or time.monotonic() > until:
                self.close()
                raise RuntimeError("the simulator did not start")
            time.sleep(0.002)


def serve(
    port: int,
    host: str = LOOPBACK,
    *,
    on_ready: Callable[[str], object] = lambda _url: None,
    allow_remote: bool = False,
) -> None:
    """Run the simulator until Ctrl-C, printing nothing.

    ``on_ready`` is called with the URL as soon as it can be sent to.
    Arguments and errors otherwise are those of `Simulator`.
    """
    server = _server(Store())
    listener = _listener(host, port, allow_remote=allow_remote)
    with listener, contextlib.suppress(KeyboardInterrupt):
        on_ready(_url(host, listener.getsockname()[1]))
        _run(server, listener)


def _run(server: Server, listener: socket.socket) -> None:
    import asyncio

    # Whatever loop the process has chosen otherwise: `Protocol.reset` needs a real socket.
    with listener, asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(server.serve(sockets=[listener]))


def _server(store: Store) -> Server:
    """The server, not started. Raises `ConfigurationError` where the extra is missing."""
    try:
        import uvicorn

        from sumotext_backend.simulator.app import application
        from sumotext_backend.simulator.protocol import Protocol
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the simulator needs {error.name}: pip install 'sumotext-backend[cli]'"
        ) from None
    app = application(store)
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=5,
    )
    config.load()
    # Below DEBUG, uvicorn wraps the application in one that logs every query.
    config.loaded_app = app
    return uvicorn.Server(config)


def _listener(host: str, port: int, *, allow_remote: bool) -> socket.socket:
    """A socket that takes connections already, though nobody answers yet."""
    address = _checked(host, allow_remote=allow_remote)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    code = 0
    try:
        return socket.create_server((address, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        code = error.errno or 0
    raise OSError(code, os.strerror(code), f"{host} port {port}")


def _checked(host: str, *, allow_remote: bool) -> str:
    """``host`` as an IP address."""
    try:
        address = ipaddress.ip_address(LOOPBACK if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None:
        raise ConfigurationError("the simulator's host wants an IP address, such as 127.0.0.1")
    if not (address.is_loopback or allow_remote):
        raise ConfigurationError(
            "the simulator shows its texts to whoever reaches it; "
            "listen at 127.0.0.1, or pass allow_remote=True"
        )
    return str(address)


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
