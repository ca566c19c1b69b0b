"""How many requests one text makes where its answer is lost: official clients, and ours beside.

Run ``python -m benchmarks.lost``. The other end takes each request whole, and then commits one
fault every time. Each client sends one text in a process of its own, with its default settings.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import attrs

from benchmarks.clients import PROVIDERS, TEXT, TO, Provider
from benchmarks.report import table
from benchmarks.timing import NotSentError
from sumotext_backend import Message, connect
from sumotext_backend.testing import HostileGateway

LOSSES: Final[Mapping[str, str]] = {
    "U04": "closed, no answer",
    "U27-empty": "answer cut off",
    "U21-500": "a 500",
}
"""Faults of the hostile gateway, and how the table calls them."""
_PATIENCE_SECONDS: Final = 120
"""That one client has for one text; then it is ended, and what came so far is counted."""
_ROOT: Final = Path(__file__).parents[1]
_CHILD: Final = """
import sys
sys.path.append(sys.argv[1])
from benchmarks.lost import send
send(*sys.argv[2:])
"""


@attrs.frozen
class Counts:
    """Requests for one text, by loss; ``theirs`` is empty without a client."""

    ours: Mapping[str, int]
    theirs: Mapping[str, int]


def measure(
    provider: Provider, losses: Iterable[str] = tuple(LOSSES), seconds: float = _PATIENCE_SECONDS
) -> Counts:
    """Lose the answers to one provider. Raises `NotSentError` where a side sent nothing at all."""
    sides = ("ours", "theirs") if provider.has_client else ("ours",)
    found = {
        side: {loss: count(provider, side, loss, seconds) for loss in losses} for side in sides
    }
    return Counts(found["ours"], found.get("theirs", {}))


def count(provider: Provider, side: str, loss: str, seconds: float = _PATIENCE_SECONDS) -> int:
    """How many requests came for one text within ``seconds``, with that ``loss`` each time."""
    with HostileGateway(loss, tls=provider.tls) as gateway:
        trusted = gateway.ca_bundle or ""
        command = [sys.executable, "-c", _CHILD, str(_ROOT), side, provider.name, gateway.url]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                [*command, trusted], env=_environment(trusted), timeout=seconds, check=False
            )
        if not gateway.gets:
            raise NotSentError(f"{provider.name}: nothing was sent by {side}")
        return gateway.gets


def _environment(trusted: str) -> dict[str, str]:
    """This process's, without a proxy, which would come between."""
    kept = {name: value for name, value in os.environ.items() if "_proxy" not in name.lower()}
    return kept | ({"REQUESTS_CA_BUNDLE": trusted} if trusted else {})


def send(side: str, name: str, url: str, trusted: str) -> None:
    """Send one text, whatever becomes of it: the other end counts. For a process of its own."""
    logging.disable()  # some clients tell of each failure, with more than is anybody's business
    provider = next(one for one in PROVIDERS if one.name == name)
    if side == "ours":
        _send_ours(provider, url, trusted)
    elif provider.send:
        with contextlib.suppress(Exception):
            provider.send(url)


def _send_ours(provider: Provider, url: str, trusted: str) -> None:
    options = {"base_url": url} | ({"ca_bundle": trusted} if trusted else {})
    mark = "&" if "?" in provider.dsn else "?"
    providers = {"default": f"{provider.dsn}{mark}{urlencode(options)}"}
    # What is remembered belongs to whoever runs this, and is left alone.
    with connect({"providers": providers, "ledger": {"record": "off"}}) as sms:
        sms.send(Message(TO, TEXT))


def report(found: Mapping[Provider, Counts], losses: Mapping[str, str] = LOSSES) -> str:
    """A Markdown table: theirs / ours for each loss."""
    rows = [
        [one.name, one.title, *(_cell(counts, loss) for loss in losses)]
        for one, counts in found.items()
    ]
    return table(["provider", "its client", *losses.values()], rows)


def _cell(counts: Counts, loss: str) -> str:
    return f"{counts.theirs.get(loss, '—')} / {counts.ours[loss]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where a side did not send."""
    options = _options(arguments)
    chosen = [one for one in PROVIDERS if not options.only or one.name in options.only]
    for one in chosen:
        if one.module and not one.has_client:
            print(f"skipped the client of {one.name}: no {one.package}", file=sys.stderr)
    try:
        shown = _report_silence(chosen, options.silence) if options.silence else _report(chosen)
    except NotSentError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    print(f"Requests for one text, by the official client / by this library\n\n{shown}")
    return 0


def _report(chosen: Sequence[Provider]) -> str:
    return report({one: measure(one) for one in chosen})


def _report_silence(chosen: Sequence[Provider], seconds: float) -> str:
    """The same where no answer ever comes; side by side, since all of them just wait."""
    losses = {"U06": f"{seconds:g} s of silence"}
    with ThreadPoolExecutor(len(chosen)) as pool:
        counts = pool.map(lambda one: measure(one, losses, seconds), chosen)
        return report(dict(zip(chosen, counts, strict=True)), losses)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.lost", description=__doc__)
    names = [one.name for one in PROVIDERS]
    parser.add_argument("--only", nargs="+", choices=names, default=[], help="some providers")
    parser.add_argument("--silence", type=float, metavar="SECONDS", help="no answer at all")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
