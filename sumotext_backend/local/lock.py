"""An exclusive lock on a file, waited for no longer than there is time (`flock`)."""

from __future__ import annotations

import importlib.util
import time
from contextlib import suppress
from typing import Final

_MIN_PAUSE_SECONDS: Final = 0.001
_MAX_PAUSE_SECONDS: Final = 0.02


def is_supported() -> bool:
    """Whether this system has such locks; Windows has not."""
    return importlib.util.find_spec("fcntl") is not None


def acquire(file: int, until: float) -> bool:
    """Lock the open ``file``; False where another holds it until then, by `time.monotonic`.

    Raises `OSError` for what cannot be locked.
    """
    import fcntl

    pause = _MIN_PAUSE_SECONDS
    while True:
        # Blocking in the kernel could not be bounded: no thread may set an alarm.
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        left = until - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(pause, left))
        pause = min(2 * pause, _MAX_PAUSE_SECONDS)


def release(file: int) -> None:
    """Unlock ``file``, though a child forked meanwhile holds it open too."""
    import fcntl

    with suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_UN)
