"""What the tests of plugins share: a message, observers, guards, and results."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

from sumotext_backend import Message, Outcome, Reason, SendResult
from sumotext_backend.events import DeliveryReport, InboundMessage
from sumotext_backend.hookspecs import hookimpl
from sumotext_backend.plugins import ListedPlugin, Plugins

MESSAGE = Message("5015551234", "meet me at noon")
IMPORT = "from sumotext_backend.hookspecs import hookimpl\n"
OBSERVER = f"{IMPORT}@hookimpl\ndef sumotext_result(message, result): pass\n"
GUARD = f"{IMPORT}@hookimpl\ndef sumotext_hold(message): return 'quiet hours'\n"


Install = Callable[..., str]


class Recorder:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self.heard: list[tuple[str, object]] = []

    @hookimpl
    def sumotext_attempt(self, result: SendResult) -> None:
        """Keep the attempt's backend."""
        self.heard.append(("attempt", result.backend))

    @hookimpl
    def sumotext_result(self, result: SendResult) -> None:
        """Keep the result's backend."""
        self.heard.append(("result", result.backend))

    @hookimpl
    def sumotext_degraded(self, result: SendResult) -> None:
        """Keep the result's backend."""
        self.heard.append(("degraded", result.backend))

    @hookimpl
    def sumotext_report(self, report: DeliveryReport) -> None:
        """Keep the report."""
        self.heard.append(("report", report))

    @hookimpl
    def sumotext_inbound(self, inbound: InboundMessage) -> None:
        """Keep the text from a handset."""
        self.heard.append(("inbound", inbound))


def observer(function: Callable[[], object]) -> object:
    """A plugin that calls ``function`` when it hears of a result."""

    @hookimpl
    def sumotext_result() -> None:
        function()

    return types.SimpleNamespace(sumotext_result=sumotext_result)


def guard(function: Callable[[], object], **options: bool) -> object:
    """A plugin that answers as ``function`` does whether a text is held."""

    @hookimpl(**options)
    def sumotext_hold() -> object:
        return function()

    return types.SimpleNamespace(sumotext_hold=sumotext_hold)


def fail() -> None:
    """Raise, with words that are private."""
    raise ValueError("5015551234 said meet me at noon")


def interrupt() -> None:
    """Press Ctrl-C."""
    raise KeyboardInterrupt


def run(program: str, site: Path) -> subprocess.CompletedProcess[str]:
    """Run ``program`` in a process that finds the distributions in ``site`` as well."""
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": path},
    )


def result_of(backend: str, reason: Reason | None = None, *attempts: SendResult) -> SendResult:
    """A result of the outcome that ``reason`` belongs to."""
    return SendResult(
        backend=backend,
        to=MESSAGE.to,
        outcome=reason.outcome if reason else Outcome.ACCEPTED,
        reason=reason,
        attempts=attempts,
    )


def rows_of(plugins: Plugins) -> dict[str, ListedPlugin]:
    """The plugins that are listed, by name."""
    return {row.name: row for row in plugins.listing()}
