"""Backends by name, found through entry points and imported only when one is asked for."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Final

from sumotext_backend.backend import SmsBackend
from sumotext_backend.exceptions import UnknownBackendError, did_you_mean

GROUP: Final = "sumotext_backend.backends"


def names() -> list[str]:
    """The names of all installed backends, sorted; none of them is imported."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def backend_class(name: str) -> type[SmsBackend]:
    """The class that the installed backend ``name`` offers.

    Raises `UnknownBackendError` with the closest name where none is installed.
    """
    found: list[EntryPoint] = [*entry_points(group=GROUP, name=name)]
    if not found:
        raise UnknownBackendError(
            f"no backend {name!r} is installed (there are: {', '.join(names())})"
            f"{did_you_mean(name, names())}"
        )
    loaded: type[SmsBackend] = found[0].load()
    return loaded
