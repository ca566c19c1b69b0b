"""Sends in rounds, one contender after the other, so that noise falls on all alike."""

from __future__ import annotations

import gc
import random
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final, cast

from benchmarks import worker
from benchmarks.contenders import Contender
from benchmarks.server import Sites
from benchmarks.stats import Sample
from benchmarks.worker import NotSentError, Send

Take = Callable[[int], Sample]
"""From a number of messages to the sample that they make."""

WARM_UP: Final = 64
"""Messages before the first round: connections are made and caches filled."""


def measure(
    contenders: Sequence[Contender],
    sites: Sites,
    messages: int,
    rounds: int,
    progress: Callable[[int], None] = lambda _round: None,
) -> dict[str, list[Sample]]:
    """The samples of each contender, one of ``messages`` messages for each round.

    Raises `NotSentError` where a contender says that a text did not go.
    """
    with ExitStack() as stack:
        takes = {one.name: stack.enter_context(_taking(one, sites)) for one in contenders}
        for take in takes.values():
            take(WARM_UP)
        # What all contenders together have imported is no burden to any of them.
        gc.collect()
        gc.freeze()
        samples: dict[str, list[Sample]] = {name: [] for name in takes}
        for index in range(rounds):
            progress(index)
            for name in turn(takes, index):
                samples[name].append(takes[name](messages))
    return samples


def turn(names: Iterable[str], index: int) -> list[str]:
    """``names`` in the order of the round ``index``: nobody always follows the same one."""
    every = list(names)
    return random.Random(index).sample(every, len(every))


def _taking(one: Contender, sites: Sites) -> AbstractContextManager[Take]:
    return _taking_elsewhere(one, sites) if one.python else _taking_here(one, sites)


@contextmanager
def _taking_here(one: Contender, sites: Sites) -> Iterator[Take]:
    with one.open(sites) as send:
        yield lambda messages: sample(one.name, send, messages, one.threads)


@contextmanager
def _taking_elsewhere(one: Contender, sites: Sites) -> Iterator[Take]:
    """`Sender.send` of the version that another interpreter has."""
    where = [sites.tls, sites.ca_bundle] if one.tls else [sites.plain, ""]
    command = [one.python, "-P", str(Path(worker.__file__)), *where, str(one.threads)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:

        def answer() -> str:
            line = cast("IO[str]", process.stdout).readline()
            if not line:
                raise NotSentError(f"{one.name}: it ended; nothing was measured")
            return line

        def take(messages: int) -> Sample:
            print(messages, file=process.stdin, flush=True)
            cpu, wall = map(float, answer().split())
            return Sample(cpu, wall)

        answer()  # it is ready
        yield take
        process.communicate(timeout=10)


def sample(name: str, send: Send, messages: int, threads: int = 1) -> Sample:
    """Seconds per message over ``messages`` calls. CPU is that of this process, all threads."""
    try:
        return Sample(*worker.spend(send, messages, threads))
    except NotSentError as error:
        raise NotSentError(f"{name}: {error}") from None
