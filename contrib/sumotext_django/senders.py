"""Senders by alias, made from the settings: one of each for a process, and none before it is used.

``SMS_PROVIDERS`` has the shape of Django's own ``STORAGES``; ``SMS_HEALTH`` holds the options of
the table ``[health]``.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import attrs
from django.conf import settings
from django.core.signals import setting_changed

from sumotext_backend import ConfigurationError, Sender
from sumotext_backend.config import Configuration, Places, build, from_settings, load
from sumotext_backend.config.source import Entry
from sumotext_backend.config.spec import Alias, spec_of
from sumotext_django.errors import SettingsError

T = TypeVar("T")

PROVIDERS: Final = "SMS_PROVIDERS"
HEALTH: Final = "SMS_HEALTH"
_MISSING: Final = (
    f"{PROVIDERS} is not set; write {PROVIDERS} = "
    '{"default": {"BACKEND": "sumotext", "OPTIONS": {"shortcode": …, "keyword": …}}}'
)


class Pool:
    """Senders by name, of this process alone: a forked child begins with none.

    Pickles and copies as empty.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._made: dict[int, dict[str, Sender]] = {}

    def get(self, name: str, make: Callable[[], Sender]) -> Sender:
        """The sender of that name, made where there is none. No lock: a fork could hold it."""
        mine = self._made.get(os.getpid())
        if mine is None:
            for other in list(self._made):
                self._made.pop(other, None)
            mine = self._made.setdefault(os.getpid(), {})
        found = mine.get(name)
        return mine.setdefault(name, make()) if found is None else found

    def close(self) -> None:
        """Close the senders of this process and forget them."""
        for sender in self._made.pop(os.getpid(), {}).values():
            sender.close()

    def __reduce__(self) -> tuple[type[Pool], tuple[()]]:
        """Pickle as empty."""
        return (Pool, ())


POOL: Final = Pool()
atexit.register(POOL.close)


def get_sender(using: str = "default") -> Sender:
    """The sender of the provider ``using`` of ``SMS_PROVIDERS``, the same one each time.

    What is sent by it directly goes past the signals. Raises `SettingsError`.
    """
    return POOL.get(using, lambda: sender_of(configuration(using)))


def configuration(using: str = "default") -> Configuration:
    """The providers of the settings, with ``using`` as the one asked for. Raises `SettingsError`.

    Providers are looked at only when they are built.
    """
    providers = getattr(settings, PROVIDERS, None)
    if not providers:
        raise SettingsError(_MISSING)
    if not isinstance(providers, Mapping):
        raise SettingsError(f"{PROVIDERS} wants a mapping of aliases, not a {_kind(providers)}")
    health = getattr(settings, HEALTH, {})
    if not isinstance(health, Mapping):
        raise SettingsError(f"{HEALTH} wants a mapping, not a {_kind(health)}")
    read = settled(lambda: load({**from_settings(providers), "health": health}))
    return attrs.evolve(read, start=using)


def sender_of(configured: Configuration) -> Sender:
    """A new sender of the provider that ``configured`` asks for. Raises `SettingsError`."""
    return settled(lambda: Sender(build(configured)))


def changed(configured: Configuration, options: Mapping[str, object]) -> Configuration:
    """``configured`` with some options of the provider asked for replaced.

    Raises `SettingsError`.
    """
    sender_of(configured)  # finds aliases that lead in a circle
    return settled(lambda: _changed(configured, options))


def _changed(configured: Configuration, options: Mapping[str, object]) -> Configuration:
    alias = configured.start
    entry = configured.providers.get(alias)
    if entry is None:  # building it says so better
        return configured
    spec = spec_of(entry.value, entry.origin, Places.here(), configured.where(alias))
    if isinstance(spec, Alias):
        return _changed(attrs.evolve(configured, start=spec.name), options)
    value = {"backend": spec.backend, **spec.options, **options}
    providers = {**configured.providers, alias: Entry(value, entry.origin)}
    return attrs.evolve(configured, providers=providers)


def settled(read: Callable[[], T]) -> T:
    """What ``read`` returns; its `ConfigurationError` as one that names the setting."""
    try:
        return read()
    except ConfigurationError as error:
        wrong = str(error)
    raise SettingsError(f"{HEALTH if wrong.startswith('[health]') else PROVIDERS}: {wrong}")


def _kind(value: object) -> str:
    return type(value).__name__


def _reset(*, setting: str, **_: Any) -> None:
    if setting in (PROVIDERS, HEALTH):
        POOL.close()


setting_changed.connect(_reset, dispatch_uid="sumotext_django")
