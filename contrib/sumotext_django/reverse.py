"""`DjangoSmsBackend`: each backend of django-sms as a provider."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import attrs
from django.db import connections

from sumotext_backend import (
    ConfigurationError,
    Message,
    Reason,
    SendResult,
    SmsBackend,
    Verdict,
)
from sumotext_backend.backend import check
from sumotext_backend.bounded import run_within
from sumotext_backend.exceptions import did_you_mean
from sumotext_backend.options import shown
from sumotext_django.djangosms import djangosms

_PATH: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_PER_MESSAGE: Final = ("originator",)


def _dotted(_: object, field: attrs.Attribute[str], value: str) -> None:
    if not _PATH.fullmatch(value):
        raise ConfigurationError(
            f"option {field.name!r} wants the dotted path of a backend, such as "
            "sms.backends.twilio.SmsBackend"
        )
    if value.startswith("sumotext_django."):
        raise ConfigurationError(f"option {field.name!r} leads back to this package's own backend")


@attrs.frozen(kw_only=True)
class DjangoSmsBackend(SmsBackend):
    """A backend of django-sms, by its dotted path.

    It returns a number: above 0 is ACCEPTED without an id. All else that ends the call, an
    exception or another value, is UNKNOWN, since nothing tells whether a request left, nor
    whether the recipient was refused. It is FAILED only where the backend cannot even be made.
    A connection serves one text, as threads must not share it.
    """

    name: ClassVar[str] = "django-sms"
    dsn: ClassVar[str] = "django-sms://{path}"

    path: str = attrs.field(
        validator=_dotted,
        metadata={"help": "the backend's dotted path, such as sms.backends.twilio.SmsBackend"},
    )
    originator: str | None = attrs.field(
        default=None,
        repr=False,
        metadata={"help": "who the texts are from, if not DEFAULT_FROM_SMS"},
    )
    timeout: float = attrs.field(
        default=30.0,
        validator=attrs.validators.gt(0),
        metadata={"help": "deadline of a whole send, in seconds"},
    )

    def send(self, message: Message) -> SendResult:
        """Send ``message`` by one call of the backend's ``send_messages``."""
        return SendResult.of(self.name, message, self._verdict(message))

    def _verdict(self, message: Message) -> Verdict:
        number = check(message)
        if isinstance(number, Verdict):
            return number
        options: Mapping[str, object] = message.options.get(self.name, {})
        for option in options:
            if option not in _PER_MESSAGE:
                meant = did_you_mean(str(option), _PER_MESSAGE)
                return _refused(f"unknown option {shown(str(option))} in the message{meant}")
        originator = options.get("originator", message.sender or self.originator)
        return run_within(
            self.timeout, lambda: self._connect_and_send(message.text, originator, number.e164)
        )

    def _connect_and_send(self, text: str, originator: object, number: str) -> Verdict:
        made = self._make(text, originator, number)
        try:
            return made if isinstance(made, Verdict) else _send(*made)
        finally:
            connections.close_all()  # Django's databases: this thread's alone, and it ends here

    def _make(self, text: str, originator: object, number: str) -> tuple[Any, Any] | Verdict:
        """A connection and a message of django-sms; making them sends nothing."""
        try:
            sms = djangosms()
            connection = sms.get_connection(self.path, fail_silently=False)
            return connection, sms.Message(text, originator, [number], connection)
        except ConfigurationError as error:
            return _refused(str(error))
        except Exception as error:  # noqa: BLE001 - a stranger's backend may raise anything
            kind = type(error).__name__
        return _refused(f"the backend of option 'path' cannot be made ({kind}); nothing was sent")


def _send(connection: Any, message: Any) -> Verdict:
    try:
        count = connection.send_messages([message])
    except Exception as error:  # noqa: BLE001 - a stranger's backend may raise anything
        wrong, reason = f"raised {type(error).__name__}", Reason.CRASHED
    else:
        if isinstance(count, int) and count > 0:
            return Verdict(detail="the backend of django-sms gave no id")
        wrong, reason = "did not say that it sent the text", Reason.BAD_ANSWER
    return Verdict(reason=reason, detail=f"the backend of django-sms {wrong}; it may be out")


def _refused(detail: str) -> Verdict:
    return Verdict(reason=Reason.CONFIGURATION, detail=detail)
