"""A backend's options, read off its attrs class: the one declaration behind everything.

Validation, error texts, the tables in the docs, ``sumotext backends`` and the DSN all come from
the fields of the class: the annotation says the kind, the default says whether it is required,
``metadata={"help": …, "secret": True}`` says the rest. What a repr hides is private.
Nobody else takes an annotation apart.
"""

from __future__ import annotations

import functools
import re
import typing
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final, TypeVar

import attrs

from sumotext_backend.bounds import Bounds, check_bounds, find_bounds
from sumotext_backend.exceptions import ConfigurationError, did_you_mean, is_misspelt
from sumotext_backend.kinds import Kind, describe, read_items, read_one

T = TypeVar("T")

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")


@attrs.frozen
class Option:
    """One option, as a field of an attrs class declares it.

    ``kind`` is what a value is read as: a ``flag`` is true or false, ``whole`` a number without a
    fraction, ``value`` what is taken as it comes. ``many`` is a list of that kind, ``optional``
    takes None, and ``choices`` are the words of a choice. ``bounds`` are comparisons that a number
    must meet, such as ``((">", 0),)``. ``private`` is what no repr shows; every ``secret`` is
    private. ``warn`` (``metadata={"warn": function}``) is asked of a value that is right what is
    odd about it: one line, or nothing. ``per_message`` tells that one message may set it too, and
    ``phone`` that it is a phone number, which a configuration reads in its region.
    ``common`` tells that many backends have it, so that it is listed after their own.
    """

    name: str
    kind: Kind
    required: bool
    default: object
    help: str
    secret: bool
    private: bool = False
    bounds: Bounds = ()
    per_message: bool = False
    phone: bool = False
    many: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()
    warn: Callable[[Any], str] | None = None
    common: bool = False


@functools.cache
def options_of(cls: type) -> Mapping[str, Option]:
    """The options of an attrs class by name, in the order of their declaration.

    Raises `ConfigurationError` for a class that declares none in a way that can be read.
    """
    try:
        hints = typing.get_type_hints(cls)
        fields = [field for field in attrs.fields(cls) if field.init]
        return {str(field.alias): _option(field, hints.get(field.name, Any)) for field in fields}
    except Exception as error:  # noqa: BLE001 - a stranger's class may be anything
        why = type(error).__name__
    raise ConfigurationError(
        f"the options of {cls.__name__} cannot be read ({why}); "
        "it must be an attrs class whose annotations can be resolved"
    )


def order_for_people(options: Iterable[Option]) -> list[Option]:
    """What must be given first, then what is the backend's own, then what many have."""
    return sorted(options, key=lambda each: (not each.required, each.common))


def _option(field: attrs.Attribute[Any], hint: object) -> Option:
    default = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        default = None if default.takes_self else default.factory()  # type: ignore[union-attr]
    secret = bool(field.metadata.get("secret", False))
    return Option(
        name=str(field.alias),
        required=field.default is attrs.NOTHING,
        default=default,
        help=field.metadata.get("help", ""),
        secret=secret,
        private=secret or field.repr is not True,
        bounds=find_bounds(field.validator),
        per_message=bool(field.metadata.get("per_message", False)),
        phone=bool(field.metadata.get("phone", False)),
        warn=field.metadata.get("warn"),
        common=bool(field.metadata.get("common", False)),
        **describe(hint),
    )


def one_of(instance: object, field: attrs.Attribute[Any], value: object) -> None:
    """Validate that a choice is one of its words. Raises `ConfigurationError`."""
    cls: type = type(instance)
    read(options_of(cls)[str(field.alias)], value)


def quote_name(name: str, among: Collection[str] | None = None) -> str:
    """``name`` in quotes for an error, unless it may be a secret or a number in the wrong place.

    With ``among`` it is shown only where it is one of these words, or one misspelt: in a DSN half
    a secret stands where a name should, if an ``&`` in it was not percent-encoded.
    """
    plain = _NAME.fullmatch(name) and sum(map(str.isdigit, name)) < 7
    return repr(name) if plain and (among is None or is_misspelt(name, among)) else "(not shown)"


