"""From words to a `Sender`."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sumotext_backend import dsn as dsns
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import make
from sumotext_backend.registry import backend_class
from sumotext_backend.sender import Sender


def connect(dsn: str | None = None, environ: Mapping[str, str] = os.environ) -> Sender:
    """A `Sender` for the provider that ``dsn`` names, or ``$SMS_DSN`` where none is given.

    Nothing is opened before the first send.
    Raises `ConfigurationError`: no DSN at all, an unknown backend, a wrong option.
    """
    given = dsn or environ.get("SMS_DSN", "")
    if not given:
        raise ConfigurationError(
            "no provider is configured: pass a DSN or set SMS_DSN, "
            "such as sumotext://74700/SUMO?carrier=ATTUS"
        )
    parsed = dsns.parse(given)
    cls = backend_class(parsed.scheme)
    return Sender(make(cls, dsns.read(parsed, cls.dsn), f"the {parsed.scheme} DSN"))
