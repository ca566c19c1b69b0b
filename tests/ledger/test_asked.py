"""Reports that are asked for: kept, never backwards, and a no in them is heard."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from sumotext_backend import (
    ConsentSource,
    DeliveryReport,
    DeliveryStatus,
    Message,
    OptIn,
    OptOut,
    Outcome,
    Reason,
    Sender,
    SendResult,
)
from sumotext_backend.ledger import Ledger, SqliteDatabase, list_changes, opt_in, opt_out
from sumotext_backend.ledger.asked import keep_asked, recall_report
from sumotext_backend.ledger.inbox import keep_events
from sumotext_backend.local import MemoryBackend
from sumotext_backend.providers import NoAnswer, TwilioBackend
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.routing import Route
from sumotext_backend.simulator import Simulator
from sumotext_backend.testing import HostileGateway, Reply

TO, E164 = "5015551234", "+15015551234"


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    """A gateway whose texts stay with it."""
    with Simulator() as running:
        yield running


def sender(url: str, ledger: Ledger | None) -> Sender:
    """An account at the gateway, under its alias."""
    account = SumotextBackend(shortcode="74700", keyword="SUMO", carrier="ATTUS", base_url=url)
    return Sender(Route(provider="main", of=account), ledger=ledger)


def push(ledger: Ledger, result: SendResult, status: DeliveryStatus) -> None:
    """The provider tells of the text by itself."""
    report = DeliveryReport(alias="main", provider_id=result.message_id, status=status)
    keep_events(ledger, "main", [report], lambda _: True)


def find_status(sms: Sender, result: SendResult) -> DeliveryStatus | None:
    """What is said of the text."""
    said = sms.report(result)
    return said.status if isinstance(said, DeliveryReport) else None


def test_what_is_asked_for_is_kept(gateway: Simulator, ledger: Ledger) -> None:
    """Another process may read it."""
    with sender(gateway.url, ledger) as sms:
        result = sms.send(Message(TO, "hello"))
        said = sms.report(result)

        assert isinstance(said, DeliveryReport)
        assert recall_report(ledger, str(result.message_id), "main") == said


def test_what_is_asked_for_goes_never_backwards(gateway: Simulator, ledger: Ledger) -> None:
    """What was pushed was better. Control: without a ledger the gateway's own word is all."""
    with sender(gateway.url, ledger) as sms, sender(gateway.url, None) as forgetful:
        result = sms.send(Message(TO, "hello"))
        push(ledger, result, DeliveryStatus.DELIVERED)

        assert find_status(sms, result) is DeliveryStatus.DELIVERED
        assert find_status(forgetful, result) is DeliveryStatus.SUBMITTED


def test_what_was_pushed_is_told_where_nobody_can_be_asked(ledger: Ledger) -> None:
    """Such a provider reports by calling, and by that alone."""
    with Sender(Route(provider="main", of=MemoryBackend()), ledger=ledger) as sms:
        result = sms.send(Message(TO, "hello"))
        before = sms.report(result)
        push(ledger, result, DeliveryStatus.ENROUTE)

        assert isinstance(before, NoAnswer)
        assert find_status(sms, result) is DeliveryStatus.ENROUTE


def test_an_answer_that_may_come_later_is_not_replaced_by_an_old_state(ledger: Ledger) -> None:
    """Only by one that is final: nothing comes after that."""
    with sender("http://127.0.0.1:9", ledger) as sms:
        result = SendResult(
            backend="sumotext", to=TO, outcome=Outcome.ACCEPTED, message_id="A", provider="main"
        )
        push(ledger, result, DeliveryStatus.ENROUTE)
        unreachable = sms.report(result)
        push(ledger, result, DeliveryStatus.EXPIRED)

        assert isinstance(unreachable, NoAnswer)
        assert unreachable.reason is Reason.UNREACHABLE
        assert find_status(sms, result) is DeliveryStatus.EXPIRED


def test_a_report_that_is_asked_for_and_says_opted_out_takes_consent(ledger: Ledger) -> None:
    """Through every provider, by Twilio's documented code."""
    failed = {"sid": "SM1", "status": "failed", "error_code": 21610}
    backend = MemoryBackend()
    with HostileGateway(Reply.json(failed)) as gateway:
        twilio = TwilioBackend(
            account_sid="AC1", auth_token="t", sender="+15005550006", base_url=gateway.url
        )
        result = SendResult(
            backend="twilio", to=TO, outcome=Outcome.ACCEPTED, message_id="SM1", provider="twi"
        )
        with Sender(Route(provider="twi", of=twilio), ledger=ledger) as sms:
            said = sms.report(result)
    refused = Sender(backend, ledger=ledger).send(Message(TO, "hello"))

    assert said.reason is Reason.OPTED_OUT
    assert refused.reason is Reason.OPTED_OUT
    assert len(backend.outbox) == 0


