"""Runs something in the child of a fork, with an end to it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import warnings
from collections.abc import Callable


def run_in_fork(function: Callable[[], str], timeout: float) -> str:
    """What ``function`` returns in a child process; empty where it raises, or takes too long.

    ``timeout`` is in seconds. The child ends without cleaning up, as that would be the parent's.
    """
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the gateway's threads stay behind
        child = os.fork()
    if child == 0:
        _report(function, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        ready, _, _ = select.select([pipe], [], [], timeout)
        told = pipe.read().decode() if ready else ""
    if not ready:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return told


def _report(function: Callable[[], str], writer: int) -> None:
    """Write what ``function`` returns, and end the process."""
    with contextlib.suppress(BaseException):
        os.write(writer, function().encode())
    os._exit(0)
