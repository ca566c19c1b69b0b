"""Typed uses of the public names. Checked by mypy, never run."""

from __future__ import annotations

from typing import ClassVar, assert_type

import attrs

from sumotext_backend import (
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    Message,
    OptOut,
    Outcome,
    Reason,
    Sender,
    SendResult,
    SmsBackend,
    Verdict,
    connect,
)
from sumotext_backend.ledger import Ledger, LookupBook
from sumotext_backend.providers import (
    Answerer,
    Authenticity,
    Callback,
    Event,
    Found,
    InfobipBackend,
    NoAnswer,
    Question,
    ReadsCallbacks,
    Reporter,
    TwilioBackend,
    ask,
    parse_number,
)
from sumotext_backend.providers.sumotext import (
    Carrier,
    SumotextBackend,
    change_group,
    look_up,
    opt_in,
)


def send_one() -> str:
    with connect("sumotext://74700/SUMO?carrier=ATTUS") as sms:
        assert_type(sms, Sender)
        result = sms.send(Message("5015551234", "hello", ref="order 7"))
        assert_type(result, SendResult)
        assert_type(result.outcome, Outcome)
        assert_type(result.reason, Reason | None)
        assert_type(result.attempts, tuple[SendResult, ...])
        result.raise_for_outcome()
    return result.message_id or ""


def by_outcome(result: SendResult) -> str:
    match result.outcome:
        case Outcome.ACCEPTED:
            return "sent"
        case Outcome.FAILED:
            return "resend"
        case Outcome.REJECTED | Outcome.UNKNOWN:
            return "leave it"


def read(backend: ReadsCallbacks, callback: Callback) -> list[Event]:
    if backend.authenticate(callback, 0.0) is Authenticity.WRONG:
        return []
    return backend.read_callback(callback)


def report(sms: Sender, result: SendResult) -> str:
    said = sms.report(result)
    if isinstance(said, NoAnswer):
        assert_type(said.reason, Reason)
        return said.detail
    assert_type(said, DeliveryReport)
    return said.status


def settle(backend: InfobipBackend, question: Question) -> bool:
    said = ask(backend, question)
    assert_type(said, Found | NoAnswer | None)
    return isinstance(said, Found)


def be_asked(backend: InfobipBackend) -> tuple[Reporter, Answerer]:
    return backend, backend


def at_sumotext(account: SumotextBackend, ledger: Ledger) -> list[Verdict]:
    number = parse_number("5015551234")
    assert_type(look_up(account, number, LookupBook(ledger)), Carrier | NoAnswer)
    return [change_group(account, "addmember", "vip", number), opt_in(account, number, ["Ann"])]


def by_kind(event: Event) -> str:
    match event:
        case DeliveryReport(status=status, provider_id=provider_id):
            assert_type(status, DeliveryStatus)
            return provider_id or ""
        case InboundMessage(text=text):
            return text
        case OptOut(number=number):
            return number
    return ""


twilio: ReadsCallbacks = TwilioBackend(account_sid="AC1", auth_token="t", sender="74700")


@attrs.frozen
class OwnBackend(SmsBackend):
    name: ClassVar[str] = "own"
    dsn: ClassVar[str] = "own://{host}"

    host: str

    def send(self, message: Message) -> SendResult:
        return SendResult.of(self.name, message, Verdict(reason=Reason.UNSUPPORTED))


assert_type(Sender(OwnBackend("here")).send(Message("5015551234", "hello")), SendResult)
SumotextBackend(shortcode="74700", keyword="SUMO", carrier="ATTUS", timeout=5)
assert_type(Reason.TLS.outcome, Outcome)
