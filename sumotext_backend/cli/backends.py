"""What the command prints of backends and plugins: pure functions."""

from __future__ import annotations

import enum
import typing
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, Union

from sumotext_backend.cli.report import table
from sumotext_backend.options import Option

if TYPE_CHECKING:
    from sumotext_backend.plugins import ListedPlugin
    from sumotext_backend.registry import Listed

_KINDS: Final[dict[Any, str]] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    Path: "path",
}


def backend_words(row: Listed) -> str:
    """One backend for a person."""
    doc = row.doc.replace("`", "")
    headline = f"{_headline(row)}\n  {doc}" if doc else _headline(row)
    options = [(option.name, option_words(option)) for option in row.options]
    return table(headline, [("error", row.error), ("dsn", row.dsn), *options])


def option_words(option: Option) -> str:
    """An option's type and default, or that it is required, and what it is for."""
    default = plain(option)
    given = "" if default in (None, []) else f", default {_written(default)}"
    secret = ", secret" if option.secret else ""
    per_message = ", per message too" if option.per_message else ""
    rule = f"{kind(option.hint)}{', required' if option.required else given}{secret}{per_message}"
    return f"{option.help} ({rule})" if option.help else rule


def _written(default: object) -> str:
    if isinstance(default, float):
        return f"{default:g}"
    return str(default).lower() if isinstance(default, bool) else str(default)


def kind(hint: Any) -> str:
    """The type of an option in words: ``"number"``, ``"stop or may_text_twice"``."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, UnionType):
        return kind(next(arg for arg in args if arg is not type(None)))
    if origin is Literal:
        return " or ".join(map(str, args))
    if origin is tuple:
        return f"list of {kind(args[0])}{'' if args[0] is str else 's'}"
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return hint.__name__.lower()
    return _KINDS.get(hint, "provider" if _is_provider(hint) else "value")


def _is_provider(hint: Any) -> bool:
    from sumotext_backend.backend import SmsBackend

    return isinstance(hint, type) and issubclass(hint, SmsBackend)


def plain(option: Option) -> object:
    """The default of an option as JSON takes it; None for what is private, or has none."""
    default = None if option.required or option.private else option.default
    if isinstance(default, list | tuple):
        return [str(each) for each in default]
    return default if isinstance(default, str | bool | int | float | None) else str(default)


def backend_object(row: Listed) -> dict[str, object]:
    """One backend for a program."""
    return {**_offered(row), "dsn": row.dsn, "doc": row.doc, "options": list(_options(row))}


def _options(row: Listed) -> Iterator[dict[str, object]]:
    for option in row.options:
        yield {
            "name": option.name,
            "type": kind(option.hint),
            "required": option.required,
            "default": plain(option),
            "secret": option.secret,
            "per_message": option.per_message,
            "help": option.help,
        }


def plugin_words(row: ListedPlugin) -> str:
    """One plugin for a person."""
    return table(_headline(row), [("hooks", ", ".join(row.hooks)), ("error", row.error)])


def plugin_object(row: ListedPlugin) -> dict[str, object]:
    """One plugin for a program."""
    return {**_offered(row), "hooks": list(row.hooks)}


def _headline(row: Listed | ListedPlugin) -> str:
    state = "" if row.state == "ok" else f": {row.state.upper()}"
    return f"{row.name} ({f'{row.distribution} {row.version}'.strip()}){state}"


def _offered(row: Listed | ListedPlugin) -> dict[str, object]:
    return {
        "name": row.name,
        "distribution": row.distribution,
        "version": row.version,
        "state": row.state,
        "error": row.error,
    }
