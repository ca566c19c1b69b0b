"""What is taken in as a plugin: whole, or not at all."""

from __future__ import annotations

import types
from collections.abc import Iterator

import pytest
from plugin_cases import GUARD, MESSAGE, OBSERVER, Install, Recorder, rows_of

from sumotext_backend import ConfigurationError
from sumotext_backend.hookspecs import hookimpl
from sumotext_backend.plugins import Plugins, discover


def test_a_class_is_refused(install: Install) -> None:
    """Its methods would lack their ``self`` at every call."""
    methods = GUARD.replace("@", "class Guard:\n @").replace("def", " def")
    install("quiet", methods, "Guard")

    assert "it is a class; offer a module or an object" == rows_of(discover({}))["quiet"].error


def test_nothing_of_a_broken_plugin_is_called(install: Install) -> None:
    """A plugin with one good hook and one wrong one is out as a whole."""
    install("half", GUARD + OBSERVER.replace("_result", "_resul"))
    plugins = discover({})

    assert "broken" == rows_of(plugins)["half"].state
    assert plugins.hold(MESSAGE, "sumotext") is None


def test_an_optional_hook_may_be_unknown(install: Install) -> None:
    """``optionalhook=True`` is for a hook that only later versions have."""
    later = "@hookimpl(optionalhook=True)\ndef sumotext_later(): pass\n"
    install("quiet", GUARD + later)

    assert ("sumotext_hold",) == rows_of(discover({}))["quiet"].hooks


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
