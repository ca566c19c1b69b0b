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
    where = f"provider {shown(str(alias))}"
    if isinstance(value, str | SmsBackend) or _is_ours(value):
        return value
    if not isinstance(value, Mapping):
        raise ConfigurationError(
            f"{where} wants {{'BACKEND': …, 'OPTIONS': {{…}}}}, a DSN, or an alias"
        )
    for key in value:
        if key not in _KEYS:
            meant = did_you_mean(str(key), _KEYS)
            raise ConfigurationError(
                f"{where}: unknown key {shown(str(key))}; there are BACKEND and OPTIONS{meant}"
            )
    if "BACKEND" not in value:
        raise ConfigurationError(f"{where}: 'BACKEND' is missing; name a backend or give a DSN")
    return _joined(where, value["BACKEND"], value.get("OPTIONS", {}))


def _is_ours(value: Any) -> bool:
    """Whether ``value`` is a provider, or a reference to one, as this package writes it."""
    return isinstance(value, Mapping) and any(key in value for key in ("backend", "dsn", *KINDS))


def _joined(where: str, backend: Any, options: Any) -> dict[str, Any]:
    if not isinstance(options, Mapping):
        raise ConfigurationError(f"{where}: 'OPTIONS' wants a mapping")
    if "backend" in options or "dsn" in options:
        raise ConfigurationError(f"{where}: the backend is named by 'BACKEND', not in 'OPTIONS'")
    if isinstance(backend, str) and "://" in backend:
        if options:
            raise ConfigurationError(f"{where}: options of a DSN stand in its query")
        return {"dsn": backend}
    return {"backend": backend, **options}
