"""What the command prints of backends and plugins: pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from sumotext_backend.cli.report import table
from sumotext_backend.options import Option

if TYPE_CHECKING:
    from sumotext_backend.plugins import ListedPlugin
    from sumotext_backend.registry import Listed

_KINDS: Final[Mapping[str, str]] = {"flag": "true or false", "whole": "whole number"}
_MAX_LISTED: Final = 8
"""Choices that are listed; more would hide the other options."""


def backend_words(row: Listed) -> str:
    """One backend for a person."""
    doc = row.doc.replace("`", "")
    headline = f"{_headline(row)}\n  {doc}" if doc else _headline(row)
    options = [(option.name, option_words(option)) for option in row.options]
    return table(headline, [_problem(row), ("dsn", row.dsn), *options])


def _problem(row: Listed) -> tuple[str, str]:
    return ("needs" if row.state == "missing" else "error"), row.error


def option_words(option: Option) -> str:
    """An option's type and default, or that it is required, and what it is for."""
    default = plain(option)
    given = "" if default in (None, []) else f", default {_written(default)}"
    secret = ", secret" if option.secret else ""
    per_message = ", per message too" if option.per_message else ""
    rule = f"{kind_words(option)}{', required' if option.required else given}{secret}{per_message}"
    return f"{option.help} ({rule})" if option.help else rule


def _written(default: object) -> str:
    if isinstance(default, float):
        return f"{default:g}"
    return str(default).lower() if isinstance(default, bool) else str(default)


def kind_words(option: Option) -> str:
    """The kind of an option in words: ``"number"``, ``"stop or may_text_twice"``."""
    if option.kind == "choice":
        choices = option.choices
        return " or ".join(choices) if len(choices) <= _MAX_LISTED else option.name
    words = _KINDS.get(option.kind, option.kind)
    return f"list of {words}{'' if words == 'text' else 's'}" if option.many else words


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
            "type": kind_words(option),
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
    state = "" if row.state in ("ok", "missing") else f": {row.state.upper()}"
    return f"{row.name} ({f'{row.distribution} {row.version}'.strip()}){state}"


def _offered(row: Listed | ListedPlugin) -> dict[str, object]:
    return {
        "name": row.name,
        "distribution": row.distribution,
        "version": row.version,
        "state": row.state,
        "error": row.error,
    }
