"""The `Sender` behind a URL: an account at SUMOTEXT, or a provider of the configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import attrs

from sumotext_apprise.url import WHERE, explain_misplaced
from sumotext_backend import (
    ConfigurationError,
    Sender,
    Verdict,
    connect,
)
from sumotext_backend.config import open_ledger
from sumotext_backend.providers import Request, make
from sumotext_backend.providers.sumotext import Mt, SumotextBackend

_ALIAS: Final = re.compile(r"\w[\w.-]*")
_AGENT: Final = re.compile(r"[!-~]+(?: [!-~]+)*")


@attrs.frozen(kw_only=True)
class AppriseGateway(SumotextBackend):
    """SUMOTEXT's gateway, told the name of the application that Apprise runs in."""

    user_agent: str = ""

    def encode(self, mt: Mt) -> Request | Verdict:
        """The request of the protocol, with the application's name as its user agent."""
        request = super().encode(mt)
        if isinstance(request, Verdict) or not self.user_agent:
            return request
        return attrs.evolve(request, headers={**request.headers, "User-Agent": self.user_agent})


def account(options: Mapping[str, Any], timeouts: tuple[float, float], app_id: str) -> Sender:
    """A `Sender` for an account. ``timeouts`` are Apprise's: connecting and reading, in seconds.

    They are the defaults of ``connect_timeout`` and, as their sum, of ``timeout``.
    Raises `ConfigurationError`.
    """
    limits = {"connect_timeout": timeouts[0], "timeout": sum(timeouts)}
    agent = app_id if _AGENT.fullmatch(app_id) else ""
    backend = make(AppriseGateway, {**limits, **options, "user_agent": agent}, WHERE)
    return Sender(backend, ledger=open_ledger())


def open_configured(alias: str, options: Mapping[str, Any]) -> Sender:
    """A `Sender` for a provider of the configuration. Raises `ConfigurationError`."""
    if not _ALIAS.fullmatch(alias):
        raise ConfigurationError(f"{WHERE}: after '@' it wants the alias of a configured provider")
    for name in options:
        raise ConfigurationError(explain_misplaced(name, alias))
    try:
        return connect(alias)
    except ConfigurationError as error:
        error.file = ": ".join(part for part in (WHERE, f"'@{alias}'", error.file) if part)
        raise
