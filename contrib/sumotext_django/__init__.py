"""Django, both ways (extra ``django``; with django-sms, ``django-sms``).

`send_text` and `get_sender` send through the providers of the setting ``SMS_PROVIDERS``;
`SmsBackend` does so for django-sms (``SMS_BACKEND = "sumotext_django.SmsBackend"``); the reverse,
`DjangoSmsBackend`, makes each backend of django-sms a provider. `messages_from` turns an object
of django-sms's or django-sendsms's shape into messages, and needs no Django.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from sumotext_django.messages import messages_from

if TYPE_CHECKING:
    from sumotext_django.backend import SmsBackend
    from sumotext_django.errors import NotAcceptedError, SettingsError
    from sumotext_django.native import send_text
    from sumotext_django.reverse import DjangoSmsBackend
    from sumotext_django.senders import get_sender

__all__ = [
    "DjangoSmsBackend",
    "NotAcceptedError",
    "SettingsError",
    "SmsBackend",
    "get_sender",
    "messages_from",
    "send_text",
]

_HOMES: Final = {
    "DjangoSmsBackend": "sumotext_django.reverse",
    "NotAcceptedError": "sumotext_django.errors",
    "SettingsError": "sumotext_django.errors",
    "SmsBackend": "sumotext_django.backend",
    "get_sender": "sumotext_django.senders",
    "send_text": "sumotext_django.native",
}


def __getattr__(name: str) -> object:
    """What needs Django, imported only when asked for. Raises `AttributeError`, `ImportError`."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(_HOMES[name]), name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "django":
            raise
    raise ImportError("Django is not installed: pip install 'sumotext-backend[django]'")