DIALLED = "9123456789"
"""A number in India, and another person's in the United States."""


def ask_elsewhere(ledger: Ledger, *, older: bool = False) -> list[Reason | None]:
    """Text ``DIALLED`` in India by a ledger of the United States, and ask: it was a no.

    Returns why those who may be meant get no other text, the Indian first. The result is of
    another process, and, if ``older``, of a version that kept no region.
    """
    took = {"sid": f"SM{1:032x}", "status": "queued", "to": f"+91{DIALLED}"}
    said = took | {"status": "failed", "error_code": 21610}
    with HostileGateway(Reply.json(took, "201 Created"), Reply.json(said)) as gateway:
        twilio = TwilioBackend(
            account_sid="AC1", auth_token="t", sender="+15005550006", base_url=gateway.url
        )
        with Sender(Route(provider="twi", of=twilio), ledger=ledger) as sms:
            kept = sms.send(Message(DIALLED, "hello", region="IN")).to_dict()
            if older:
                del kept["region"]
            assert sms.report(SendResult.from_dict(kept)).reason is Reason.OPTED_OUT
    with Sender(MemoryBackend(), ledger=ledger) as sms:
        return [sms.send(Message(f"+{code}{DIALLED}", "hello")).reason for code in ("91", "1")]


def test_a_no_is_of_whom_the_text_went_to_wherever_they_are(ledger: Ledger) -> None:
    """The result says where its number was dialled. Control: one of an older version does not."""
    pytest.importorskip("phonenumbers")

    assert [Reason.OPTED_OUT, None] == ask_elsewhere(ledger)


def test_a_result_that_knows_no_region_is_read_in_the_ledgers(ledger: Ledger) -> None:
    """One of an older version: nothing says better."""
    pytest.importorskip("phonenumbers")

    assert [None, Reason.OPTED_OUT] == ask_elsewhere(ledger, older=True)


OPTED_OUT = DeliveryReport(
    alias="main", provider_id="A", status=DeliveryStatus.REJECTED, reason=Reason.OPTED_OUT
)


def test_a_no_that_came_before_anybody_knew_whose_it_is_is_heard_then(ledger: Ledger) -> None:
    """Asking by the id alone keeps the report; who asks with the result knows the person."""
    keep_asked(ledger, OPTED_OUT, "main", "A")
    keep_asked(ledger, OPTED_OUT, "main", "A", TO)

    refused = Sender(MemoryBackend(), ledger=ledger).send(Message(TO, "hello"))
    assert refused.reason is Reason.OPTED_OUT


def test_whom_a_text_went_to_is_what_the_ledger_says(ledger: Ledger) -> None:
    """A number that was written for another region may read as another person's here."""
    with Sender(Route(provider="main", of=MemoryBackend()), ledger=ledger) as sms:
        sent = sms.send(Message(TO, "hello", key="order-1"))
    report = attrs.evolve(OPTED_OUT, provider_id=sent.message_id)
    keep_asked(ledger, report, "main", sent.message_id or "", "5015550000")

    with Sender(MemoryBackend(), ledger=ledger) as sms:
        reasons = [sms.send(Message(to, "hello")).reason for to in (TO, "5015550000")]
    assert [Reason.OPTED_OUT, None] == reasons


def test_who_asks_again_takes_nothing_again(ledger: Ledger) -> None:
    """A person who came back since then may be texted."""
    keep_asked(ledger, OPTED_OUT, "main", "A", TO)
    opt_in(ledger, TO)
    keep_asked(ledger, OPTED_OUT, "main", "A", TO)

    assert list_words(ledger) == ["OPTED_OUT", "OPTED_IN"]


STRANGER = "5015550000"


def list_words(ledger: Ledger, number: str = TO) -> list[str]:
    """What the ledger knows that the person said, in its order."""
    return [str(change.word) for change in list_changes(ledger, number)]


