"""What a provider's author writes: an attrs class that derives from `SmsBackend`."""

from __future__ import annotations

import abc
import functools
import time
from collections.abc import Callable
from typing import ClassVar

import attrs

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.models import Message, Reason, SendResult, Verdict, amend
from sumotext_backend.msisdn import InvalidNumberError, Msisdn, parse
from sumotext_backend.numbering import DEFAULT_REGION, find_fault
from sumotext_backend.redact import scrub


class SmsBackend(abc.ABC):
    """The adapter to one provider. Its attrs fields are its options.

    ``name`` is the word a configuration and `Message.options` know it by. ``dsn`` is the form
    of its DSN, ``"sumotext://{shortcode}/{keyword}"``: each ``{field}`` is an option.
    """

    __slots__ = ()

    name: ClassVar[str]
    dsn: ClassVar[str] = ""

    @abc.abstractmethod
    def send(self, message: Message) -> SendResult:
        """Send ``message`` once at most and say what became of it.

        Every end is a `SendResult`; only a programming error may raise.
        """

    def close(self) -> None:  # noqa: B027 - most backends hold nothing open
        """Let go of connections and files. May be called twice; a later send opens anew."""


def unsendable(message: Message) -> Verdict | None:
    """Why no provider at all could send ``message``; None where one could."""
    if not message.text:
        return Verdict(reason=Reason.INVALID_MESSAGE, detail="the text is empty")
    if not message.text.isascii() and not is_encodable(message.text):
        return Verdict(
            reason=Reason.INVALID_MESSAGE,
            detail="the text holds a lone surrogate, which no encoding can express",
        )
    return None


def is_encodable(text: str) -> bool:
    """Whether ``text`` holds no lone surrogate, which no encoding can express."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def recipient(message: Message) -> Msisdn | Verdict:
    """The number of ``message``, or why none can be texted (the verdict holds no part of it).

    With the extra ``phonenumbers`` one that surely gets no texts, such as a fixed line, is none.
    """
    return _recipient(message.to, message.region or DEFAULT_REGION)


# Each gate and each provider that a text passes asks again.
@functools.lru_cache(maxsize=64)
def _recipient(to: str, region: str) -> Msisdn | Verdict:
    try:
        number = parse(to, region)
    except InvalidNumberError as error:
        return Verdict(reason=Reason.INVALID_RECIPIENT, detail=str(error))
    except ConfigurationError as error:
        return Verdict(reason=Reason.CONFIGURATION, detail=str(error))
    fault = find_fault(number.e164)
    return Verdict(reason=Reason.INVALID_RECIPIENT, detail=fault) if fault else number


def check(message: Message) -> Msisdn | Verdict:
    """The number of ``message``, or why no provider could send it. Every backend asks first."""
    return unsendable(message) or recipient(message)


def guard(backend: SmsBackend, message: Message) -> SendResult:
    """What ``backend`` says of ``message``. Never raises.

    A backend that raises, or returns something else, left nobody knowing whether the text went:
    that is ``UNKNOWN`` / ``CRASHED``. A `ConfigurationError` says that nothing was tried.
    """
    try:
        result = backend.send(message)
        return result if type(result) is SendResult else _plain(result)
    except ConfigurationError as error:
        verdict = Verdict(reason=Reason.CONFIGURATION, detail=scrub(" ".join(str(error).split())))
    except Exception as error:  # noqa: BLE001 - a stranger's backend may raise anything
        detail = f"the backend broke off ({type(error).__name__}); the text may be out"
        verdict = Verdict(reason=Reason.CRASHED, detail=detail)
    return SendResult.of(getattr(backend, "name", type(backend).__name__), message, verdict)


def _plain(result: SendResult) -> SendResult:
    """A stranger's subclass as what we know; raises for what is not a result at all."""
    names = [field.name for field in attrs.fields(SendResult)]
    return SendResult(**{name: getattr(result, name) for name in names})


def send_through(
    backend: SmsBackend, message: Message, clock: Callable[[], float] = time.monotonic
) -> SendResult:
    """What ``backend`` says of ``message`` (`guard`), with its duration, reference and region."""
    begun = clock()
    result = guard(backend, message)
    return amend(
        result,
        duration=clock() - begun,
        reference=message.reference,
        region=message.region or DEFAULT_REGION,
    )
