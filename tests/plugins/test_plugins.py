"""Rules of the plugins: found in isolation, called one by one, and never a silent guard."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import types
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sumotext_backend import ConfigurationError, Message, Outcome, Reason, SendResult
from sumotext_backend.events import DeliveryReport, DeliveryStatus, InboundMessage
from sumotext_backend.hookspecs import hookimpl
from sumotext_backend.plugins import ListedPlugin, Plugins, discover

MESSAGE = Message("5015551234", "meet me at noon")
IMPORT = "from sumotext_backend.hookspecs import hookimpl\n"
OBSERVER = f"{IMPORT}@hookimpl\ndef sumotext_result(message, result): pass\n"
GUARD = f"{IMPORT}@hookimpl\ndef sumotext_hold(message): return 'quiet hours'\n"
BROKEN = {
    "raises on import": ("raise RuntimeError('no\\nluck')", "RuntimeError: no luck"),
    "leaves on import": ("import sys; sys.exit('bye')", "SystemExit: bye"),
    "wrong hook name": (
        OBSERVER.replace("_result", "_resul"),
        "there is no hook 'sumotext_resul'; did you mean 'sumotext_result'?",
    ),
    "wrong argument": (OBSERVER.replace("(message,", "(mesage,"), "PluginValidationError: "),
    "unmarked": (OBSERVER.replace("@hookimpl", ""), "it implements no hook; is @hookimpl missing?"),
    "wrapper": (
        OBSERVER.replace("@hookimpl", "@hookimpl(wrapper=True)").replace("pass", "yield"),
        "'sumotext_result' is a wrapper, which is not supported",
    ),
    "async": (
        OBSERVER.replace("def", "async def"),
        "'sumotext_result' is async or a generator, and would never run",
    ),
}
PROGRAM = """
import attrs, logging
from sumotext_backend import Message, SendResult, Sender, SmsBackend

logging.basicConfig(format="%(levelname)s %(name)s %(message)s", level=logging.DEBUG)

@attrs.frozen
class Tiny(SmsBackend):
    name = "tiny"
    def send(self, message):
        return SendResult(backend="tiny", to=message.to, outcome="ACCEPTED", message_id="1")

for _ in range(2):
    print(Sender(Tiny()).send(Message("5015551234", "meet me at noon")).outcome)
"""

THREADS = """
import logging, threading
from sumotext_backend.plugins import installed

logging.basicConfig(format="%(levelname)s %(message)s")
barrier, got = threading.Barrier(8), []

def ask():
    barrier.wait()
    got.append(installed())

threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(got), len(set(map(id, got))))
"""

Install = Callable[..., str]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """``install(plugin, source)``: the distribution ``dist-<plugin>``; its module's name."""

    def add(plugin: str, source: str, attribute: str = "", distribution: str = "") -> str:
        distribution = distribution or f"dist-{plugin}"
        module = f"module_{uuid.uuid4().hex}"
        (tmp_path / f"{module}.py").write_text(source)
        info = tmp_path / f"{distribution.replace('-', '_')}-2.0.dist-info"
        info.mkdir()
        text = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 2.0\n"
        (info / "METADATA").write_text(text)
        target = f"{module}:{attribute}" if attribute else module
        words = f"[sumotext_backend.plugins]\n{plugin} = {target}\n"
        (info / "entry_points.txt").write_text(words)
        monkeypatch.syspath_prepend(tmp_path)
        return module

    return add


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


def _observer(function: Callable[[], object]) -> object:
    @hookimpl
    def sumotext_result() -> None:
        function()

    return types.SimpleNamespace(sumotext_result=sumotext_result)


def _guard(function: Callable[[], object], **options: bool) -> object:
    @hookimpl(**options)
    def sumotext_hold() -> object:
        return function()

    return types.SimpleNamespace(sumotext_hold=sumotext_hold)


def _raise() -> None:
    raise ValueError("5015551234 said meet me at noon")


def _run(program: str, site: Path) -> subprocess.CompletedProcess[str]:
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


