"""Apprise, both ways (extra ``apprise``).

`NotifySumotext` sends Apprise's notifications through SUMOTEXT or a configured chain, `register`
makes it known to Apprise, and `AppriseBackend` makes each of Apprise's services a backend.
`messages_from` turns an object of Apprise's shape into messages, and needs no Apprise.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sumotext_apprise.backend import AppriseBackend
    from sumotext_apprise.messages import messages_from
    from sumotext_apprise.plugin import NotifySumotext
    from sumotext_apprise.registration import register

__all__ = ["AppriseBackend", "NotifySumotext", "messages_from", "register"]

_HOMES: Final = {
    "AppriseBackend": "sumotext_apprise.backend",
    "NotifySumotext": "sumotext_apprise.plugin",
    "messages_from": "sumotext_apprise.messages",
    "register": "sumotext_apprise.registration",
}


def __getattr__(name: str) -> object:
    """A public name, imported only when asked for. Raises `AttributeError`, `ImportError`."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(_HOMES[name]), name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "apprise":
            raise
    raise ImportError("Apprise is not installed: pip install 'sumotext-backend[apprise]'")
