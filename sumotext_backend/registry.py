"""Backends by name, found through entry points and imported only when one is asked for."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Final, Literal

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.entrypoints import Broken, Offer, load, offers
from sumotext_backend.exceptions import ConfigurationError, UnknownBackendError, did_you_mean
from sumotext_backend.options import Option, options_of, shown

GROUP: Final = "sumotext_backend.backends"

_EXTRAS: Final = {"apprise": "apprise", "django-sms": "django-sms"}
"""Backends of this distribution that need an extra: name → extra."""


@attrs.frozen(kw_only=True)
class Listed:
    """One row of ``sumotext backends``: a name, who offers it, and what it is or why it is not.

    ``doc`` is the first line of the class's docstring. ``dsn``, ``doc`` and ``options`` are empty
    unless ``state`` is ``"ok"``; ``error`` is one line, and empty if it is.
    """

    name: str
    distribution: str
    version: str
    state: Literal["ok", "broken", "duplicate"]
    error: str = ""
    dsn: str = ""
    doc: str = ""
    options: tuple[Option, ...] = ()


def names() -> list[str]:
    """The names of all installed backends, sorted; none of them is imported."""
    return sorted({offer.name for offer in offers(GROUP)})


def backend_class(name: str) -> type[SmsBackend]:
    """The class that the installed backend ``name`` offers.

    Raises `UnknownBackendError` where none is installed (it says what is, and what may have been
    meant), `ConfigurationError` where two distributions offer it or where it is broken.
    """
    found = [offer for offer in offers(GROUP) if offer.name == name]
    if not found:
        raise UnknownBackendError(_unknown(name))
    if len(found) > 1:
        raise ConfigurationError(f"backend {name!r} {_twice(found)}")
    cls = _checked(found[0])
    if isinstance(cls, Broken):
        raise ConfigurationError(
            f"backend {name!r} of {found[0]} ({found[0].entry.value}) is broken: {cls.error}"
        )
    return cls


def listing() -> tuple[Listed, ...]:
    """All installed backends, sorted by name, each imported; a broken one is told, not raised."""
    found = offers(GROUP)
    return tuple(
        _listed(offer, [other for other in found if other.name == offer.name]) for offer in found
    )


def _unknown(name: str) -> str:
    known = names()
    return (
        f"no backend {shown(name)} is installed (there are: {', '.join(known) or 'none'})"
        f"{did_you_mean(name, known)}"
    )


def _install(name: str) -> str:
    return f"pip install 'sumotext-backend[{_EXTRAS[name]}]'"


def _twice(found: Sequence[Offer]) -> str:
    return f"is offered by {' and by '.join(map(str, found))}; uninstall all but one"


def _listed(offer: Offer, same_name: Sequence[Offer]) -> Listed:
    row = Listed(
        name=offer.name, distribution=offer.distribution, version=offer.version, state="ok"
    )
    if len(same_name) > 1:
        return attrs.evolve(row, state="duplicate", error=_twice(same_name))
    cls = _checked(offer)
    if isinstance(cls, Broken):
        return attrs.evolve(row, state="broken", error=cls.error)
    doc = inspect.cleandoc(cls.__doc__ or "").partition("\n")[0]
    return attrs.evolve(row, dsn=cls.dsn, doc=doc, options=tuple(options_of(cls).values()))


def _checked(offer: Offer) -> type[SmsBackend] | Broken:
    """The class offered, once it is seen to be a backend that can be configured."""
    cls = load(offer)
    if isinstance(cls, Broken):
        known = cls.missing and offer.name in _EXTRAS
        return Broken(f"{cls.error}; {_install(offer.name)}") if known else cls
    if not (isinstance(cls, type) and issubclass(cls, SmsBackend)):
        return Broken("it is no subclass of SmsBackend")
    wrong = _wrong(cls)
    return Broken(wrong) if wrong else cls


def _wrong(cls: type[SmsBackend]) -> str:
    if not isinstance(getattr(cls, "name", None), str):
        return "its class lacks a 'name'"
    if inspect.isabstract(cls):
        return f"its class does not define {' and '.join(sorted(cls.__abstractmethods__))}"
    try:
        options_of(cls)
    except ConfigurationError as error:
        return str(error)
    return ""
