"""The contenders that are notification frameworks, with their own providers and with ours."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks.worker import NUMBER, TEXT, Send

SID: Final = f"AC{1:032x}"
TOKEN: Final = f"{2:032x}"
FROM: Final = "+15557122661"


def options(base_url: str) -> dict[str, Any]:
    """Those of our backend."""
    return {"shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS", "base_url": base_url}


@contextmanager
def apprise_sumotext(base_url: str) -> Iterator[Send]:
    """Our plugin for Apprise."""
    apprise = importlib.import_module("apprise")
    importlib.import_module("sumotext_apprise").register()
    given = urlencode({"carrier": "ATTUS", "base_url": base_url})
    plugin = apprise.Apprise.instantiate(f"sumotext://74700/SUMO/{NUMBER}?{given}")
    yield lambda: plugin.notify(body=TEXT) is True


@contextmanager
def apprise_twilio(base_url: str) -> Iterator[Send]:
    """Apprise's Twilio plugin, not throttled. It makes a connection for each text."""
    apprise = importlib.import_module("apprise")
    plugin = apprise.Apprise.instantiate(f"twilio://{SID}:{TOKEN}@{FROM}/+1{NUMBER}")
    plugin.notify_sms_url = plugin.notify_sms_url.replace("https://api.twilio.com", base_url)
    plugin.request_rate_per_sec = 0
    yield lambda: plugin.notify(body=TEXT) is True


@contextmanager
def django_sms_twilio(base_url: str) -> Iterator[Send]:
    """django-sms with its Twilio backend, through a connection that is kept."""
    sms = _django_sms()
    connection = sms.get_connection("sms.backends.twilio.SmsBackend")
    connection.client.api.base_url = base_url

    def send() -> bool:
        return bool(sms.send_sms(TEXT, FROM, [f"+1{NUMBER}"], connection=connection) == 1)

    yield send


@contextmanager
def django_sms(base_url: str) -> Iterator[Send]:
    """django-sms with our backend, through a connection that is kept."""
    sms = _django_sms()
    settings = importlib.import_module("django.conf").settings
    settings.SMS_PROVIDERS = {"default": {"BACKEND": "sumotext", "OPTIONS": options(base_url)}}
    settings.SMS_LEDGER = {"record": "off"}  # what a ledger costs is measured by itself
    with sms.get_connection("sumotext_django.SmsBackend") as connection:
        yield lambda: sms.send_sms(TEXT, "74700", [NUMBER], connection=connection) == 1


def _django_sms() -> Any:
    settings = importlib.import_module("django.conf").settings
    if not settings.configured:
        settings.configure(TWILIO_ACCOUNT_SID=SID, TWILIO_AUTH_TOKEN=TOKEN, LOGGING_CONFIG=None)
    return importlib.import_module("sms")
