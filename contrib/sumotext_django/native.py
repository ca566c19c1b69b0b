"""`send_text`, and `deliver`, through which every text of these adapters goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from sumotext_backend import (
    ConfigurationError,
    Message,
    Sender,
    SendResult,
    SmsBackend,
)
from sumotext_backend.config import list_backend_names
from sumotext_backend.plugins import load_installed
from sumotext_backend.providers import did_you_mean, hide_frames, quote_name
from sumotext_backend.routing import unwrap, walk
from sumotext_django.senders import get_sender
from sumotext_django.signals import Draft, pre_send, refusal, tell_sent


@hide_frames
def send_text(  # noqa: PLR0913 - a message's own fields, each by its name
    to: str,
    text: str,
    using: str = "default",
    *,
    sender: str | None = None,
    ref: str | None = None,
    key: str | None = None,
    **options: Any,
) -> SendResult:
    """Send ``text`` to the number ``to`` once at most, and say what became of it.

    ``using`` is an alias of ``SMS_PROVIDERS``. ``options`` are per backend:
    ``sumotext={"carrier": "ATTUS"}``. ``sender``, ``ref`` and ``key`` are those of a
    `Message`; under one ``key`` one text is sent once.
    Raises `SettingsError`, `TypeError` or `ValueError` for an option that is not a backend's.
    """
    for name, value in options.items():
        if not isinstance(value, Mapping):
            raise TypeError(
                f"send_text() got the option {name!r}; options stand under their backend's name, "
                'such as sumotext={"carrier": "ATTUS"}'
            )
    provider = get_sender(using)
    message = Message(to, text, sender=sender, ref=ref, key=key, options=options)
    check_options(provider, [message])
    result = deliver(provider, message, using)
    tell_sent(message, {to: result}, using)
    return result


def deliver(sender: Sender, message: Message, using: str) -> SendResult:
    """Ask the receivers of `pre_send`, and send what they leave of ``message`` once at most.

    A backend that finds that it cannot work at all is ``FAILED`` / ``CONFIGURATION``, so that
    what was sent before it in a batch is not lost.
    """
    if pre_send.receivers:
        draft = Draft(message, using)
        verdict = refusal(draft)
        message = draft.message
        if verdict:
            held = SendResult.of(_name(sender), message, verdict)
            (sender.plugins or load_installed()).observe(message, held)
            return held
    return sender.send(message)


def check_options(sender: Sender, messages: Iterable[Message]) -> None:
    """Raise `ValueError` where a message has options for a backend that nobody knows.

    Known are the backends behind ``sender`` and all that are installed: a message may be written
    for several.
    """
    # "django-sms" is in every message whose originator is not a short code: no time for that one.
    given = {name for message in messages for name in message.options} - {"django-sms"}
    behind = {"django-sms", *_inside(sender.backend)} if given else set[str]()
    for name in given - behind:
        known = behind.union(list_backend_names())
        if name not in known:
            meant = did_you_mean(str(name), known)
            raise ValueError(
                f"the message has options for {quote_name(str(name))}, no backend{meant}"
            )


def _inside(backend: SmsBackend) -> Iterator[str]:
    with suppress(ConfigurationError):  # one made in code may have options that cannot be read
        for each in walk(backend):
            yield each.name


def _name(sender: Sender) -> str:
    """The name of the backend that an alias stands for."""
    return unwrap(sender.backend).name
