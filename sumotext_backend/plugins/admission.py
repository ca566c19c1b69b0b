"""What is taken in as a plugin: checked whole before any of it is registered."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pluggy

from sumotext_backend import hookspecs
from sumotext_backend.entrypoints import describe
from sumotext_backend.exceptions import did_you_mean


def new_manager() -> pluggy.PluginManager:
    """A manager that knows our hooks, and no plugin."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


def register(manager: pluggy.PluginManager, plugin: object, name: str) -> str:
    """Register ``plugin``, whole or not at all; return why not, or ``""``."""
    try:
        wrong = _refusal(manager, plugin, name)
        if not wrong:
            manager.register(plugin, name)
    except Exception as error:  # noqa: BLE001 - pluggy reads every attribute of a stranger's object
        wrong = describe(error)
    return wrong


def _refusal(manager: pluggy.PluginManager, plugin: object, name: str) -> str:
    if inspect.isclass(plugin):
        return "it is a class; offer a module or an object"
    if manager.has_plugin(name):
        return "another distribution offers a plugin of that name"
    if manager.is_registered(plugin):
        return f"it is the same as the plugin {manager.get_name(plugin)!r}"
    # Pluggy finds out that something is wrong when half of it is registered: try it elsewhere.
    trial = new_manager()
    trial.register(plugin, name)
    if not trial.get_hookcallers(plugin):
        return "it implements no hook; is @hookimpl missing?"
    return next(_misuses(trial, plugin), "")


def _misuses(trial: pluggy.PluginManager, plugin: object) -> Iterator[str]:
    for caller in trial.get_hookcallers(plugin) or ():
        for impl in caller.get_hookimpls():
            if not caller.has_spec() and not impl.optionalhook:
                known = [name for name in vars(hookspecs) if name.startswith("sumotext_")]
                yield f"there is no hook {caller.name!r}{did_you_mean(caller.name, known)}"
            if impl.wrapper or impl.hookwrapper:
                yield f"{caller.name!r} is a wrapper, which is not supported"
            if _never_runs(impl.function):
                yield f"{caller.name!r} is async or a generator, and would never run"


def _never_runs(function: object) -> bool:
    tests = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
    return any(test(function) for test in tests)


def hooks_of(manager: pluggy.PluginManager, plugin: object) -> tuple[str, ...]:
    """The hooks that a registered plugin implements, sorted."""
    callers = manager.get_hookcallers(plugin) or ()
    return tuple(sorted({caller.name for caller in callers if caller.has_spec()}))
