"""A DSN: a backend and its options as one URL, ``sumotext://74700/SUMO?carrier=ATTUS``.

A backend's class says with a form of the same shape how the parts of the URL become options:
``sumotext://{shortcode}/{keyword}``. A last part ``{path...}`` takes the rest of the path, with
the slash before it. Everything in the query is an option by its name.
No error shows any part of a DSN but its scheme, since the rest may hold a secret.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qsl, unquote

import attrs

from sumotext_backend.exceptions import ConfigurationError

_DSN: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?:(?P<user>[^:@/?#]*)(?::(?P<password>[^@/?#]*))?@)?"
    r"(?P<host>[^/?#@]*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?"
)


@attrs.frozen
class Dsn:
    """A DSN taken apart: ``slots`` are user, password, host, then each segment of the path."""

    scheme: str
    slots: tuple[str, ...] = attrs.field(repr=False)
    query: tuple[tuple[str, str], ...] = attrs.field(repr=False)


def parse(text: str) -> Dsn:
    """``text`` taken apart, percent-encoding decoded.

    Raises `ConfigurationError` for what is not a URL.
    """
    match = _DSN.fullmatch(text.strip())
    if not match:
        raise ConfigurationError(
            "this is not a DSN: write scheme://…?option=value, with special characters "
            "percent-encoded, such as sumotext://74700/SUMO?carrier=ATTUS"
        )
    path = (match["path"] or "").strip("/")
    slots = (match["user"], match["password"], match["host"], *(path.split("/") if path else ()))
    query = parse_qsl(match["query"] or "", keep_blank_values=True)
    return Dsn(match["scheme"].lower(), tuple(unquote(slot or "") for slot in slots), tuple(query))


def read(dsn: Dsn, form: str, options: Collection[str] = ()) -> dict[str, str]:
    """The options that ``dsn`` gives, by name, under the class's ``form``.

    Raises `ConfigurationError` for a part that the form has no place for, or an option twice,
    which it names only if the form or ``options`` do.
    """
    names = parse(form).slots
    slots = _fold(dsn.slots, len(names) - 1) if names[-1].endswith("...}") else dsn.slots
    public = {*map(_strip, names), *options}
    values: dict[str, str] = {}
    if any(slots[len(names) :]):
        raise ConfigurationError(f"too many parts in the {dsn.scheme} DSN; its form is {form}")
    for slot, value in zip(names, slots, strict=False):
        if value:
            _put(values, _name(slot, form), value, dsn.scheme, public)
    for name, value in dsn.query:
        _put(values, name, value, dsn.scheme, public)
    return values


def _fold(slots: tuple[str, ...], first: int) -> tuple[str, ...]:
    """``slots`` with those from ``first`` on as one path."""
    return (*slots[:first], "".join(f"/{slot}" for slot in slots[first:]))


def _name(slot: str, form: str) -> str:
    if slot.startswith("{"):
        return _strip(slot)
    raise ConfigurationError(f"a part of the DSN has no place in its form, which is {form}")


def _strip(slot: str) -> str:
    """The option that a slot of a form is for."""
    return slot.strip("{.}")


def _put(
    values: dict[str, str], name: str, value: str, scheme: str, public: Collection[str]
) -> None:
    if name in values:
        # What was taken for a name may be half a secret.
        shown = f"option {name!r}" if name in public else "an option"
        raise ConfigurationError(f"{shown} is given twice in the {scheme} DSN")
    values[name] = value
