"""The loop that is timed; and, as a script, the same around the package of another interpreter.

Stands alone on the standard library and the package, whatever its version: an earlier commit,
installed in an environment of its own, is measured next to this one.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

Send = Callable[[], bool]

NUMBER = "5015551234"
TEXT = "Your order 1234 is ready: come by until 6 pm."


class NotSentError(Exception):
    """A contender did not get its text through; its time would say nothing."""


def spend(send: Send, messages: int, threads: int = 1) -> tuple[float, float]:
    """Seconds per message, CPU (of this process, all threads) and wall, over ``messages`` calls.

    Raises `NotSentError` where ``send`` says that a text did not go.
    """
    share = -(-messages // threads)
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    if threads == 1:
        _repeat(send, share)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda _: _repeat(send, share), range(threads)))
    sent = share * threads
    return (time.process_time() - cpu) / sent, (time.perf_counter() - wall) / sent


def _repeat(send: Send, times: int) -> None:
    for _ in range(times):
        if not send():
            raise NotSentError("a text did not go; nothing was measured")


def main() -> None:
    """Say that it is ready, then answer each number on standard input with both times."""
    base_url, ca_bundle, threads = sys.argv[1:]
    from sumotext_backend import Message, Outcome, connect

    options = {"carrier": "ATTUS", "base_url": base_url}
    if ca_bundle:
        options["ca_bundle"] = ca_bundle
    with connect(f"sumotext://74700/SUMO?{urlencode(options)}") as sms:
        print("ready", flush=True)
        for line in sys.stdin:
            taken = spend(
                lambda: sms.send(Message(NUMBER, TEXT)).outcome is Outcome.ACCEPTED,
                int(line),
                int(threads),
            )
            print(*taken, flush=True)


if __name__ == "__main__":
    main()
