"""Signals: `pre_send`, `post_send`, `delivery_report`, `inbound` and `consent_changed`.

All receivers are called, also after one that raised. Django's line on a receiver that raised
names its type only: its words and traceback may hold a number or a text.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import attrs
from django.dispatch import Signal

from sumotext_backend import (
    ConsentChange,
    DeliveryReport,
    InboundMessage,
    Message,
    Reason,
    SendResult,
    Verdict,
)
from sumotext_backend.plugins import load_installed, one_line

pre_send: Final = Signal()
"""Before each text, with ``draft``, a `Draft`: change ``draft.message``, or ``draft.hold(why)``.

A receiver that raises could not decide, so nothing is sent: ``FAILED`` / ``CONFIGURATION``.
"""

post_send: Final = Signal()
"""After each message, with ``message`` (ours, or django-sms's), ``results`` (recipient →
`SendResult`) and ``using``, the alias."""

delivery_report: Final = Signal()
"""With ``report``, a `DeliveryReport`; sent by `tell_report`."""

inbound: Final = Signal()
"""With ``inbound``, an `InboundMessage`; sent by `tell_inbound`."""

consent_changed: Final = Signal()
"""With ``change``, a `ConsentChange`, once it is durable."""

_telling: Final[ContextVar[bool]] = ContextVar("telling", default=False)


def _instance(draft: object, _: attrs.Attribute[Message], value: object) -> None:
    if not isinstance(value, Message):
        raise TypeError(f"draft.message wants a Message, not a {type(value).__name__}")


@attrs.define
class Draft:
    """A text that is about to go: receivers of `pre_send` may change or hold it.

    ``using`` is the alias. ``held`` is why it is held back, empty where it is not.
    """

    message: Message = attrs.field(validator=_instance)
    using: str
    held: str = ""

    def hold(self, why: str = "") -> None:
        """Send nothing: the result is ``REJECTED`` / ``HELD``, with the first ``why`` given."""
        self.held = self.held or one_line(why) or "held back by a receiver of pre_send"


def refusal(draft: Draft) -> Verdict | None:
    """Why the receivers of `pre_send` let nothing go; None where ``draft.message`` may."""
    broken = _tell(pre_send, Message, {"draft": draft})
    if broken:
        words = f"a receiver of pre_send could not decide ({broken[0]}); nothing was sent"
        return Verdict(reason=Reason.CONFIGURATION, detail=words)
    return Verdict(reason=Reason.HELD, detail=draft.held) if draft.held else None


def tell_sent(message: object, results: Mapping[str, SendResult], using: str) -> None:
    """Send `post_send`."""
    _tell(post_send, type(message), {"message": message, "results": results, "using": using})


def tell_report(report: DeliveryReport) -> None:
    """Pass a delivery report on: to the plugins, and as `delivery_report`."""
    load_installed().report(report)
    _tell(delivery_report, DeliveryReport, {"report": report})


def tell_inbound(text: InboundMessage) -> None:
    """Pass a text from a handset on: to the plugins, and as `inbound`."""
    load_installed().inbound(text)
    _tell(inbound, InboundMessage, {"inbound": text})


def tell_consent(change: ConsentChange) -> None:
    """Pass a change of consent on: to the plugins, and as `consent_changed`."""
    load_installed().tell_consent(change)
    _tell(consent_changed, ConsentChange, {"change": change})


def _tell(signal: Signal, sender: type, given: Mapping[str, Any]) -> list[str]:
    """Call all receivers; the types of the errors that some raised."""
    if not signal.receivers:
        return []
    with _quiet():
        answers = signal.send_robust(sender=sender, **given)
    return [type(answer).__name__ for _, answer in answers if isinstance(answer, Exception)]


@contextmanager
def _quiet() -> Iterator[None]:
    token = _telling.set(True)
    try:
        yield
    finally:
        _telling.reset(token)


def _without_words(record: logging.LogRecord) -> bool:
    """Let Django's line on a receiver of ours through with the error's type alone."""
    if _telling.get():
        words = record.args if isinstance(record.args, tuple) else ()
        record.args = tuple(type(w).__name__ if isinstance(w, Exception) else w for w in words)
        record.exc_info = record.exc_text = None
    return True


logging.getLogger("django.dispatch").addFilter(_without_words)
