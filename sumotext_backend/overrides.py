"""Options of one message: which a backend lets a message set, and a backend with them set.

A field of a backend is one where its metadata says ``"per_message": True``. A caller sets it in
`Message.options` under the backend's name; no caller needs to know any backend by name, see
`message_options`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.options import Option, construct, options_of, read, shown

B = TypeVar("B", bound=SmsBackend)


@functools.cache
def overridable(cls: type[SmsBackend]) -> Mapping[str, Option]:
    """The options of ``cls`` that a message may set, by name.

    Raises `ConfigurationError` for a class that declares none in a way that can be read.
    """
    return {name: option for name, option in options_of(cls).items() if option.per_message}


def message_options(
    backends: Iterable[SmsBackend], name: str, value: object
) -> dict[str, dict[str, object]]:
    """`Message.options` that set ``name`` for each of ``backends`` that lets a message set it.

    Empty where none does. Nothing is validated before the message is sent.
    """
    return {
        backend.name: {name: value} for backend in backends if name in overridable(type(backend))
    }


def override(backend: B, message: Message) -> B | Verdict:
    """``backend`` with the options that ``message`` sets for it, or why they cannot be.

    They are read and validated as those of a configuration. ``backend`` itself where there are
    none, and else a twin without its connections.
    """
    given = message.options.get(backend.name) if message.options else None
    if not given:
        return backend
    try:
        return _override(backend, given)
    except ConfigurationError as error:
        wrong = str(error)
    return Verdict(reason=Reason.CONFIGURATION, detail=wrong)


def _override(backend: B, given: Mapping[str, object]) -> B:
    where = f"options of the message for {backend.name!r}"
    cls: Any = type(backend)
    allowed = overridable(cls)
    for name in given:
        if name not in allowed:
            raise ConfigurationError(f"{where}: {_find_problem(cls, str(name), allowed)}")
    values = {name: read(allowed[name], value, where) for name, value in given.items()}
    own = {field.alias: getattr(backend, field.name) for field in attrs.fields(cls) if field.init}
    made: B = construct(cls, own | values, where)
    return made


def _find_problem(cls: type[SmsBackend], name: str, allowed: Mapping[str, Option]) -> str:
    if name in options_of(cls):
        names = ", ".join(allowed) or "none"
        return f"option {name!r} cannot be set by a message (it may set: {names})"
    return f"unknown option {shown(name)}{did_you_mean(name, allowed)}"
