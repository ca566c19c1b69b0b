"""How a server of the command line is told to end."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def stop_on_signals(stop: Callable[[], object]) -> Iterator[None]:
    """Call ``stop`` where Ctrl-C or SIGTERM would raise `KeyboardInterrupt`.

    Which may rise anywhere: in an event loop, or where Python prints what is raised and goes on.
    """
    ours: list[int] = []
    if threading.current_thread() is threading.main_thread():
        both = (signal.SIGINT, signal.SIGTERM)
        ours = [each for each in both if signal.getsignal(each) is signal.default_int_handler]
    for each in ours:
        signal.signal(each, lambda *_: stop())
    try:
        yield
    finally:
        for each in ours:
            signal.signal(each, signal.default_int_handler)
