"""System checks. None of them touches a network, and none shows a value of a setting.

| id | what is wrong |
| --- | --- |
| ``sumotext.E001`` | ``SMS_PROVIDERS`` or a setting beside it is missing or of another shape |
| ``sumotext.E002`` | a provider, ``SMS_INBOUND``, …: one line for each thing, a missing extra too |
| ``sumotext.E003`` | ``SMS_BACKEND`` is ours, but django-sms is not installed or shadowed |
| ``sumotext.E004`` | ``SMS_RAISE_ON`` is another word |
| ``sumotext.E005`` | the backend of django-sms that a provider names cannot be imported |
| ``sumotext.E006`` | ``SMS_LEDGER`` names no database that a ledger can be in |
| ``sumotext.W001`` | no provider is called ``default`` |
| ``sumotext.W002`` | a provider sends over plain http |
| ``sumotext.W003`` | with ``--deploy``: a provider that sends nothing |
| ``sumotext.W004`` | with ``--deploy``: ``SMS_BACKEND`` of django-sms that sends nothing |
| ``sumotext.W005`` | what is right but odd: an unlisted carrier, a receiver without secrets |
| ``sumotext.W006`` | ``SMS_LEDGER`` names a database of SQLite, which has one writer at a time |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

import attrs
from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string

from sumotext_backend import ConfigurationError, SmsBackend
from sumotext_backend.config import Configuration, check_configuration, find_warnings
from sumotext_backend.routing import leaves
from sumotext_django.djangosms import djangosms
from sumotext_django.errors import SettingsError
from sumotext_django.ledgers import LEDGER, find_alias, find_connection, open_alias, read_ledger
from sumotext_django.raising import raise_on_of
from sumotext_django.senders import (
    PROVIDERS,
    configuration,
    read_health,
    read_providers,
    read_region,
    sender_of,
)

TAG: Final = "sumotext"
BACKEND: Final = "SMS_BACKEND"
_DEBUG: Final = ("console", "file", "memory", "null")
_DEBUG_PATHS: Final = tuple(
    f"sms.backends.{name}.SmsBackend" for name in ("console", "dummy", "filebased", "locmem")
)
_OURS: Final = ("sumotext_django.SmsBackend", "sumotext_django.backend.SmsBackend")


def register() -> None:
    """Register the checks; `check_deployment` runs with ``manage.py check --deploy`` only."""
    checks.register(check_settings, TAG)
    checks.register(check_deployment, TAG, deploy=True)


def check_settings(**_: Any) -> list[checks.CheckMessage]:
    """What is wrong with the settings."""
    return [*_providers(), *_django_sms(), *_ledger()]


def check_deployment(**_: Any) -> list[checks.CheckMessage]:
    """What must not go into production."""
    lines = [*_debug_providers()]
    if getattr(settings, BACKEND, None) in _DEBUG_PATHS:
        words = f"{BACKEND} sends nothing; it is for development"
        lines.append(checks.Warning(words, id="sumotext.W004"))
    return lines


def _providers() -> Iterator[checks.CheckMessage]:
    try:
        aliases = read_providers()
        read_health()
        read_region()
        read_ledger()
    except SettingsError as error:
        yield checks.Error(str(error), id="sumotext.E001")
        return
    if "default" not in aliases:
        hint = "send_text() and django-sms use it unless told otherwise"
        yield checks.Warning(f"{PROVIDERS} has no 'default'", hint=hint, id="sumotext.W001")
    try:
        configured = configuration("default" if "default" in aliases else next(iter(aliases)))
    except SettingsError as error:
        yield checks.Error(str(error), id="sumotext.E002")
        return
    for line in check_configuration(configured):
        yield checks.Error(line, id="sumotext.E002")
    for line in find_warnings(configured):
        yield checks.Warning(line, id="sumotext.W005")
    for alias, leaf in _leaves(configured).items():
        yield from _leaf(alias, leaf)


def _ledger() -> Iterator[checks.CheckMessage]:
    alias = find_alias()
    if alias is None:
        return
    try:
        open_alias(alias)
    except ConfigurationError as error:
        yield checks.Error(str(error), id="sumotext.E006")
        return
    if find_connection(alias).vendor == "sqlite":
        words = f"{LEDGER}: the database {alias!r} has one writer at a time"
        hint = (
            "inside atomic(), after a write, no text can be marked and so none is sent; take the "
            "setting out, and the ledger is a file of its own"
        )
        yield checks.Warning(words, hint=hint, id="sumotext.W006")


def _leaf(alias: str, leaf: SmsBackend) -> Iterator[checks.CheckMessage]:
    where = f"{PROVIDERS}: provider {alias!r}"
    if _in_the_clear(leaf):
        words = f"{where} sends numbers and texts over plain http, readable on the way"
        hint = "use https, and take 'allow_plain_http' out"
        yield checks.Warning(words, hint=hint, id="sumotext.W002")
    if leaf.name == "django-sms":
        kind = _import_error(str(leaf.path))  # type: ignore[attr-defined]
        if kind:
            words = f"{where}: option 'path' cannot be imported ({kind})"
            yield checks.Error(words, hint=_problem_of_sms(), id="sumotext.E005")


def _in_the_clear(leaf: Any) -> bool:
    """Whether only ``allow_plain_http`` lets it send as it does."""
    if not getattr(leaf, "allow_plain_http", False):
        return False
    try:
        attrs.evolve(leaf, allow_plain_http=False)
    except ConfigurationError:
        return True
    return False


def _import_error(path: str) -> str:
    try:
        import_string(path)
    except Exception as error:  # noqa: BLE001 - a stranger's module may raise anything
        return type(error).__name__
    return ""


def _problem_of_sms() -> str | None:
    """Why django-sms itself cannot be imported; None where it can."""
    try:
        djangosms()
    except SettingsError as error:
        return str(error)
    return None


def _django_sms() -> Iterator[checks.CheckMessage]:
    try:
        raise_on_of(None)
    except SettingsError as error:
        yield checks.Error(str(error), id="sumotext.E004")
    if getattr(settings, BACKEND, None) not in _OURS:
        return
    wrong = _problem_of_sms()
    if wrong:
        yield checks.Error(f"{BACKEND}: {wrong}", id="sumotext.E003")


def _debug_providers() -> Iterator[checks.CheckMessage]:
    try:
        configured = configuration()
    except SettingsError:
        return
    for alias, leaf in _leaves(configured).items():
        if leaf.name in _DEBUG or getattr(leaf, "path", None) in _DEBUG_PATHS:
            words = f"{PROVIDERS}: provider {alias!r} sends nothing (backend {leaf.name!r})"
            hint = "use it in development only"
            yield checks.Warning(words, hint=hint, id="sumotext.W003")


def _leaves(configured: Configuration) -> Mapping[str, SmsBackend]:
    """The backends that send, by the alias that they stand under; broken ones left out."""
    found: dict[str, SmsBackend] = {}
    for alias in configured.providers:
        with suppress(ConfigurationError):
            asked = attrs.evolve(configured, start=alias)
            found = {**dict(leaves(sender_of(asked).backend, alias)), **found}
    return found
