"""Sends in rounds, one contender after the other, so that noise falls on all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Final

from benchmarks.contenders import Contender, Send
from benchmarks.stats import Sample

WARM_UP: Final = 20
"""Messages before the first round: connections are made and caches filled."""


class NotSentError(Exception):
    """A contender did not get its text through; its time would say nothing."""


def measure(
    contenders: Sequence[Contender],
    base_url: str,
    messages: int,
    rounds: int,
    progress: Callable[[int], None] = lambda _round: None,
) -> dict[str, list[Sample]]:
    """The samples of each contender, one of ``messages`` messages for each round.

    Raises `NotSentError` where a contender says that a text did not go.
    """
    with ExitStack() as stack:
        sends = {one.name: stack.enter_context(one.setup(base_url)) for one in contenders}
        for name, send in sends.items():
            sample(name, send, WARM_UP)
        samples: dict[str, list[Sample]] = {name: [] for name in sends}
        for index in range(rounds):
            progress(index)
            for name in _turned(sends, index):
                samples[name].append(sample(name, sends[name], messages))
    return samples


def _turned(sends: Mapping[str, Send], index: int) -> list[str]:
    """The names with another one first in each round: nobody always follows the same one."""
    names = list(sends)
    first = index % len(names)
    return names[first:] + names[:first]


def sample(name: str, send: Send, messages: int) -> Sample:
    """Seconds per message over ``messages`` calls. CPU is that of this process, all threads."""
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(messages):
        if not send():
            raise NotSentError(f"{name}: a text did not go; nothing was measured")
    return Sample(
        cpu=(time.process_time() - cpu) / messages,
        wall=(time.perf_counter() - wall) / messages,
    )
