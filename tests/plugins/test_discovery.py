"""Installed plugins: found in isolation, listed, and loaded once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from plugin_cases import GUARD, IMPORT, MESSAGE, OBSERVER, Install, rows_of, run

from sumotext_backend import Reason
from sumotext_backend.plugins import ListedPlugin, discover

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
from sumotext_backend.plugins import load_installed

logging.basicConfig(format="%(levelname)s %(message)s")
barrier, got = threading.Barrier(8), []

def ask():
    barrier.wait()
    got.append(load_installed())

threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(got), len(set(map(id, got))))
"""


def test_an_installed_plugin_is_listed_and_called(install: Install) -> None:
    """A module that a distribution offers: who offers it, its hooks, its word."""
    install("quiet", GUARD)
    plugins = discover({})
    held = plugins.hold(MESSAGE, "sumotext")

    assert held is not None
    assert (Reason.HELD, "quiet hours") == (held.reason, held.detail)
    assert rows_of(plugins)["quiet"] == ListedPlugin(
        name="quiet", distribution="dist-quiet", version="2.0", hooks=("sumotext_hold",)
    )


def test_an_object_of_a_module_can_be_a_plugin(install: Install) -> None:
    """The entry point may name an object, whose methods are the hooks."""
    methods = GUARD.replace("@", "class Guard:\n @").replace("def", " def")
    install("quiet", methods.replace("(message)", "(self, message)") + "guard = Guard()\n", "guard")

    assert discover({}).hold(MESSAGE, "sumotext") is not None


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_is_listed_and_stops_no_other(install: Install, kind: str) -> None:
    """One that cannot be used is told with its error, and the others go on."""
    source, error = BROKEN[kind]
    install("bad", source)
    install("aaa", GUARD)
    install("zzz", OBSERVER)
    plugins = discover({})
    rows = rows_of(plugins)

    assert ("broken", ()) == (rows["bad"].state, rows["bad"].hooks)
    assert rows["bad"].error.startswith(error)
    assert "\n" not in rows["bad"].error
    assert ["ok", "ok"] == [rows["aaa"].state, rows["zzz"].state]
    assert plugins.hold(MESSAGE, "sumotext") is not None


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

    assert "blocked" == rows_of(plugins)["quiet"].state
    assert module not in sys.modules
    assert plugins.hold(MESSAGE, "sumotext") is None


@pytest.mark.parametrize("value", ["", "other", "qui"])
def test_another_name_blocks_nothing(install: Install, value: str) -> None:
    """Only the whole name of a plugin blocks it."""
    install("quiet", GUARD)

    assert "ok" == rows_of(discover({"SUMOTEXT_DISABLE_PLUGINS": value}))["quiet"].state


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
    ended = run(PROGRAM, tmp_path)
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
    ended = run(THREADS, tmp_path)

    assert "8 1\n" == ended.stdout
    assert "ERROR plugin 'bad' of dist-bad is not used: RuntimeError\n" == ended.stderr


def test_plugins_are_called_by_name(install: Install) -> None:
    """Alphabetical order, whatever the order on the path; the first answer wins."""
    install("b", GUARD.replace("quiet hours", "from b"))
    install("a", GUARD.replace("quiet hours", "from a"))
    held = discover({}).hold(MESSAGE, "sumotext")

    assert held is not None
    assert "from a" == held.detail
