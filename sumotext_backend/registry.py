"""Backends by name, found through entry points and imported only when one is asked for."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Final, Literal

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.entrypoints import Broken, Offer, load, offers
from sumotext_backend.exceptions import ConfigurationError, UnknownBackendError, did_you_mean
from sumotext_backend.options import Option, options_of, order_for_people, quote_name

GROUP: Final = "sumotext_backend.backends"

_EXTRAS: Final = {"apprise": "apprise", "django-sms": "django-sms"}
"""Backends of this distribution that need an extra: name → extra."""


State = Literal["ok", "missing", "broken", "duplicate"]


class Missing(Broken):
    """What to do for a backend of ours whose extra is not installed."""


@attrs.frozen(kw_only=True)
class Listed:
    """One row of ``sumotext backends``: a name, who offers it, and what it is or why it is not.

    ``state`` is ``"missing"`` for a backend of ours whose extra is not installed. ``doc`` is the
    first line of the class's docstring. ``dsn``, ``doc`` and ``options`` are empty unless
    ``state`` is ``"ok"``; ``error`` is one line, and empty if it is.
    """

    name: str
    distribution: str
    version: str
    state: State
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
    return _find(name, offers(GROUP), private=False)


def finder() -> Callable[..., type[SmsBackend]]:
    """`backend_class`, which looks at what is installed once for all calls of it.

    With ``private=True`` the error shows no name that may be a secret in the wrong place.
    """
    look = functools.cache(lambda: offers(GROUP))

    @functools.cache
    def find(name: str, *, private: bool = False) -> type[SmsBackend]:
        return _find(name, look(), private=private)

    return find


def _find(name: str, found: Sequence[Offer], *, private: bool) -> type[SmsBackend]:
    same = [offer for offer in found if offer.name == name]
    if not same:
        raise _unknown(name, [offer.name for offer in found], private=private)
    if len(same) > 1:
        raise ConfigurationError(f"backend {name!r} {_twice(same)}")
    cls = _load_class(same[0])
    if isinstance(cls, Missing):
        why = f"needs {cls.missing}, which is not installed"
        raise ConfigurationError(f"backend {name!r} {why}; {cls.error}")
    if isinstance(cls, Broken):
        raise ConfigurationError(
            f"backend {name!r} of {same[0]} ({same[0].entry.value}) is broken: {cls.error}"
        )
    return cls


def listing() -> tuple[Listed, ...]:
    """All installed backends, sorted by name, each imported; a broken one is told, not raised."""
    found = offers(GROUP)
    return tuple(
        _row(offer, [other for other in found if other.name == offer.name]) for offer in found
    )


def _unknown(name: str, known: Sequence[str], *, private: bool) -> UnknownBackendError:
    words = quote_name(name, known if private else None)
    there = ", ".join(sorted(set(known))) or "none"
    return UnknownBackendError(
        f"no backend {words} is installed (there are: {there}){did_you_mean(name, known)}"
    )


def _twice(found: Sequence[Offer]) -> str:
    return f"is offered by {' and by '.join(map(str, found))}; uninstall all but one"


def _row(offer: Offer, same_name: Sequence[Offer]) -> Listed:
    row = Listed(
        name=offer.name, distribution=offer.distribution, version=offer.version, state="ok"
    )
    if len(same_name) > 1:
        return attrs.evolve(row, state="duplicate", error=_twice(same_name))
    cls = _load_class(offer)
    if isinstance(cls, Broken):
        state: State = "missing" if isinstance(cls, Missing) else "broken"
        return attrs.evolve(row, state=state, error=cls.error)
    doc = inspect.cleandoc(cls.__doc__ or "").partition("\n")[0]
    options = tuple(order_for_people(options_of(cls).values()))
    return attrs.evolve(row, dsn=cls.dsn, doc=doc, options=options)


def _load_class(offer: Offer) -> type[SmsBackend] | Broken:
    """The class offered, once it is seen to be a backend that can be configured."""
    cls = load(offer)
    if isinstance(cls, Broken):
        extra = _EXTRAS.get(offer.name)
        mend = f"pip install 'sumotext-backend[{extra}]'"
        return Missing(mend, cls.missing) if extra and cls.missing else cls
    if not (isinstance(cls, type) and issubclass(cls, SmsBackend)):
        return Broken("it is not a subclass of SmsBackend")
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
