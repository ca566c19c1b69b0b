"""django-sms, imported in one place: its package has the bare name ``sms``, easily shadowed."""

from __future__ import annotations

import importlib
from types import ModuleType

from sumotext_django.errors import SettingsError


def djangosms() -> ModuleType:
    """The package ``sms``. Raises `SettingsError` where it is missing or something else."""
    try:
        sms = importlib.import_module("sms")
    except ImportError as error:
        wrong = error.name
    else:
        if hasattr(sms, "get_connection") and hasattr(sms, "Message"):
            return sms
        wrong = "sms.get_connection"
    raise SettingsError(_words(wrong))


def _words(wrong: str | None) -> str:
    if wrong == "sms":
        return "django-sms is not installed: pip install 'sumotext-backend[django-sms]'"
    return (
        f"'import sms' finds something else than django-sms ({wrong} is missing); "
        "rename the project's own 'sms', or send with sumotext_django.send_text"
    )
