"""What Apprise wants to know of our options, made from the backend's own declaration."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, Final

from sumotext_backend.options import Option, options_of, read
from sumotext_backend.providers.sumotext import SumotextBackend

OPTIONS: Final[Mapping[str, Option]] = options_of(SumotextBackend)
"""The options of the SUMOTEXT backend by name, all of which a URL may use."""

TEMPLATES: Final = (
    "{schema}://{shortcode}/{keyword}/{targets}",
    "{schema}://{shortcode}/{keyword}",
    "{schema}://@{provider}/{targets}",
    "{schema}://@{provider}",
)
_IN_PATH: Final = ("shortcode", "keyword")
_TYPES: Final = {"flag": "bool", "whole": "int", "number": "float"}
_OF_THE_ASSET: Final = ("retry", "wait")


def tokens() -> dict[str, dict[str, Any]]:
    """What stands in the path of a URL."""
    return {
        "shortcode": entry(OPTIONS["shortcode"]) | {"regex": (r"^[0-9]{5,6}$", None)},
        "keyword": entry(OPTIONS["keyword"]),
        "provider": {
            "name": "Alias of a configured provider",
            "type": "string",
            "regex": (r"^\w[\w.-]*$", None),
        },
        "target_phone": {
            "name": "Target Phone No",
            "type": "string",
            "prefix": "+",
            "regex": (r"^\+?[0-9 ().-]+$", None),
            "map_to": "targets",
        },
        "targets": {"name": "Targets", "type": "list:string"},
    }


def arguments() -> dict[str, dict[str, Any]]:
    """What stands in the query of a URL."""
    aliases = {name: {"alias_of": name} for name in (*_IN_PATH, "provider")}
    rest = {name: entry(option) for name, option in OPTIONS.items() if name not in _IN_PATH}
    return {**aliases, **rest, "to": {"alias_of": "targets"}}


def inherited(arguments: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Apprise's own arguments, without the defaults that are not the plugin's but the asset's.

    Apprise leaves a number at its default out of the URLs that it builds. With the asset's default
    that URL would be another.
    """
    kept = {name: dict(argument) for name, argument in arguments.items()}
    for name in kept.keys() & _OF_THE_ASSET:
        for key in ("default", "_lookup_default"):
            kept[name].pop(key, None)
    return kept


def entry(option: Option) -> dict[str, Any]:
    """One option in Apprise's words.

    Numbers have no default there, for the reason that `inherited` gives: what a time-out is where
    it is left out depends on ``cto`` and ``rto``.
    """
    described: dict[str, Any] = {"name": option.help or option.name, "private": option.private}
    if option.kind == "choice":
        described |= {"type": "choice:string", "values": option.choices}
    else:
        described |= {"type": _TYPES.get(option.kind, "string")}
    numeric = described["type"] in ("int", "float")
    if option.default is not None and not option.required and not numeric:
        described["default"] = option.default
    return described


def write(name: str, value: object) -> str:
    """The value of an option as Apprise itself writes it: ``yes`` and ``no``, 15 for 15.0.

    Raises `ValueError` for one that the option does not take.
    """
    value = read(OPTIONS[name], value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)  # type: ignore[call-overload]


def signature() -> inspect.Signature:
    """The plugin's ``__init__`` as Apprise's checks read it: each option an argument by name."""
    by_name = inspect.Parameter.POSITIONAL_OR_KEYWORD
    names = ("provider", "targets", *OPTIONS)
    return inspect.Signature(
        [
            inspect.Parameter("self", by_name),
            *(inspect.Parameter(name, by_name, default=None) for name in names),
            inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD),
        ]
    )
