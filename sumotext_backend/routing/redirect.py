"""`Redirect`: for staging, so that no subscriber is texted by a test."""

from __future__ import annotations

from typing import ClassVar

import attrs

from sumotext_backend.backend import SmsBackend, recipient
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.models import Message, SendResult, Verdict
from sumotext_backend.msisdn import InvalidNumberError, parse
from sumotext_backend.routing import failover


def _e164(number: str) -> str:
    try:
        return parse(number).e164
    except InvalidNumberError:
        pass
    raise ConfigurationError("options 'to' and 'allow' want phone numbers such as +15015551234")


def _e164_or_none(number: str | None) -> str | None:
    return None if number is None else _e164(number)


def _all_e164(numbers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_e164, numbers))


def _hidden(_: object) -> str:
    return "•••"


def _restore_number(number: str, result: SendResult) -> SendResult:
    """``result`` and its whole trail with the number that the message had."""
    attempts = tuple(_restore_number(number, attempt) for attempt in result.attempts)
    return attrs.evolve(result, to=number, attempts=attempts)


@attrs.frozen(kw_only=True)
class Redirect(SmsBackend):
    """Every text goes to one number (``to``), or only to the numbers of ``allow``.

    With both, the numbers of ``allow`` get their own texts and ``to`` gets the others'. What may
    not go is ``REJECTED`` / ``HELD``. The result keeps the number that the message had.
    Raises `ConfigurationError` where neither is given or one is not a number.
    """

    name: ClassVar[str] = "redirect"
    dsn: ClassVar[str] = "redirect://"

    of: SmsBackend = attrs.field(metadata={"help": "the provider that sends, by alias"})
    to: str | None = attrs.field(
        default=None,
        converter=_e164_or_none,
        repr=_hidden,
        metadata={"help": "the number that gets every text", "phone": True},
    )
    allow: tuple[str, ...] = attrs.field(
        default=(),
        converter=_all_e164,
        repr=_hidden,
        metadata={"help": "numbers that may get texts of their own", "phone": True},
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a redirect to nowhere."""
        if self.to is None and not self.allow:
            raise ConfigurationError("option 'to' or 'allow' is missing")

    def send(self, message: Message) -> SendResult:
        """Send ``message`` where it may go, or hold it back."""
        number = recipient(message)
        if isinstance(number, Verdict):
            return SendResult.of(self.name, message, number)
        turned = self.turn(message)
        if turned is None:
            return failover.hold(self.name, message, "the number is not on the allow-list")
        result = self.of.send(turned)
        return result if turned is message else _restore_number(message.to, result)

    def turn(self, message: Message) -> Message | None:
        """``message`` as it goes on, to its own number or to ``to``; None where it may not go."""
        if getattr(recipient(message), "e164", None) in self.allow:
            return message
        return None if self.to is None else attrs.evolve(message, to=self.to)

    def close(self) -> None:
        """Close the provider."""
        self.of.close()
