"""Values that stay as they were made, and that travel between versions."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Any

import attrs


def freeze(value: Any) -> Any:
    """A copy of ``value`` that cannot be written into.

    Mappings, lists and sets become read-only at every depth; anything else is taken as it is.
    """
    if isinstance(value, Mapping):
        return MappingProxyType({key: freeze(each) for key, each in value.items()})
    if isinstance(value, list | tuple):
        return tuple(map(freeze, value))
    return frozenset(value) if isinstance(value, AbstractSet) else value


def thaw(value: Any) -> Any:
    """What `freeze` made, with plain dicts, which pickle and JSON take."""
    if isinstance(value, Mapping):
        return {key: thaw(each) for key, each in value.items()}
    return tuple(map(thaw, value)) if isinstance(value, tuple) else value


def restore(instance: Any, state: Mapping[str, object]) -> None:
    """Set the fields of an attrs ``instance``, which is new, from ``state``; for `__setstate__`.

    A field that ``state`` lacks gets its default, and what is not a field is left out, so that
    a value that was pickled by another version is whole or is not loaded.
    Raises `TypeError` where a field without a default is missing.
    """
    cls = type(instance)
    known = {field.alias: state[field.name] for field in attrs.fields(cls) if field.name in state}
    instance.__init__(**known)