def _result(backend: str, reason: Reason | None = None, *attempts: SendResult) -> SendResult:
    return SendResult(
        backend=backend,
        to=MESSAGE.to,
        outcome=reason.outcome if reason else Outcome.ACCEPTED,
        reason=reason,
        attempts=attempts,
    )


def _rows(plugins: Plugins) -> dict[str, ListedPlugin]:
    return {row.name: row for row in plugins.listing()}


def test_an_installed_plugin_is_listed_and_called(install: Install) -> None:
    """A module that a distribution offers: who offers it, its hooks, its word."""
    install("quiet", GUARD)
    plugins = discover({})
    held = plugins.hold(MESSAGE, "sumotext")

    assert held is not None
    assert (Reason.HELD, "quiet hours") == (held.reason, held.detail)
    assert _rows(plugins)["quiet"] == ListedPlugin(
        name="quiet", distribution="dist-quiet", version="2.0", hooks=("sumotext_hold",)
    )


def test_an_object_of_a_module_can_be_a_plugin(install: Install) -> None:
    """The entry point may name an object, whose methods are the hooks."""
    methods = GUARD.replace("@", "class Guard:\n @").replace("def", " def")
    install("quiet", methods.replace("(message)", "(self, message)") + "guard = Guard()\n", "guard")

    assert discover({}).hold(MESSAGE, "sumotext") is not None


def test_a_class_is_refused(install: Install) -> None:
    """Its methods would lack their ``self`` at every call."""
    methods = GUARD.replace("@", "class Guard:\n @").replace("def", " def")
    install("quiet", methods, "Guard")

    assert "it is a class; offer a module or an object" == _rows(discover({}))["quiet"].error


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_is_listed_and_stops_no_other(install: Install, kind: str) -> None:
    """One that cannot be used is told with its error, and the others go on."""
    source, error = BROKEN[kind]
    install("bad", source)
    install("aaa", GUARD)
    install("zzz", OBSERVER)
    plugins = discover({})
    rows = _rows(plugins)

    assert ("broken", ()) == (rows["bad"].state, rows["bad"].hooks)
    assert rows["bad"].error.startswith(error)
    assert "\n" not in rows["bad"].error
    assert ["ok", "ok"] == [rows["aaa"].state, rows["zzz"].state]
    assert plugins.hold(MESSAGE, "sumotext") is not None


def test_nothing_of_a_broken_plugin_is_called(install: Install) -> None:
    """A plugin with one good hook and one wrong one is out as a whole."""
    install("half", GUARD + OBSERVER.replace("_result", "_resul"))
    plugins = discover({})

    assert "broken" == _rows(plugins)["half"].state
    assert plugins.hold(MESSAGE, "sumotext") is None


def test_an_optional_hook_may_be_unknown(install: Install) -> None:
    """``optionalhook=True`` is for a hook that only later versions have."""
    later = "@hookimpl(optionalhook=True)\ndef sumotext_later(): pass\n"
    install("quiet", GUARD + later)

    assert ("sumotext_hold",) == _rows(discover({}))["quiet"].hooks


def test_two_plugins_of_one_name_are_told(install: Install) -> None:
    """One name blocks one plugin, so the second of that name is not used."""
    install("quiet", GUARD)
    install("quiet", GUARD, distribution="other")
    states = {row.distribution: row.state for row in discover({}).listing()}

    assert {"dist-quiet": "broken", "other": "ok"} == states


@pytest.mark.parametrize("value", ["quiet", "other, quiet", "all", "all,other"])
def test_a_blocked_plugin_is_not_even_imported(install: Install, value: str) -> None:
    """``SUMOTEXT_DISABLE_PLUGINS`` blocks by name, or all of them."""
    module = install("quiet", GUARD)
    plugins = discover({"SUMOTEXT_DISABLE_PLUGINS": value})

    assert "blocked" == _rows(plugins)["quiet"].state
    assert module not in sys.modules
    assert plugins.hold(MESSAGE, "sumotext") is None