def test_one_no_is_written_once_whomever_its_number_reads_as(ledger: Ledger) -> None:
    """The ledger knows the person, who came back; that a stranger said nothing proves nothing."""
    with Sender(Route(provider="main", of=MemoryBackend()), ledger=ledger) as sms:
        sent = sms.send(Message(TO, "hello", key="order-1"))
    report = attrs.evolve(OPTED_OUT, provider_id=sent.message_id)
    keep_asked(ledger, report, "main", sent.message_id or "", STRANGER)
    opt_in(ledger, TO)
    keep_asked(ledger, report, "main", sent.message_id or "", STRANGER)

    assert list_words(ledger) == ["OPTED_OUT", "OPTED_IN"]
    assert list_words(ledger, STRANGER) == []


@pytest.mark.parametrize("status", [DeliveryStatus.UNDELIVERABLE, DeliveryStatus.DELIVERED])
def test_a_no_that_comes_in_another_report_on_its_text_is_the_same(
    status: DeliveryStatus, ledger: Ledger
) -> None:
    """Pushed, late, or of another state, worse or better. Control: one on another text is new."""
    keep_asked(ledger, OPTED_OUT, "main", "A", TO)
    opt_in(ledger, TO)
    keep_asked(ledger, attrs.evolve(OPTED_OUT, status=status), "main", "A", TO)
    said = OptOut(alias="main", number=TO, source=ConsentSource.REPORT)
    same, other = OPTED_OUT, attrs.evolve(OPTED_OUT, provider_id="B")
    keep_events(ledger, "main", [same], lambda _: True)
    back = list_words(ledger)
    keep_events(ledger, "main", [other, said], lambda _: True)

    assert back == ["OPTED_OUT", "OPTED_IN"]
    assert list_words(ledger) == [*back, "OPTED_OUT"]


@pytest.mark.parametrize(
    ("back", "last"), [("+525512345678", "OPTED_IN"), ("+525512345679", "OPTED_OUT")]
)
def test_who_came_back_by_the_other_way_to_write_the_number_stays_back(
    back: str, last: str, ledger: Ledger
) -> None:
    """The no in a report that comes again is the same. Control: somebody else's yes is none."""
    number = "+5215512345678"
    keep_asked(ledger, OPTED_OUT, "main", "A")
    time.sleep(0.01)  # of two words in one millisecond the no holds
    opt_in(ledger, back)
    keep_asked(ledger, OPTED_OUT, "main", "A", number)

    assert last == list_words(ledger, number)[-1]


def say_yes(ledger: Ledger, minute: int | None) -> None:
    """A text says yes, and was sent so many minutes ago; None is not known."""
    now = dt.datetime.now(dt.UTC)
    at = None if minute is None else now - dt.timedelta(minutes=minute)
    said = OptIn(alias="main", number=E164, source=ConsentSource.TEXT, at=at)
    keep_events(ledger, "main", [said], lambda _: True)


@pytest.mark.parametrize(
    ("yes", "no", "texted"),
    [(None, None, True), (None, 5, True), (1, 5, True), (9, 5, False), (9, None, False)],
    ids=["came back", "no long ago", "in order", "yes came late", "yes long ago"],
)
def test_who_came_back_before_anybody_knew_of_a_no_stays_back(
    yes: int | None, no: int | None, texted: bool, ledger: Ledger
) -> None:
    """Unless the yes was said before the no; the minutes are those since then."""
    at = None if no is None else dt.datetime.now(dt.UTC) - dt.timedelta(minutes=no)
    report = attrs.evolve(OPTED_OUT, at=at)
    keep_asked(ledger, report, "main", "A")
    time.sleep(0.01)  # of two words in one millisecond the no holds
    say_yes(ledger, yes)
    keep_asked(ledger, report, "main", "A", TO)

    assert list_words(ledger) == ["OPTED_IN"] + ["OPTED_OUT"] * (not texted)


def test_a_no_of_former_days_hides_none_of_today(ledger: Ledger) -> None:
    """Who came back and says no again is heard, also where the report came before the person."""
    opt_out(ledger, TO)
    opt_in(ledger, TO)
    keep_asked(ledger, OPTED_OUT, "main", "A")
    keep_asked(ledger, OPTED_OUT, "main", "A", TO)

    assert list_words(ledger) == ["OPTED_OUT", "OPTED_IN", "OPTED_OUT"]


def test_a_ledger_that_cannot_be_used_keeps_nobody_from_an_answer(tmp_path: Path) -> None:
    """It is said all the same; that it was not written down is logged."""
    (tmp_path / "state").write_text("a file, not a folder")
    broken = Ledger(SqliteDatabase(tmp_path / "state" / "ledger.sqlite3"))
    said = DeliveryReport(alias="main", provider_id="A", status=DeliveryStatus.ENROUTE)

    assert keep_asked(broken, said, "main", "A", TO) == said
