"""Run by test_reports.py: what Django's debug page and Sentry show of exceptions, on stdout.

One JSON object by the names of `CASES`. Number and text are built, so that no line of source holds
them, and stand in no local of this file, except in the control.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

import django
import sentry_sdk
from django.conf import settings
from django.views.debug import ExceptionReporter
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from sumotext_backend import Message, SendResult, SmsBackend

NUMBER, TEXT = f"+1501555{9876}", f"the-{'secret'}-text"


class Stopping(SmsBackend):
    """A backend in the middle of whose send the process is told to end."""

    name = "stopping"

    def send(self, message: Message) -> SendResult:
        """Hold what every backend holds, and end."""
        request = f"GET /?mobile={message.to}&msg={message.text}"
        raise SystemExit(len(request))


settings.configure(
    DEBUG=True,
    INSTALLED_APPS=["sumotext_django"],
    LOGGING_CONFIG=None,
    SECRET_KEY="of no worth",
    SMS_BACKEND="sumotext_django.SmsBackend",
    SMS_HEALTH={"state": "memory"},
    SMS_PROVIDERS={
        "default": "memory://",
        "doubt": "memory://?reason=TIMEOUT",
        "misconfigured": "memory://?reason=CONFIGURATION",
        "stopping": Stopping(),
        "wrong": "nul://",
    },
)
django.setup()

import sms  # noqa: E402 - wants settings
from sumotext_django import messages_from, send_text  # noqa: E402


class Recorder(Transport):
    """Keeps what would go to Sentry."""

    seen: list[str] = []  # noqa: RUF012

    def capture_envelope(self, envelope: Envelope) -> None:
        """Keep it as it would go."""
        self.seen.append(envelope.serialize().decode())


def message(**rest: Any) -> Any:
    """A message of django-sms with the number and the text, and attributes of ours."""
    made = sms.Message(TEXT, "", [NUMBER])
    vars(made).update(rest)
    return made


def connected(alias: str) -> Any:
    """The same for another provider."""
    return message(connection=sms.get_connection(alias=alias))


def leak() -> None:
    """Raise in a frame that holds both, as the control."""
    number, text = NUMBER, TEXT
    raise ValueError(f"{len(number + text)}")


CASES: dict[str, Callable[[], object]] = {
    "control": leak,
    "native: no provider": lambda: send_text(NUMBER, TEXT, "mian"),
    "native: wrong provider": lambda: send_text(NUMBER, TEXT, "wrong"),
    "native: bare option": lambda: send_text(NUMBER, TEXT, carrier=NUMBER),
    "native: unknown backend": lambda: send_text(NUMBER, TEXT, sumotex={"carrier": NUMBER}),
    "native: no text": lambda: send_text(NUMBER, [TEXT]),  # type: ignore[arg-type]
    "native: stopped": lambda: send_text(NUMBER, TEXT, "stopping"),
    "django-sms: not accepted": lambda: connected("doubt").send(),
    "django-sms: misconfigured": lambda: connected("misconfigured").send(),
    "django-sms: wrong options": lambda: message(sms_options={"sumotex": {"x": NUMBER}}).send(),
    "django-sms: option of none": lambda: message(recipient_options={"1": {}}).send(),
    "django-sms: bare option": lambda: message(sms_options={"carrier": NUMBER}).send(),
    "django-sms: stopped": lambda: connected("stopping").send(),
    "shape": lambda: messages_from({"body": TEXT, "to": NUMBER}),
}


def report(case: str) -> dict[str, Any]:
    """The error's type, the debug page, as HTML and as text, and the event."""
    Recorder.seen.clear()
    try:
        CASES[case]()
    except BaseException as error:  # noqa: BLE001
        sentry_sdk.capture_exception(error)
        reporter = ExceptionReporter(None, *sys.exc_info())  # type: ignore[arg-type]
        pages = [reporter.get_traceback_html(), reporter.get_traceback_text()]
        kind = type(error).__name__
    sentry_sdk.flush()
    return {"kind": kind, "pages": pages, "event": [*Recorder.seen]}


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Sentry's own
        sentry_sdk.init(dsn="https://key@sentry.invalid/1", transport=Recorder)
    sys.stdout.write(json.dumps({case: report(case) for case in CASES}))
