"""`SumotextBackend`: one text through SUMOTEXT's legacy gateway."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Final, Literal

import attrs

from sumotext_backend.backend import recipient, unsendable
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.http import Answer, HttpBackend, NoAnswer, by_status
from sumotext_backend.models import Message, Reason, SendResult, Verdict
from sumotext_backend.sumotext import wire

_SHORTCODE: Final = re.compile(r"[0-9]{5,6}")
_CARRIER: Final = re.compile(r"[A-Z][A-Z0-9]{1,31}")
_PER_MESSAGE: Final = ("carrier", "keyword")


def _short_code(_: object, field: attrs.Attribute[str], value: str) -> None:
    if not _SHORTCODE.fullmatch(value):
        raise ConfigurationError(f"option {field.name!r} wants 5 or 6 digits")


def _key_word(_: object, field: attrs.Attribute[str], value: str) -> None:
    if not value or value != value.strip():
        raise ConfigurationError(f"option {field.name!r} wants the keyword, without spaces around")


def _carrier_code(_: object, field: attrs.Attribute[str | None], value: str | None) -> None:
    if value is not None and not _CARRIER.fullmatch(value):
        raise ConfigurationError(f"option {field.name!r} wants a carrier code such as ATTUS")


@attrs.frozen(kw_only=True)
class SumotextBackend(HttpBackend):
    """SUMOTEXT's legacy gateway, which knows its caller by the IP address alone.

    Per message, ``options["sumotext"]`` may set ``carrier`` and ``keyword``, and a `sender` of
    5 or 6 digits is the short code.
    """

    name: ClassVar[str] = "sumotext"
    dsn: ClassVar[str] = "sumotext://{shortcode}/{keyword}"

    shortcode: str = attrs.field(
        validator=_short_code, metadata={"help": "the account's short code, 5 or 6 digits"}
    )
    keyword: str = attrs.field(
        repr=False,
        validator=_key_word,
        metadata={"help": "the keyword that subscribers are opted in to"},
    )
    carrier: str | None = attrs.field(
        default=None,
        validator=_carrier_code,
        metadata={"help": "carrier code of the numbers, such as ATTUS; or give it per message"},
    )
    echo: Literal["warn", "strict"] = attrs.field(
        default="warn",
        validator=attrs.validators.in_(("warn", "strict")),
        metadata={"help": "an id that comes with another number: accepted (warn) or UNKNOWN"},
    )
    base_url: str = attrs.field(
        default="https://mosms.sumotext.com",
        validator=attrs.fields(HttpBackend).base_url.validator,
        metadata={"help": "where the gateway answers"},
    )

    def send(self, message: Message) -> SendResult:
        """Send ``message`` by one GET, once, and judge the first line of the answer."""
        return SendResult.of(self.name, message, self._verdict(message))

    def _verdict(self, message: Message) -> Verdict:
        number = recipient(message)
        problem = unsendable(message) or (number if isinstance(number, Verdict) else None)
        if problem or isinstance(number, Verdict):
            return problem or number  # type: ignore[return-value]
        if number.national is None:
            return _failed(Reason.UNSUPPORTED, "SUMOTEXT serves numbers of the US and Canada only")
        query = self._query(message, number.national)
        if isinstance(query, Verdict):
            return query
        answer = self.exchange(f"{wire.SEND_MT}?{query}", enough=wire.has_line)
        return self._judged(answer, number.national)

    def _query(self, message: Message, mobile: str) -> str | Verdict:
        options: Mapping[str, object] = message.options.get(self.name, {})
        carrier = options.get("carrier", self.carrier)
        keyword = options.get("keyword", self.keyword)
        shortcode = message.sender or self.shortcode
        problem = _problem(options, carrier, keyword, shortcode)
        if problem:
            return problem
        query = wire.send_mt(
            mobile=mobile,
            carrier=str(carrier),
            shortcode=shortcode,
            keyword=str(keyword),
            text=message.text,
        )
        if len(query) > wire.LONGEST_QUERY:
            return _failed(
                Reason.UNSUPPORTED,
                f"the text is too long: its query has {len(query)} bytes, "
                f"the gateway takes {wire.LONGEST_QUERY}",
            )
        return query

    def _judged(self, answer: Answer | NoAnswer, mobile: str) -> Verdict:
        if isinstance(answer, NoAnswer):
            return _failed(answer.reason, answer.detail)
        refused = by_status(answer, trust_4xx=self.trust_4xx)
        if refused:
            return refused
        strict = self.echo == "strict"
        verdict = wire.verdict(answer.body, mobile, ended=answer.ended, strict_echo=strict)
        if verdict.reason is Reason.BAD_ANSWER and answer.cut:
            broken = "the answer broke off before its first line was whole"
            return attrs.evolve(verdict, reason=answer.cut, detail=broken)
        if not verdict.reason and not answer.ended:
            detail = f"{verdict.detail}; " if verdict.detail else ""
            return attrs.evolve(verdict, detail=f"{detail}the rest of the answer was not read")
        return verdict


def _problem(
    options: Mapping[str, object], carrier: object, keyword: object, shortcode: str
) -> Verdict | None:
    """Why the message's own options cannot be used; None where they can."""
    for name in options:
        if name not in _PER_MESSAGE:
            wrong = f"unknown option {name!r} for 'sumotext' in the message"
            return _failed(Reason.CONFIGURATION, wrong + did_you_mean(name, _PER_MESSAGE))
    if carrier is None:
        return _failed(
            Reason.CONFIGURATION,
            "no carrier is known for the number: set the option 'carrier' "
            "(…?carrier=ATTUS), or options={'sumotext': {'carrier': …}} of the message",
        )
    if not (isinstance(carrier, str) and _CARRIER.fullmatch(carrier)):
        return _failed(Reason.CONFIGURATION, "option 'carrier' wants a carrier code such as ATTUS")
    if not (isinstance(keyword, str) and keyword):
        return _failed(Reason.CONFIGURATION, "option 'keyword' wants the keyword as text")
    if not _SHORTCODE.fullmatch(shortcode):
        return _failed(Reason.UNSUPPORTED, "SUMOTEXT sends from a short code of 5 or 6 digits only")
    return None


def _failed(reason: Reason, detail: str) -> Verdict:
    return Verdict(reason=reason, detail=detail)
