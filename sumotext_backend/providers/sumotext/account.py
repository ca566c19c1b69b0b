"""What SUMOTEXT's two protocols share: an account, and the checks of a message.

`Account` turns a `Message` into an `Mt`, the text as both protocols want it, or into the reason
why SUMOTEXT cannot send it. A subclass turns the `Mt` into a request.
"""

from __future__ import annotations

import abc
import re
from typing import Final

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.events import Event
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import check_word
from sumotext_backend.lookups import LookupMemory
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.sumotext import callbacks
from sumotext_backend.providers.sumotext.carriers import warn_unlisted
from sumotext_backend.providers.sumotext.lookup import ABROAD, LOOKUP, find_carrier, wants_lookup
from sumotext_backend.providers.sumotext.lookup_wire import CARRIER, Carrier
from sumotext_backend.providers.sumotext.mt import Mt

_TOO_EARLY: Final = (
    "the carrier is looked up when a Sender sends the text, which needs a ledger for that: before "
    "it there is no request"
)
_SHORTCODE: Final = re.compile(r"[0-9]{5,6}")


def _check_shortcode(_: object, field: attrs.Attribute[str], value: str) -> None:
    if not _SHORTCODE.fullmatch(value):
        raise ConfigurationError(f"option {field.name!r} wants 5 or 6 digits")


def _check_carrier(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    if value not in (None, LOOKUP) and not CARRIER.fullmatch(value or ""):
        raise ConfigurationError(
            f"option {field.name!r} wants a carrier code such as ATTUS, or {LOOKUP!r}"
        )


def _warn_carrier(code: str) -> str:
    return "" if code == LOOKUP else warn_unlisted(code)


@attrs.frozen(kw_only=True)
class Account(HttpBackend):
    """A short code and a keyword at SUMOTEXT, whatever protocol the texts go by.

    Per message, ``options`` under the backend's name may set ``carrier`` and ``keyword``, and a
    `sender` of 5 or 6 digits is the short code. A carrier ``"lookup"`` is looked up at SUMOTEXT,
    once for each number, by a `Sender` with a ledger, which remembers it.
    """

    shortcode: str = attrs.field(
        validator=_check_shortcode, metadata={"help": "the account's short code, 5 or 6 digits"}
    )
    keyword: str = attrs.field(
        repr=False,
        validator=check_word,
        metadata={"help": "the keyword that subscribers are opted in to", "per_message": True},
    )
    carrier: str | None = attrs.field(
        default=None,
        validator=_check_carrier,
        metadata={
            "help": "carrier code of the numbers, such as ATTUS; or lookup",
            "per_message": True,
            "warn": _warn_carrier,
        },
    )
    lookups_per_day: int = attrs.field(
        default=1000,
        validator=attrs.validators.ge(0),
        metadata={"help": "look-ups at most in a day (UTC); each costs US$0.005"},
    )

    def wants_lookup(self, message: Message) -> bool:
        """Whether the carrier of ``message`` is to be looked up."""
        return wants_lookup(self, message)

    def add_carrier(self, message: Message, lookups: LookupMemory) -> Message | Verdict:
        """``message`` with the carrier of its number; or why it was surely not sent."""
        return find_carrier(self, message, lookups)

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """The request of the protocol, or why SUMOTEXT cannot send ``message``."""
        if number.national is None:
            return fail(Reason.UNSUPPORTED, ABROAD)
        if self.carrier is None:
            return fail(Reason.CONFIGURATION, _no_carrier(self.name))
        if self.carrier == LOOKUP:
            return fail(Reason.UNSUPPORTED, _TOO_EARLY)
        shortcode = message.sender or self.shortcode
        if not _SHORTCODE.fullmatch(shortcode):
            wrong = "SUMOTEXT sends from a short code of 5 or 6 digits only"
            return fail(Reason.UNSUPPORTED, wrong)
        mt = Mt(number.national, self.carrier, shortcode, self.keyword, message.text)
        return self.encode(mt)

    @abc.abstractmethod
    def encode(self, mt: Mt) -> Request | Verdict:
        """``mt`` as a request of the protocol."""

    @abc.abstractmethod
    def lookup_request(self, number: Msisdn) -> Request:
        """The request that looks the carrier of ``number`` up."""

    @abc.abstractmethod
    def read_lookup(self, response: Response, number: Msisdn) -> Carrier | NoAnswer:
        """What ``response`` says of the carrier of ``number``."""

    def read_callback(self, callback: Callback) -> list[Event]:
        """Texts, votes, CRM's updates and pushed reports, whichever of the two APIs sends."""
        return collect(callbacks.read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """Never proven, as nothing is signed."""
        return Authenticity.UNPROVEN

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one."""
        return Reply()


def _no_carrier(name: str) -> str:
    return (
        "no carrier is known for the number: set the option 'carrier' "
        f"(…?carrier=ATTUS), or options={{{name!r}: {{'carrier': …}}}} of the message"
    )


def fail(reason: Reason, detail: str) -> Verdict:
    """A verdict without a response."""
    return Verdict(reason=reason, detail=detail)
