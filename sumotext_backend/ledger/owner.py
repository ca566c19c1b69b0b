"""Who sends, and whether its process is gone."""

from __future__ import annotations

import functools
import os
import platform
from pathlib import Path
from typing import Final

MAX_LEASE: Final = 86_400.0
"""Seconds that a claim may last at most."""

_PROC: Final = Path("/proc")
_SLACK: Final = 1.0
"""Seconds; clocks are set by less than this all the time."""


def name_claim() -> str:
    """One send of this process, among all of all processes that ever ran on any machine."""
    return f"{os.urandom(16).hex()}@{_name(os.getpid())}"


@functools.lru_cache(maxsize=2)  # of this process, and of its parent before a fork
def _name(pid: int) -> str:
    # Host, boot, namespace of process ids, id and time of start.
    return f"{_host()}/{pid}/{_started(pid)}"


def has_ended(owner: str, lease_left: float) -> bool:
    """Whether the claim of ``owner`` is over, which had ``lease_left`` seconds, or its process.

    What has more left than a claim may last was written by a clock that was wrong.
    """
    return not 0 < lease_left <= MAX_LEASE + _SLACK or is_gone(owner)


def is_gone(owner: str) -> bool:
    """Whether the process of that claim surely ended.

    False where that cannot be told: on another machine, or where there is no ``/proc``.
    """
    place, _, started = owner.partition("@")[2].rpartition("/")
    host, _, pid = place.rpartition("/")
    if host != _host() or not pid.isdecimal() or not started:
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    """Clock ticks since boot at which ``pid`` began; "" where there is no such process."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text("ascii", "replace")
    except OSError:
        return ""
    # The name of the program, in parentheses, may hold anything. See proc(5), field 22.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[:1] in (["Z"], ["X"]) else fields[19]


@functools.cache
def _host() -> str:
    return f"{platform.node()}/{_read(_PROC / 'sys/kernel/random/boot_id')}/{_pid_namespace()}"


def _pid_namespace() -> str:
    # Two containers of one machine may share its name and its boot, but not their process ids.
    try:
        return os.readlink(_PROC / "self/ns/pid")  # noqa: PTH115 - not a path
    except OSError:
        return ""


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""
