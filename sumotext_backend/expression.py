"""Several providers in one line: ``main || backup``, a tree of aliases and DSNs.

::

    any     = all *( "||" all )               fallback: the first that takes the text
    all     = operand *( "&&" operand )       roundrobin: they take turns
    operand = alias | dsn | [ name ] "(" any ")" [ "?" options ]

A group with two or more operands, or with a composite's name before it, may carry options, as
the query of a DSN does: ``(a || b)?timeout=20``, ``retry(a)?tries=2``. Parentheses, ``|``, ``&&``
and spaces inside a DSN are percent-encoded.
No error shows any part of what was written, since it may hold a secret: it tells the position.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import attrs

from sumotext_backend.exceptions import ConfigurationError

MAX_DEPTH: Final = 20
"""Providers inside each other, and parentheses."""
MAX_PROVIDERS: Final = 1000
"""Providers in one chain, and in one line."""

Tree = str | Mapping[str, Any]
"""An alias or a DSN, or ``{"backend": …, "chain" or "of": …, option: text}``."""

_TOKEN: Final = re.compile(r"\s*(?:(?P<mark>\|\||&&|[()])|(?P<text>(?:(?!&&)[^\s()|])+)|$)")
_ALIAS: Final = re.compile(r"\w[\w.-]*")
_END: Final = ""
_MARKS: Final = ("||", "&&", "(", ")", _END)


def is_alias(text: str) -> bool:
    """Whether ``text`` can be an alias: letters, digits, ``_``, and inside ``-`` and ``.``."""
    return bool(_ALIAS.fullmatch(text))


def parse(text: str) -> Tree:
    """``text`` as a tree; an alias or a single DSN is returned as it is.

    Raises `ConfigurationError` with the position of what is wrong.
    """
    reader = _Reader(_tokens(text))
    _check_size(reader)
    tree = _read_fallback(reader, 0)
    if reader.ahead != _END:
        raise reader.wrong("'||' or '&&' is missing between two providers")
    return tree


def names_alias(tree: Tree) -> bool:
    """Whether there is an alias anywhere in ``tree``."""
    if isinstance(tree, str):
        return is_alias(tree)
    return any(map(names_alias, tree.get("chain") or [tree["of"]]))


def _tokens(text: str) -> list[tuple[str, int]]:
    """Each token with the position of its first character, from 1; at last an empty one."""
    tokens, at = [], 0
    while match := _TOKEN.match(text, at):
        kind = match.lastgroup
        tokens.append((match[kind], match.start(kind) + 1) if kind else (_END, len(text) + 1))
        if not kind:
            return tokens
        at = match.end()
    at += len(text[at:]) - len(text[at:].lstrip())
    raise ConfigurationError(f"a single '|' at character {at + 1}; write '||', or %7C inside a DSN")


@attrs.define
class _Reader:
    tokens: list[tuple[str, int]] = attrs.field(repr=False)
    place: int = 0

    @property
    def ahead(self) -> str:
        return self.tokens[self.place][0]

    def take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1][0]

    def wrong(self, words: str) -> ConfigurationError:
        return ConfigurationError(f"{words}, at character {self.tokens[self.place][1]}")


def _check_size(reader: _Reader) -> None:
    operands = [token not in _MARKS and token[0] != "?" for token, _ in reader.tokens]
    places = [place for place, operand in enumerate(operands) if operand]
    if len(places) > MAX_PROVIDERS:
        reader.place = places[MAX_PROVIDERS]
        raise reader.wrong(f"more than {MAX_PROVIDERS} providers in one line")


def _read_fallback(reader: _Reader, depth: int) -> Tree:
    chain = [_read_roundrobin(reader, depth)]
    while reader.ahead == "||":
        reader.take()
        chain.append(_read_roundrobin(reader, depth))
    return {"backend": "fallback", "chain": chain} if len(chain) > 1 else chain[0]


def _read_roundrobin(reader: _Reader, depth: int) -> Tree:
    chain = [_read_operand(reader, depth)]
    while reader.ahead == "&&":
        reader.take()
        chain.append(_read_operand(reader, depth))
    return {"backend": "roundrobin", "chain": chain} if len(chain) > 1 else chain[0]


def _read_operand(reader: _Reader, depth: int) -> Tree:
    if reader.ahead in _MARKS and reader.ahead != "(":
        raise reader.wrong("a provider is missing")
    if reader.ahead == "(":
        return _read_group(reader, depth)
    text = reader.take()
    if reader.ahead == "(":
        if not is_alias(text):
            raise reader.wrong("'(' stands after a composite's name only; inside a DSN write %28")
        return _read_group(reader, depth, text)
    if "://" in text or is_alias(text):
        return text
    reader.place -= 1
    raise reader.wrong(
        "neither an alias nor a DSN (scheme://…?option=value, with special characters "
        "percent-encoded, such as sumotext://74700/SUMO?carrier=ATTUS)"
    )


def _read_group(reader: _Reader, depth: int, name: str = "") -> Tree:
    if depth >= MAX_DEPTH:
        raise reader.wrong(f"more than {MAX_DEPTH} parentheses inside each other")
    reader.take()
    tree = _read_fallback(reader, depth + 1)
    if reader.ahead != ")":
        raise reader.wrong("')' is missing")
    reader.take()
    group = {"backend": name, "of": tree} if name else tree
    return _add_options(reader, group) if reader.ahead.startswith("?") else group


def _add_options(reader: _Reader, group: Tree) -> Tree:
    if isinstance(group, str):
        raise reader.wrong("options stand after a group of several providers, or in the DSN")
    options = dict(group)
    for name, value in parse_qsl(reader.ahead[1:], keep_blank_values=True):
        if name in options:
            raise reader.wrong("an option is given twice in the group")
        options[name] = value
    reader.take()
    return options
