"""Values that stand elsewhere: ``{ env = "NAME" }`` and ``{ file = "path" }``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from sumotext_backend.config.files import text_of
from sumotext_backend.config.places import Places
from sumotext_backend.config.source import Origin
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import shown

KINDS: Final = ("env", "file")


@attrs.frozen
class Given:
    """A value and where it was found: ``sumotext.toml``, ``$NAME``, ``file path``."""

    value: Any = attrs.field(repr=False)
    origin: str


def given(value: Any, origin: Origin, places: Places, where: str) -> Given:
    """``value``, read from where it stands if it is a reference, or has some in a list.

    ``where`` names the option for errors. Raises `ConfigurationError` for a variable that is
    missing, a file that cannot be read, and for either when it is empty.
    """
    if isinstance(value, list | tuple):
        items = [given(item, origin, places, where) for item in value]
        origins = dict.fromkeys(item.origin for item in items)
        return Given([item.value for item in items], ", ".join(origins) or label(origin))
    if not _is_reference(value, where):
        return Given(value, label(origin))
    ((kind, name),) = value.items()
    if not isinstance(name, str) or not name:
        raise ConfigurationError(f'{where}: a reference is {{ {kind} = "…" }}, with text in it')
    return _variable(name, places, where) if kind == "env" else _file(name, origin, places, where)


def label(origin: Origin) -> str:
    """The origin for people; ``code`` where it is no file."""
    return origin.label or "code"


def _is_reference(value: Any, where: str) -> bool:
    if not isinstance(value, Mapping) or not set(KINDS) & set(value) or "backend" in value:
        return False
    if len(value) == 1:
        return True
    raise ConfigurationError(f"{where}: a reference has one key, 'env' or 'file', and no other")


def _variable(name: str, places: Places, where: str) -> Given:
    value = places.environ.get(name)
    if value:
        return Given(value, f"${name}")
    wrong = "is not set" if value is None else "is empty"
    raise ConfigurationError(f"{where}: the environment variable {shown(name)} {wrong}; set it")


def _file(name: str, origin: Origin, places: Places, where: str) -> Given:
    path = places.expanded(name, origin.folder)
    text = text_of(path, f"{where}: the file {name!r}").rstrip("\r\n")
    if text:
        return Given(text, f"file {name}")
    raise ConfigurationError(f"{where}: the file {name!r} is empty; write the value into it")
