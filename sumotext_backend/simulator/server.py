"""`Simulator` and `serve`: the gateway on a port of this machine."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.simulator.account import Account
from sumotext_backend.simulator.guard import Guard
from sumotext_backend.simulator.listener import LOOPBACK, listen, read_certificate, url_of
from sumotext_backend.simulator.living import Living, Pace, live
from sumotext_backend.simulator.query import Query
from sumotext_backend.simulator.shelf import open_shelf
from sumotext_backend.simulator.signals import stop_on_signals
from sumotext_backend.simulator.simulation import Simulation
from sumotext_backend.simulator.store import Store, Text
from sumotext_backend.simulator.traffic import Called, Seen

if TYPE_CHECKING:
    from sumotext_backend.simulator.loop import Service

_START_TIMEOUT: Final = 60.0  # seconds, and as many to stop: a busy machine takes some

_STILL: Final = Pace()
_REAL: Final = Pace(speed=1.0)


class Simulator:
    """The gateway in a thread of this process, while a ``with`` block runs.

    ``port`` 0 is any that is free. ``host`` is an IP address, of another than the loopback
    network only with a ``token``, which whoever looks at the inbox or asks its API must have.
    ``db`` is a file that keeps the texts for the next time. ``pace`` says how fast texts walk
    through their states, and who is told; by itself time stands still, but for `advance`.
    ``certificate`` is a PEM file of a certificate and its key, for clients that know https alone.
    Entering raises `OSError` for a port that is taken, and `ConfigurationError` for a host or a
    file that may not be, or where the extra `cli` is missing.
    """

    def __init__(  # noqa: PLR0913 - one for each flag of the command
        self,
        port: int = 0,
        host: str = LOOPBACK,
        *,
        token: str = "",
        db: Path | None = None,
        pace: Pace = _STILL,
        certificate: Path | None = None,
    ) -> None:
        """Take note; nothing is opened before the ``with`` block."""
        self._wanted = (port, host, token, db)
        self._certificate = certificate
        self._pace = pace
        self._sim = Simulation()
        self._living: Living | None = None
        self._address: tuple[str, int] | None = None
        self._running: tuple[Service, threading.Thread] | None = None
        self._opened = contextlib.ExitStack()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end: the ``base_url`` of the legacy API."""
        return url_of(*self._endpoint, secure=self._certificate is not None)

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return self._endpoint[1]

    @property
    def messages(self) -> tuple[Text, ...]:
        """The texts that it accepted, the oldest first; the last 10 000."""
        return tuple(text for text in self._sim.store.texts if text.direction == "mt")

    @property
    def requests(self) -> tuple[Seen, ...]:
        """Every Send MT that it saw, accepted or not, the oldest first; the last 10 000."""
        return self._sim.store.requests

    def wait_for(self, count: int = 1, *, seconds: float = 5.0, **wanted: str) -> tuple[Text, ...]:
        """The texts that ``wanted`` describes, the oldest first, once there are ``count`` of them.

        ``wanted`` are the fields of `Query`: ``id``, ``to``, ``sender``, ``text`` (a part of it),
        ``provider``, ``state``, ``direction``. Raises `TimeoutError` after ``seconds``.
        """
        query, changed = Query(**wanted), threading.Event()
        stop, until = self._sim.store.subscribe(changed.set), time.monotonic() + seconds
        try:
            while len(found := tuple(query.select(self._sim.store.texts))) < count:
                if not changed.wait(max(0.0, until - time.monotonic())):
                    raise TimeoutError(f"{len(found)} of {count} texts came in {seconds:g} s")
                changed.clear()
        finally:
            stop()
        return found

    def reply(self, text: Text, words: str) -> Text:
        """Let the handset of ``text`` answer; STOP and START are heeded."""
        return self._sim.reply(text, words)

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass for the texts; their states are changed on return."""
        if self._living is None:
            raise RuntimeError("no time passes in a simulator before it is entered; use `with`")
        self._living.life.advance(seconds)

    @property
    def called(self) -> tuple[Called, ...]:
        """The last 1000 requests that were made of customers, the oldest first."""
        return self._living.called if self._living else ()

    def fail_next(self, name: str, times: int = 1) -> None:
        """Let the next requests be answered as the magic number of that ``name`` is.

        Raises `ValueError` for a name that is none.
        """
        self._sim.choose(name, times)

    @property
    def account(self) -> Account:
        """What was looked up and changed at SUMOTEXT's pages beside sending."""
        return self._sim.account

    def clear(self) -> None:
        """Forget texts and requests, what was chosen for the next ones, and the account."""
        self._sim.clear()

    def close(self) -> None:
        """Stop, and break off what still waits for a response; once is enough."""
        if self._running:
            (service, thread), self._running = self._running, None
            service.stop()
            thread.join(_START_TIMEOUT)
        self._opened.close()

    def __enter__(self) -> Self:
        """Start; it can be sent to at once."""
        if self._running:
            raise RuntimeError("the simulator is running already")
        port, host, token, db = self._wanted
        tls = read_certificate(self._certificate)
        listener = listen(host, port, remote=bool(token))
        with contextlib.ExitStack() as opened:
            opened.callback(listener.close)
            if db:
                self._sim = Simulation(Store(shelf=opened.enter_context(open_shelf(db))))
            service = _service(self._sim, token, tls)
            self._living = opened.enter_context(live(self._sim, self._pace, remote=bool(token)))
            self._opened = opened.pop_all()
        self._address = (host, listener.getsockname()[1])
        ready = threading.Event()
        thread = threading.Thread(
            target=service.run, args=(listener, ready.set), name="sumotext-simulator", daemon=True
        )
        self._running = (service, thread)
        thread.start()
        self._wait(ready, thread)
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
    def _endpoint(self) -> tuple[str, int]:
        if self._address is None:
            raise RuntimeError("the simulator has no address before it is entered; use `with`")
        return self._address

    def _wait(self, ready: threading.Event, thread: threading.Thread) -> None:
        until = time.monotonic() + _START_TIMEOUT
        while not ready.wait(0.1):
            if not thread.is_alive() or time.monotonic() > until:
                self.close()
                raise RuntimeError("the simulator did not start")


def serve(  # noqa: PLR0913 - one for each flag of the command
    port: int,
    host: str = LOOPBACK,
    *,
    on_ready: Callable[[str], object] = lambda _url: None,
    token: str = "",
    db: Path | None = None,
    pace: Pace = _REAL,
    certificate: Path | None = None,
) -> None:
    """Run the simulator until Ctrl-C, printing nothing.

    ``on_ready`` is called with the URL as soon as it can be sent to.
    Arguments and errors otherwise are those of `Simulator`; texts live in real time.
    """
    tls = read_certificate(certificate)
    with contextlib.ExitStack() as opened:
        listener = opened.enter_context(listen(host, port, remote=bool(token)))
        shelf = opened.enter_context(open_shelf(db)) if db else None
        sim = Simulation(Store(shelf=shelf))
        service = _service(sim, token, tls)
        opened.enter_context(live(sim, pace, remote=bool(token)))
        url = url_of(host, listener.getsockname()[1], secure=tls is not None)
        with contextlib.suppress(KeyboardInterrupt), stop_on_signals(service.stop):
            service.run(listener, lambda: on_ready(url))


def _service(sim: Simulation, token: str, tls: ssl.SSLContext | None) -> Service:
    """The gateway, not started. Raises `ConfigurationError` where the extra is missing."""
    try:
        from sumotext_backend.simulator.loop import Service
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the simulator needs {error.name}: pip install 'sumotext-backend[cli]'"
        ) from None
    return Service(sim, Guard(token), tls)
