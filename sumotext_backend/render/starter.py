"""A first ``sumotext.toml``, written from what a backend and the tables declare: pure functions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from sumotext_backend.config.tables import TABLES
from sumotext_backend.numbering import DEFAULT_REGION
from sumotext_backend.options import Option, options_of
from sumotext_backend.render.backends import option_words, plain

if TYPE_CHECKING:
    from sumotext_backend.registry import Listed

_HEAD: Final = f"""\
# The configuration of sumotext-backend. Take the # away from what you want to change.
# What is wrong with it:  sumotext config check
# What is in force:       sumotext config show --origin
# A value may be in an environment variable, {{ env = "NAME" }}, or in a file, {{ file = "path" }};
# a secret belongs there.

# Where numbers without country code are dialled: two letters.
# region = "{DEFAULT_REGION}"
"""
_MAIN: Final = "main"
"""The alias of the provider that a chain is begun with."""


def starter_text(row: Listed) -> str:
    """The file, with the backend of ``row`` as the provider ``default``.

    What must be given is read from environment variables; all else is a comment with its default.
    """
    return "\n".join([_HEAD, *_write_provider(row), *_write_tables()])


def env_name(backend: str, option: str) -> str:
    """The environment variable for an option: ``"TWILIO_AUTH_TOKEN"``."""
    return f"{backend}_{option}".upper().replace("-", "_").lstrip("0123456789")


def _write_provider(row: Listed) -> Iterator[str]:
    yield f"# {row.doc}"
    yield "[providers.default]"
    yield f'backend = "{row.name}"'
    for option in row.options:
        yield f"# {option_words(option)}"
        yield f"{'' if option.required else '# '}{option.name} = {_value(row.name, option)}"
    if any(option.required and option.kind == "provider" for option in row.options):
        yield from ("", f"[providers.{_MAIN}]", 'backend = "console"')
    yield ""


def _value(backend: str, option: Option) -> str:
    if option.kind == "provider":
        return _write([_MAIN] if option.many else _MAIN)
    if option.required or option.secret:
        return f'{{ env = "{env_name(backend, option.name)}" }}'
    return "{}" if isinstance(option.default, Mapping) else _write(plain(option))


def _write_tables() -> Iterator[str]:
    for name, cls in TABLES.items():
        yield f"# [{name}]"
        yield from _write_comments(name, options_of(cls).values())
        yield ""


def _write_comments(table: str, options: Iterable[Option]) -> Iterator[str]:
    for option in options:
        yield f"# {option_words(option)}"
        yield f"# {option.name} = {_value(f'sumotext_{table}', option)}"


def _write(value: object) -> str:
    """A default as TOML has it; where there is none, a text to be written over."""
    return json.dumps("…" if value is None else value, ensure_ascii=False)
