"""When `SmsBackend` raises: the option ``raise_on`` and the setting ``SMS_RAISE_ON``."""

from __future__ import annotations

from typing import Final, Literal

from django.conf import settings

from sumotext_django.errors import SettingsError

RaiseOn = Literal["any", "all", "never"]

SETTING: Final = "SMS_RAISE_ON"
_WORDS: Final[tuple[RaiseOn, ...]] = ("any", "all", "never")


def raise_on_of(given: object) -> RaiseOn:
    """``given``, or else the setting ``SMS_RAISE_ON``, or else ``any``. Raises `SettingsError`."""
    where = f"{SETTING}:" if given is None else "option 'raise_on'"
    value = getattr(settings, SETTING, "any") if given is None else given
    for word in _WORDS:
        if value == word:
            return word
    raise SettingsError(f"{where} wants 'any', 'all' or 'never'")
