"""Django's way of writing the same configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sumotext_backend.backend import SmsBackend
from sumotext_backend.config.references import KINDS
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.options import shown

_KEYS = ("BACKEND", "OPTIONS")


def from_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """``{alias: {"BACKEND": name, "OPTIONS": {…}}}`` as ``{"providers": {alias: …}}``.

    As in Django's own ``STORAGES``. An alias may also hold a DSN as text, or a provider as this
    package writes it (``{"backend": …}``). Raises `ConfigurationError` for other keys.
    """
    return {"providers": {alias: _provider(alias, value) for alias, value in settings.items()}}


def _provider(alias: str, value: Any) -> Any:
    if isinstance(value, str | SmsBackend) or _is_ours(value):
        return value
    wrong = _problem(value)
    if wrong:
        alias = str(alias)
        raise ConfigurationError(wrong, place=f"provider {shown(alias)}", alias=alias)
    backend, options = value["BACKEND"], value.get("OPTIONS", {})
    if isinstance(backend, str) and "://" in backend:
        return {"dsn": backend}
    return {"backend": backend, **options}


def _is_ours(value: Any) -> bool:
    """Whether ``value`` is a provider, or a reference to one, as this package writes it."""
    return isinstance(value, Mapping) and any(key in value for key in ("backend", "dsn", *KINDS))


def _problem(value: Any) -> str:
    """Why ``value`` is not a provider in Django's form; empty where it is."""
    if not isinstance(value, Mapping):
        return "it wants {'BACKEND': …, 'OPTIONS': {…}}, a DSN, or an alias"
    for key in value:
        if key not in _KEYS:
            meant = did_you_mean(str(key), _KEYS)
            return f"unknown key {shown(str(key))}; there are BACKEND and OPTIONS{meant}"
    if "BACKEND" not in value:
        return "'BACKEND' is missing; name a backend or give a DSN"
    backend, options = value["BACKEND"], value.get("OPTIONS", {})
    if not isinstance(options, Mapping):
        return "'OPTIONS' wants a mapping"
    if "backend" in options or "dsn" in options:
        return "the backend is named by 'BACKEND', not in 'OPTIONS'"
    if options and isinstance(backend, str) and "://" in backend:
        return "options of a DSN stand in its query"
    return ""
