"""What SUMOTEXT's two protocols share: an account, and the checks of a message.

`Account` turns a `Message` into an `Mt`, the text as both protocols want it, or into the reason
why SUMOTEXT cannot send it. A subclass sends the `Mt`.
"""

from __future__ import annotations

import abc
import re
from collections.abc import Mapping
from typing import Final

import attrs

from sumotext_backend.backend import checked
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.http import HttpBackend
from sumotext_backend.models import Message, Reason, SendResult, Verdict
from sumotext_backend.options import shown
from sumotext_backend.providers.sumotext.carriers import warn_unlisted
from sumotext_backend.providers.sumotext.mt import Mt

_SHORTCODE: Final = re.compile(r"[0-9]{5,6}")
_CARRIER: Final = re.compile(r"[A-Z][A-Z0-9]{1,31}")
_PER_MESSAGE: Final = ("carrier", "keyword")


def _short_code(_: object, field: attrs.Attribute[str], value: str) -> None:
    if not _SHORTCODE.fullmatch(value):
        raise ConfigurationError(f"option {field.name!r} wants 5 or 6 digits")


def bare(_: object, field: attrs.Attribute[str], value: str) -> None:
    """Validate a word that the account was given, and that is easily pasted with a space."""
    if not value or value != value.strip() or not value.isprintable():
        raise ConfigurationError(
            f"option {field.name!r} is empty, has spaces around it or cannot be printed"
        )


def _carrier_code(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    if value is not None and not _CARRIER.fullmatch(value):
        raise ConfigurationError(f"option {field.name!r} wants a carrier code such as ATTUS")


@attrs.frozen(kw_only=True)
class Account(HttpBackend):
    """A short code and a keyword at SUMOTEXT, whatever protocol the texts go by.

    Per message, ``options`` under the backend's name may set ``carrier`` and ``keyword``, and a
    `sender` of 5 or 6 digits is the short code.
    """

    shortcode: str = attrs.field(
        validator=_short_code, metadata={"help": "the account's short code, 5 or 6 digits"}
    )
    keyword: str = attrs.field(
        repr=False,
        validator=bare,
        metadata={"help": "the keyword that subscribers are opted in to"},
    )
    carrier: str | None = attrs.field(
        default=None,
        validator=_carrier_code,
        metadata={
            "help": "carrier code of the numbers, such as ATTUS; or give it per message",
            "warn": warn_unlisted,
        },
    )

    def send(self, message: Message) -> SendResult:
        """Send ``message`` by one request, once, and judge the answer."""
        mt = self._mt(message)
        verdict = mt if isinstance(mt, Verdict) else self._sent(mt)
        return SendResult.of(self.name, message, verdict)

    @abc.abstractmethod
    def _sent(self, mt: Mt) -> Verdict:
        """Send ``mt`` by one request, once at most."""

    def _mt(self, message: Message) -> Mt | Verdict:
        """``message`` as SUMOTEXT takes it, or why it cannot."""
        number = checked(message)
        if isinstance(number, Verdict):
            return number
        if number.national is None:
            return failed(Reason.UNSUPPORTED, "SUMOTEXT serves numbers of the US and Canada only")
        options: Mapping[str, object] = message.options.get(self.name, {})
        carrier = options.get("carrier", self.carrier)
        keyword = options.get("keyword", self.keyword)
        shortcode = message.sender or self.shortcode
        problem = _problem(self.name, options, carrier, keyword, shortcode)
        return problem or Mt(number.national, str(carrier), shortcode, str(keyword), message.text)


def _problem(
    name: str, options: Mapping[str, object], carrier: object, keyword: object, shortcode: str
) -> Verdict | None:
    """Why the message's own options cannot be used; None where they can."""
    for option in options:
        if option not in _PER_MESSAGE:
            wrong = f"unknown option {shown(str(option))} for {name!r} in the message"
            return failed(Reason.CONFIGURATION, wrong + did_you_mean(str(option), _PER_MESSAGE))
    if carrier is None:
        return failed(
            Reason.CONFIGURATION,
            "no carrier is known for the number: set the option 'carrier' "
            f"(…?carrier=ATTUS), or options={{{name!r}: {{'carrier': …}}}} of the message",
        )
    if not (isinstance(carrier, str) and _CARRIER.fullmatch(carrier)):
        return failed(Reason.CONFIGURATION, "option 'carrier' wants a carrier code such as ATTUS")
    if not (isinstance(keyword, str) and keyword and keyword.isprintable()):
        return failed(Reason.CONFIGURATION, "option 'keyword' wants the keyword as text")
    if not _SHORTCODE.fullmatch(shortcode):
        return failed(Reason.UNSUPPORTED, "SUMOTEXT sends from a short code of 5 or 6 digits only")
    return None


def failed(reason: Reason, detail: str) -> Verdict:
    """A verdict without an answer."""
    return Verdict(reason=reason, detail=detail)
