"""Public names that are imported when they are first asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping


def attach(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """A ``__getattr__`` for ``package``: ``homes`` says for each name where it is.

    ``"module"`` has an attribute of that name, ``"module:attribute"`` one of another, and
    ``"module:"`` is the module itself. What was imported once is kept in the package.
    """

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        path, colon, attribute = homes[name].partition(":")
        module = importlib.import_module(path)
        value = getattr(module, attribute or name) if attribute or not colon else module
        return vars(sys.modules[package]).setdefault(name, value)

    return find