def missing(cls: type, names: Collection[str]) -> list[ConfigurationError]:
    """One error for each option that ``cls`` requires and that is not among ``names``."""
    return [
        ConfigurationError(
            f"option {option.name!r} is missing ({option.help or 'required'})", option=option.name
        )
        for option in options_of(cls).values()
        if option.required and option.name not in names
    ]


def unknown(cls: type, name: str, *, private: bool = False) -> ConfigurationError:
    """The error for an option that ``cls`` does not have; ``private`` where it may be a secret."""
    options = options_of(cls)
    words = quote_name(name, options if private else None)
    return ConfigurationError(f"unknown option {words}{did_you_mean(name, options)}")


def make(cls: type[T], values: Mapping[str, object], place: str = "") -> T:
    """An instance of ``cls`` with its options set from ``values`` (text is read as the kind asks).

    ``place`` is that of an error: ``"provider 'main'"``.
    Raises `ConfigurationError` for an unknown, missing or wrong option.
    """
    declared: type = cls
    options = options_of(declared)
    wrong = [unknown(cls, name) for name in values if name not in options]
    wrong += [] if wrong else missing(cls, values)
    if wrong:
        raise wrong[0].at(place=place)
    read_values = {name: read(options[name], value, place) for name, value in values.items()}
    return construct(cls, read_values, place)


def construct(cls: type[T], values: Mapping[str, object], place: str = "") -> T:
    """An instance of ``cls`` from ``values`` that were `read`. Raises `ConfigurationError`."""
    try:
        return cls(**values)
    except ConfigurationError as error:
        wrong = error
    except Exception as error:  # noqa: BLE001 - a stranger's class may raise anything
        wrong = _refusal(error, "an option")
    judged = refusals(cls, values)
    raise (judged[0] if judged else wrong).at(place=place)


def refusals(cls: type, values: Mapping[str, object]) -> list[ConfigurationError]:
    """What the class's converters and validators have against each of ``values`` by itself.

    An instance need not be possible: what they say of options that are missing is passed over.
    """
    half: object = object.__new__(cls)
    fields = [field for field in attrs.fields(cls) if field.init]
    errors: list[ConfigurationError] = []
    for judge in (_convert, _validate):
        for field in fields:
            name = str(field.alias)
            if name in values and name not in [error.option for error in errors]:
                errors += _refuse(judge, half, field, values[name])
    return errors


def _convert(half: object, field: attrs.Attribute[Any], value: object) -> None:
    convert: Any = field.converter
    takes_all = isinstance(convert, getattr(attrs, "Converter", ()))
    if convert is not None:
        value = convert(value, half, field) if takes_all else convert(value)
    object.__setattr__(half, field.name, value)


def _validate(half: object, field: attrs.Attribute[Any], _: object) -> None:
    if field.validator:
        field.validator(half, field, getattr(half, field.name))


def _refuse(
    judge: Callable[[object, attrs.Attribute[Any], object], None],
    half: object,
    field: attrs.Attribute[Any],
    value: object,
) -> list[ConfigurationError]:
    try:
        judge(half, field, value)
    except ConfigurationError as error:
        return [error.at(option=str(field.alias))]
    except AttributeError:  # it looks at an option that is not there
        return []
    except Exception as error:  # noqa: BLE001 - a stranger's class may raise anything
        return [_refusal(error, f"option {field.alias!r}").at(option=str(field.alias))]
    return []


def _refusal(error: Exception, option: str) -> ConfigurationError:
    # Its words are left out: those of attrs' validators hold the value.
    return ConfigurationError(f"{option} is not what the backend takes ({type(error).__name__})")


def read(option: Option, value: object, place: str = "") -> object:
    """``value`` as ``option`` takes it, where it is text or a number that says the same.

    Raises `ConfigurationError`, which never shows the value: it may be a secret.
    """
    try:
        coerced = _read(option, value)
        check_bounds(option.bounds, coerced)
    except ValueError as error:
        wrong = f"option {option.name!r} {error}"
    else:
        return coerced
    raise ConfigurationError(wrong, place=place, option=option.name)


def _read(option: Option, value: object) -> object:
    if value is None and option.optional:
        return None
    if option.many:
        return tuple(read_one(option.kind, option.choices, item) for item in read_items(value))
    return read_one(option.kind, option.choices, value)
