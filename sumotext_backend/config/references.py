"""Values that stand elsewhere: ``{ env = "NAME" }`` and ``{ file = "path" }``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from sumotext_backend.config.model import Origin
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.files import read_file
from sumotext_backend.options import quote_name
from sumotext_backend.places import Places

KINDS: Final = ("env", "file")


@attrs.frozen
class Found:
    """A value and where it was found: ``sumotext.toml``, ``$NAME``, ``file path``, ``code``.

    ``elsewhere`` tells that it was not where the configuration is.
    """

    value: Any = attrs.field(repr=False)
    origin: str
    elsewhere: bool = False


def dereference(value: Any, origin: Origin, places: Places) -> Found:
    """``value``, read from where it stands if it is a reference, or has some in a list.

    Raises `ConfigurationError` for a variable that is missing, a file that cannot be read, and
    for either when it is empty.
    """
    if isinstance(value, list | tuple):
        items = [dereference(item, origin, places) for item in value]
        origins = dict.fromkeys(item.origin for item in items)
        elsewhere = any(item.elsewhere for item in items)
        return Found([item.value for item in items], ", ".join(origins) or label(origin), elsewhere)
    if not _is_reference(value):
        return Found(value, label(origin))
    ((kind, name),) = value.items()
    if not isinstance(name, str) or not name:
        raise ConfigurationError(f'a reference is {{ {kind} = "…" }}, with text in it')
    return _read_variable(name, places) if kind == "env" else _read_secret(name, origin, places)


def label(origin: Origin) -> str:
    """The origin for people; ``code`` where it is not a file."""
    return origin.label or "code"


def read_text(path: Path, name: str) -> str:
    """The text of the file ``path``, which errors call ``name``. Raises `ConfigurationError`."""
    try:
        return read_file(path).decode("utf-8-sig")
    except OSError as error:
        why = error.strerror or type(error).__name__
    except ValueError:
        why = "it is not UTF-8 text"
    raise ConfigurationError(f"{name} cannot be read: {why}")


def _is_reference(value: Any) -> bool:
    if not isinstance(value, Mapping) or not set(KINDS) & set(value) or "backend" in value:
        return False
    if len(value) == 1:
        return True
    raise ConfigurationError("a reference has one key, 'env' or 'file', and no other")


def _read_variable(name: str, places: Places) -> Found:
    value = places.environ.get(name)
    if value:
        return Found(value, f"${name}", elsewhere=True)
    wrong = "is not set" if value is None else "is empty"
    raise ConfigurationError(f"the environment variable {quote_name(name)} {wrong}; set it")


def _read_secret(name: str, origin: Origin, places: Places) -> Found:
    text = read_text(places.expand(name, origin.folder), f"the file {name!r}").rstrip("\r\n")
    if text:
        return Found(text, f"file {name}", elsewhere=True)
    raise ConfigurationError(f"the file {name!r} is empty; write the value into it")
