"""Bounds a call that keeps no deadline of its own: what a bridge to a framework makes."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from typing import Final

from sumotext_backend.deadline import limits
from sumotext_backend.models import Reason, Verdict

MAX_LEFT_BEHIND: Final = 32
"""Threads of calls that were given up and have not ended; with so many, no new call begins."""

# A set and no lock: its changes are atomic, and a fork or a signal could leave a lock held.
_left_behind: Final[set[threading.Thread]] = set()


def run_within(seconds: float, call: Callable[[], Verdict]) -> Verdict:
    """What ``call()`` says, if it says so within ``seconds`` and the time that a chain has left.

    It runs in a thread of its own, with the context variables of this one. Past the time the
    thread is left behind, as nothing can stop it, and the text may still go: ``UNKNOWN`` /
    ``TIMEOUT``. A call that raises is ``UNKNOWN`` / ``CRASHED``. It is ``FAILED`` /
    ``UNAVAILABLE`` where no thread was started: no time is left, `MAX_LEFT_BEHIND` are running
    still, or Python is about to end.
    """
    left = min(seconds, limits().deadline - time.monotonic())
    if left <= 0:
        return _refuse("the deadline passed before it began")
    for thread in tuple(_left_behind):
        if not thread.is_alive():
            _left_behind.discard(thread)
    if len(_left_behind) >= MAX_LEFT_BEHIND:
        return _refuse(f"{MAX_LEFT_BEHIND} calls before it were given up and have not ended")
    return _run(call, left)


def _run(call: Callable[[], Verdict], seconds: float) -> Verdict:
    ended: list[Verdict] = []
    context = contextvars.copy_context()
    thread = threading.Thread(
        target=lambda: ended.append(context.run(_guard, call)), name="sumotext-bridge", daemon=True
    )
    try:
        thread.start()
    except RuntimeError:
        return _refuse("no thread can be started")
    try:
        thread.join(seconds)
    finally:  # an alarm of the program's may end the wait, too
        if not ended:
            _left_behind.add(thread)
    if ended:
        return ended[0]
    return Verdict(reason=Reason.TIMEOUT, detail=f"no answer in {seconds:.1f} s; it may be out")


def _guard(call: Callable[[], Verdict]) -> Verdict:
    try:
        return call()
    except BaseException as error:  # noqa: BLE001 - would be printed with all it holds
        detail = f"the call broke off ({type(error).__name__}); the text may be out"
        return Verdict(reason=Reason.CRASHED, detail=detail)


def _refuse(detail: str) -> Verdict:
    return Verdict(reason=Reason.UNAVAILABLE, detail=f"{detail}; nothing was sent")
