"""Senders by alias, made from the settings: one of each for a process, and none before it is used.

``SMS_PROVIDERS`` has the shape of Django's own ``STORAGES``; ``SMS_HEALTH`` holds the options of
the table ``[health]``, ``SMS_CONSENT`` those of ``[consent]``; for ``SMS_LEDGER`` see `ledgers`.
``SMS_REGION`` is where numbers without country code are dialled.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import attrs
from django.conf import settings
from django.core.signals import setting_changed

from sumotext_backend import ConfigurationError, Sender
from sumotext_backend.config import (
    Configuration,
    Entry,
    Origin,
    Places,
    build,
    from_settings,
    of_mapping,
    replace_options,
)
from sumotext_backend.ledger import Ledger
from sumotext_django.errors import SettingsError
from sumotext_django.ledgers import CONSENT, LEDGER, find_place, ledger_for, read_ledger

PROVIDERS: Final = "SMS_PROVIDERS"
HEALTH: Final = "SMS_HEALTH"
INBOUND: Final = "SMS_INBOUND"
REGION: Final = "SMS_REGION"
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
    # Django's tests rename databases, and no signal tells of it.
    with speaking_of_settings():
        place = find_place()
    return POOL.get(f"{using}\n{place}", lambda: sender_of(configuration(using)))


def get_ledger() -> Ledger:
    """The ledger of the settings, the same one for all senders. Raises `SettingsError`."""
    with speaking_of_settings():
        return ledger_for(configuration())


def configuration(using: str = "default") -> Configuration:
    """The providers of the settings, with ``using`` as the one asked for. Raises `SettingsError`.

    Providers are looked at only when they are built.
    """
    providers = read_providers()
    tables = {HEALTH: read_health(), LEDGER: read_ledger()} | {
        setting: _read_mapping(setting) for setting in (CONSENT, INBOUND)
    }
    with speaking_of_settings(PROVIDERS):
        written = from_settings(providers)
    with speaking_of_settings():
        read = of_mapping(written, Origin(PROVIDERS, provider=PROVIDERS + "[{!r}]"))
    entries = {
        setting.removeprefix("SMS_").lower(): Entry(value, Origin(setting, table=""))
        for setting, value in tables.items()
    }
    return attrs.evolve(read, tables=entries, start=using, region=read_region())


def read_providers() -> Mapping[str, Any]:
    """``SMS_PROVIDERS``. Raises `SettingsError` where it is missing or no mapping."""
    if getattr(settings, PROVIDERS, None):
        return _read_mapping(PROVIDERS)
    raise SettingsError(_MISSING)


def read_health() -> Mapping[str, Any]:
    """``SMS_HEALTH``. Raises `SettingsError` where it is not a mapping."""
    return _read_mapping(HEALTH)


def read_region() -> str | None:
    """``SMS_REGION``; None where it is not set. Raises `SettingsError` where it is no region."""
    region = getattr(settings, REGION, None)
    if region is None:
        return None
    with speaking_of_settings(REGION):
        return of_mapping({"region": region}).region


def _read_mapping(setting: str) -> Mapping[str, Any]:
    value = getattr(settings, setting, {})
    if isinstance(value, Mapping):
        return value
    raise SettingsError(f"{setting} wants a mapping, not a {type(value).__name__}")


def sender_of(configured: Configuration) -> Sender:
    """A new sender of the provider that ``configured`` asks for. Raises `SettingsError`."""
    with speaking_of_settings():
        ledger = ledger_for(configured)
        return Sender(build(configured), ledger=ledger, region=configured.region)


def replace_options_of(configured: Configuration, options: Mapping[str, object]) -> Configuration:
    """``configured`` with some options of the provider asked for replaced.

    Raises `SettingsError`.
    """
    sender_of(configured)  # finds aliases that lead in a circle
    with speaking_of_settings():
        return replace_options(configured, options, Places.here())


@contextmanager
def speaking_of_settings(setting: str = "") -> Iterator[None]:
    """Raise a `ConfigurationError` as a `SettingsError` of the ``setting``."""
    try:
        yield
    except SettingsError:
        raise
    except ConfigurationError as error:
        wrong = SettingsError(error.problem).at(
            file=error.file or setting, place=error.place, alias=error.alias, option=error.option
        )
    else:
        return
    raise wrong


def _reset(*, setting: str, **_: Any) -> None:
    if setting in (PROVIDERS, HEALTH, LEDGER, CONSENT, INBOUND, REGION, "DATABASES"):
        POOL.close()


setting_changed.connect(_reset, dispatch_uid="sumotext_django")