@pytest.mark.parametrize("value", ["", "other", "qui"])
def test_another_name_blocks_nothing(install: Install, value: str) -> None:
    """Only the whole name of a plugin blocks it."""
    install("quiet", GUARD)

    assert "ok" == _rows(discover({"SUMOTEXT_DISABLE_PLUGINS": value}))["quiet"].state


@pytest.mark.parametrize("broken", [True, False])
def test_texts_go_whatever_is_installed(install: Install, tmp_path: Path, broken: bool) -> None:
    """A program sends with broken plugins around it; each is logged once, without private data."""
    raising = (
        "@hookimpl\ndef sumotext_result(message): raise ValueError(message.text, message.to)\n"
    )
    module = install("raises-in-hook", IMPORT + raising)
    if broken:
        for name, (source, _) in BROKEN.items():
            install(name.replace(" ", "-"), source)
    ended = _run(PROGRAM, tmp_path)
    errors = [line for line in ended.stderr.splitlines() if line.startswith("ERROR")]

    assert ("ACCEPTED\nACCEPTED\n", 0) == (ended.stdout, ended.returncode)
    assert (len(BROKEN) if broken else 0) == sum("is not used" in line for line in errors)
    assert 2 == sum("'raises-in-hook' raised ValueError in sumotext_result" in e for e in errors)
    assert "noon" not in ended.stderr
    assert "5015551234" not in ended.stderr
    assert module not in ended.stderr


def test_plugins_are_loaded_once_in_a_process(install: Install, tmp_path: Path) -> None:
    """Threads that send first at the same moment get the same plugins; a fault is logged once."""
    install("bad", "import time; time.sleep(0.2); raise RuntimeError")
    ended = _run(THREADS, tmp_path)

    assert "8 1\n" == ended.stdout
    assert "ERROR plugin 'bad' of dist-bad is not used: RuntimeError\n" == ended.stderr


def test_plugins_are_called_by_name(install: Install) -> None:
    """Alphabetical order, whatever the order on the path; the first answer wins."""
    install("b", GUARD.replace("quiet hours", "from b"))
    install("a", GUARD.replace("quiet hours", "from a"))
    held = discover({}).hold(MESSAGE, "sumotext")

    assert held is not None
    assert "from a" == held.detail


def test_tryfirst_and_trylast_move_a_plugin() -> None:
    """The first answer wins in the order that pluggy's options ask for."""
    calls: list[str] = []
    plugins = Plugins.of(
        _guard(lambda: calls.append("last"), trylast=True),
        _guard(lambda: calls.append("second")),
        _guard(lambda: calls.append("third")),
        _guard(lambda: calls.append("first"), tryfirst=True),
    )

    assert plugins.hold(MESSAGE, "sumotext") is None
    assert ["first", "second", "third", "last"] == calls


def test_after_the_first_answer_nobody_is_asked() -> None:
    """Held back is held back."""
    plugins = Plugins.of(_guard(lambda: "no"), _guard(_raise))
    held = plugins.hold(MESSAGE, "sumotext")

    assert held is not None
    assert (Reason.HELD, "no") == (held.reason, held.detail)


def test_a_guard_hears_message_and_backend() -> None:
    """It may decide by either."""

    class Guard:
        @hookimpl
        def sumotext_hold(self, message: Message, backend: str) -> str | None:
            return "not here" if (message, backend) == (MESSAGE, "sumotext") else None

    plugins = Plugins.of(Guard())

    assert plugins.hold(MESSAGE, "sumotext") is not None
    assert plugins.hold(MESSAGE, "console") is None


@pytest.mark.parametrize(
    ("guard", "kind"),
    [
        (_raise, "ValueError"),
        (lambda: True, "answered with bool"),
        (lambda: 0, "answered with int"),
    ],
)
def test_a_guard_that_cannot_decide_lets_nothing_through(
    guard: Callable[[], object], kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It raised or gave no sensible answer: surely not sent, safe to send again, logged."""
    held = Plugins.of(_guard(guard)).hold(MESSAGE, "sumotext")
    words = f"plugin 'SimpleNamespace' could not decide ({kind}); nothing was sent"

    assert held is not None
    assert (Reason.CONFIGURATION, words) == (held.reason, held.detail)
    assert [("sumotext_backend.plugins", logging.ERROR, words)] == caplog.record_tuples
    assert caplog.records[0].exc_info is None


def test_a_reason_shows_no_number_and_is_one_line() -> None:
    """What a guard says goes into logs and to people; an empty reason names the plugin."""
    long = Plugins.of(_guard(lambda: "5015551234\nis on the list")).hold(MESSAGE, "x")
    empty = Plugins.of(_guard(lambda: "")).hold(MESSAGE, "x")

    assert long is not None
    assert "•••1234 is on the list" == long.detail
    assert empty is not None
    assert (Reason.HELD, "held back by plugin 'SimpleNamespace'") == (empty.reason, empty.detail)


def test_an_observer_that_raises_is_logged_and_the_next_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Plugin, hook and kind of error are logged; neither its words nor its traceback."""
    recorder = Recorder()
    Plugins.of(_observer(_raise), recorder).observed(MESSAGE, _result("main"))

    assert [("result", "main")] == recorder.heard
    assert "plugin 'SimpleNamespace' raised ValueError in sumotext_result" == caplog.messages[0]
    assert caplog.records[0].exc_info is None
    assert "noon" not in caplog.text


def test_every_attempt_is_told_in_the_order_in_which_it_ended() -> None:
    """Those of a chain inside the chain come before it; the result comes last."""
    down = Reason.UNREACHABLE
    inner = _result("inner", down, _result("a", down), _result("b", down))
    recorder = Recorder()
    Plugins.of(recorder).observed(MESSAGE, _result("outer", down, inner, _result("c", down)))
    attempts = [("attempt", name) for name in ("a", "b", "inner", "c")]

    assert [*attempts, ("result", "outer")] == recorder.heard


LOST = (Reason.UNREACHABLE, Reason.TIMEOUT)


@pytest.mark.parametrize("first", [None, *Reason])
@pytest.mark.parametrize("last", [None, *Reason])
def test_degraded_is_told_when_a_later_attempt_saved_the_message(
    first: Reason | None, last: Reason | None
) -> None:
    """Accepted at last, and an earlier attempt failed or left a doubt: then, and only then."""
    recorder = Recorder()
    attempts = (_result("a", first), _result("b", last))
    Plugins.of(recorder).observed(MESSAGE, _result("b", last, *attempts))
    lost = first is not None and first.outcome in (Outcome.FAILED, Outcome.UNKNOWN)

    assert (lost and last is None) == (("degraded", "b") in recorder.heard)


def test_degraded_sees_into_nested_chains() -> None:
    """A rescue inside an inner chain is one too."""
    inner = _result("b", None, _result("a", Reason.TLS), _result("b"))
    recorder = Recorder()
    Plugins.of(recorder).observed(MESSAGE, _result("b", None, inner))

    assert ("degraded", "b") == recorder.heard[-1]


def test_reports_and_inbound_texts_are_told() -> None:
    """What a source of them hands over reaches every plugin."""
    report = DeliveryReport(backend="x", message_id="1", status=DeliveryStatus.DELIVERED)
    inbound = InboundMessage(backend="x", sender="5015551234", to="74700", text="STOP")
    recorder = Recorder()
    plugins = Plugins.of(recorder)
    plugins.report(report)
    plugins.inbound(inbound)

    assert [("report", report), ("inbound", inbound)] == recorder.heard


def _mistakes() -> Iterator[object]:
    yield Recorder
    yield object()
    yield types.SimpleNamespace(sumotext_resul=hookimpl(lambda: None))


@pytest.mark.parametrize("plugin", [*_mistakes()])
def test_a_wrong_plugin_in_code_is_an_error(plugin: object) -> None:
    """What would be listed as broken is a mistake of the program here."""
    with pytest.raises(ConfigurationError, match="plugin '"):
        Plugins.of(plugin)


def test_the_same_object_is_not_called_twice() -> None:
    """One object given twice is a mistake."""
    recorder = Recorder()
    with pytest.raises(ConfigurationError, match="the same as the plugin 'Recorder'"):
        Plugins.of(recorder, recorder)
