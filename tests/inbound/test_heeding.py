"""What events mean for consent: which word was said last, and of whom a report speaks."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from sumotext_backend import (
    ConsentChange,
    ConsentSource,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    Message,
    OptIn,
    OptOut,
    Outcome,
    Part,
    Reason,
    Sender,
    SendResult,
    SmsBackend,
)
from sumotext_backend.ledger import Ledger, forget, list_changes, opt_in, purge, show_consent
from sumotext_backend.ledger.database import Lock
from sumotext_backend.ledger.heeding import choose_lock, heed
from sumotext_backend.ledger.inbox import claim_event, end_event, keep_events, list_events
from sumotext_backend.ledger.postgres_lock import TURN
from sumotext_backend.local import MemoryBackend
from sumotext_backend.providers import Event, Verdict, add_consent
from sumotext_backend.routing import Route
from tests.inbound.cases import NUMBER, chain
from tests.ledger.crashes import open_ledger


def say(word: type[OptOut | OptIn], minute: int | None) -> OptOut | OptIn:
    """A word that the provider says was said at that minute."""
    at = None if minute is None else dt.datetime(2020, 11, 30, 10, minute, tzinfo=dt.UTC)
    return word(alias="main", number=NUMBER, source=ConsentSource.TEXT, at=at)


@pytest.mark.parametrize(
    ("words", "texted"),
    [
        ([(OptOut, 5), (OptIn, 0)], False),
        ([(OptOut, 0), (OptIn, 5)], True),
        ([(OptOut, 5), (OptIn, 5)], True),
        ([(OptIn, 5), (OptOut, 0)], False),
        ([(OptOut, 9), (OptOut, 0), (OptIn, 5)], False),
        ([(OptOut, 5), (OptIn, None)], True),
        ([(OptOut, None), (OptIn, 5)], False),
    ],
    ids=["late yes", "in order", "at once", "late no", "no twice", "yes unknown", "no unknown"],
)
def test_a_yes_that_comes_late_lifts_no_newer_no(
    words: list[tuple[type[OptOut | OptIn], int | None]],
    texted: bool,
    ledger: Ledger,
) -> None:
    """A provider that reached nobody calls again, for hours; what it says of the time counts.

    Where it says none, what came last is what was said last.
    """
    for word, minute in words:
        keep_events(ledger, "main", [say(word, minute)], lambda _: True)
    result = chain(ledger)[0].send(Message(NUMBER, "hello"))

    assert texted == (result.outcome is Outcome.ACCEPTED)


TWINS = ("+5215512345678", "+525512345678")


@pytest.mark.parametrize("twins", [TWINS, TWINS[::-1]])
@pytest.mark.parametrize(("minute", "texted"), [(0, False), (9, True)], ids=["late", "in order"])
def test_a_yes_that_comes_late_lifts_no_newer_no_to_the_other_way_to_write_the_number(
    minute: int, texted: bool, twins: tuple[str, str], ledger: Ledger
) -> None:
    """Networks hand over either, of one handset."""
    for number, word in zip(twins, (say(OptOut, 5), say(OptIn, minute)), strict=True):
        keep_events(ledger, "main", [attrs.evolve(word, number=number)], lambda _: True)

    assert {texted} == {not show_consent(ledger, each)["default"].opted_out for each in twins}


def test_a_late_yes_waits_for_a_no_that_is_being_written(place: str) -> None:
    """Two callbacks that come at once, STOP and the START before it, to two workers."""
    stops, starts = open_ledger(place), open_ledger(place)
    assert stops.hasher
    assert starts.hasher
    late = (starts, "main", [say(OptIn, 0)], lambda _: True)
    worker = threading.Thread(target=keep_events, args=late)
    with stops.database.transact(choose_lock([say(OptOut, 5)])) as run:
        assert list(heed(stops, run, say(OptOut, 5), lambda _: True))
        worker.start()
        worker.join(0.5)
    worker.join()
    result = chain(stops)[0].send(Message(NUMBER, "hello"))
    for each in (stops, starts):
        each.close()

    assert Outcome.REJECTED is result.outcome


def test_a_yes_that_waits_for_a_long_list_holds_up_no_send(empty_server: str) -> None:
    """A send that ends meanwhile is written down, and the yes once the list is."""
    lists, starts, sends = (open_ledger(empty_server) for _ in range(3))
    assert starts.hasher
    assert sends.hasher
    late = (starts, "main", [say(OptIn, 0)], lambda _: True)
    worker = threading.Thread(target=keep_events, args=late)
    with lists.database.transact(Lock.SHARED):
        worker.start()
        time.sleep(TURN / 2)
        keys = [f"order-{number}" for number in range(5)]
        results = [chain(sends)[0].send(Message(NUMBER, "hello", key=key)) for key in keys]
        waits = worker.is_alive()
    worker.join()
    heard = [change.word for change in list_changes(sends, NUMBER)]
    for each in (lists, starts, sends):
        each.close()

    assert {(Outcome.ACCEPTED, True)} == {(each.outcome, each.recorded) for each in results}
    assert (True, ["OPTED_IN"]) == (waits, heard)


def test_a_no_of_tomorrow_binds_no_longer_than_one_of_today(ledger: Ledger) -> None:
    """A provider's clock may be wrong: what it said cannot be later than it came."""
    now = dt.datetime.now(dt.UTC)
    no = attrs.evolve(say(OptOut, 0), at=now + dt.timedelta(days=365))
    yes = attrs.evolve(say(OptIn, 0), at=now + dt.timedelta(minutes=1))
    for word in (no, yes):
        keep_events(ledger, "main", [word], lambda _: True)

    assert Outcome.ACCEPTED is chain(ledger)[0].send(Message(NUMBER, "hello")).outcome


def test_a_yes_that_comes_late_lifts_no_newer_refusal(ledger: Ledger) -> None:
    """The provider that refused knew more than it did then."""
    refuses = Route(provider="main", of=MemoryBackend(reason="NOT_OPTED_IN"))
    Sender(refuses, ledger=ledger).send(Message(NUMBER, "hello"))
    old = attrs.evolve(say(OptIn, 0), at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    keep_events(ledger, "main", [old], lambda _: True)

    assert Outcome.REJECTED is chain(ledger)[0].send(Message(NUMBER, "hello")).outcome


NAMELESS = DeliveryReport(
    alias="main", status=DeliveryStatus.REJECTED, reason=Reason.OPTED_OUT, provider_id="id-1"
)


def send_known(ledger: Ledger) -> SendResult:
    """A send by ``main`` that the ledger keeps."""
    with Sender(Route(provider="main", of=MemoryBackend()), ledger=ledger) as sender:
        return sender.send(Message(NUMBER, "hello", key="order-1"))


@pytest.mark.parametrize("by", ["id", "reference"])
def test_a_report_that_names_nobody_takes_the_consent_of_whom_was_texted(
    by: str, ledger: Ledger
) -> None:
    """By the provider's id or by ours, where the ledger knows the send."""
    sent = send_known(ledger)
    ids = {"id": {"provider_id": sent.message_id}, "reference": {"reference": sent.reference}}
    report = attrs.evolve(NAMELESS, **{"provider_id": None, **ids[by]})
    keep_events(ledger, "main", [report], lambda _: True)

    refused = chain(ledger)[0].send(Message(NUMBER, "hello"))
    assert Reason.OPTED_OUT is refused.reason
    assert "report" in refused.detail


def test_who_was_forgotten_says_no_by_a_report_all_the_same(ledger: Ledger) -> None:
    """The hash of the number is enough."""
    sent = send_known(ledger)
    forget(ledger, NUMBER)
    report = attrs.evolve(NAMELESS, provider_id=sent.message_id)
    keep_events(ledger, "main", [report], lambda _: True)

    assert Reason.OPTED_OUT is chain(ledger)[0].send(Message(NUMBER, "hello")).reason


@pytest.mark.parametrize(
    "change",
    [{"alias": "other"}, {"reason": Reason.REFUSED}, {"provider_id": "unknown"}],
    ids=["another provider", "another reason", "another text"],
)
def test_a_report_on_another_text_takes_nothing(change: dict[str, Any], ledger: Ledger) -> None:
    """An id is one provider's; and a refusal for another reason is no word of the person."""
    sent = send_known(ledger)
    report = attrs.evolve(NAMELESS, **{"provider_id": sent.message_id, **change})
    keep_events(ledger, report.alias, [report], lambda _: True)

    assert Outcome.ACCEPTED is chain(ledger)[0].send(Message(NUMBER, "hello")).outcome


@attrs.frozen
class Overtaken(SmsBackend):
    """A provider whose ``reports`` come before its answer, which is ``verdict``."""

    name = "overtaken"
    ledger: Ledger
    verdict: Verdict
    reports: tuple[DeliveryReport, ...]
    references: list[str | None] = attrs.field(factory=list)

    def send(self, message: Message) -> SendResult:
        """Take it; a report that bears a reference bears that of ``message``."""
        self.references.append(message.reference)
        for report in self.reports:
            reference = report.reference and message.reference
            event = attrs.evolve(report, reference=reference)
            keep_events(self.ledger, report.alias, [event], lambda _: True)
        return SendResult.of("overtaken", message, self.verdict)


DOUBT, REFUSAL, TAKEN = (
    Verdict(reason=Reason.TIMEOUT),
    Verdict(reason=Reason.CONTENT),
    Verdict(message_id="id-1"),
)
BY_REFERENCE = attrs.evolve(NAMELESS, provider_id=None, reference="ours")


def overtake(ledger: Ledger, verdict: Verdict, *reports: DeliveryReport, key: str | None) -> bool:
    """Send, and be told of ``reports`` first; whether the person is texted afterwards."""
    overtaken = Overtaken(ledger, verdict, reports)
    with Sender(Route(provider="main", of=overtaken), ledger=ledger) as sender:
        assert sender.send(Message(NUMBER, "hello", key=key)).recorded
    return chain(ledger)[0].send(Message(NUMBER, "hello")).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("verdict", "report", "key"),
    [
        (DOUBT, BY_REFERENCE, None),
        (REFUSAL, BY_REFERENCE, None),
        (DOUBT, BY_REFERENCE, "order-1"),
        (TAKEN, NAMELESS, "order-1"),
    ],
    ids=["doubt", "refusal", "keyed doubt", "by its id"],
)
def test_a_report_that_names_nobody_is_heard_before_its_text_is_written_down_too(
    verdict: Verdict, report: DeliveryReport, key: str | None, ledger: Ledger
) -> None:
    """Once, and told once; another refusal takes nothing, and a better report hides no no."""
    told: list[ConsentChange] = []
    ledger.tell = told.append
    better = attrs.evolve(report, reason=None, status=DeliveryStatus.DELIVERED)

    assert not overtake(ledger, verdict, report, better, key=key)
    assert ["OPTED_OUT"] == [change.word for change in list_changes(ledger, NUMBER)]
    assert [(NUMBER, "OPTED_OUT")] == [(change.number, change.word) for change in told]


@attrs.define
class Slow:
    """A database whose transactions do ``meanwhile`` just before they commit."""

    database: Any
    meanwhile: Callable[[], object]

    @contextlib.contextmanager
    def transact(self, lock: Lock | None = None) -> Iterator[Any]:
        """One transaction."""
        with self.database.transact(lock) as run:
            yield run
            self.meanwhile()

    def __getattr__(self, name: str) -> Any:
        """All else is as it is."""
        return getattr(self.database, name)


@pytest.mark.parametrize(
    ("verdict", "report", "key"),
    [(DOUBT, BY_REFERENCE, None), (TAKEN, NAMELESS, "order-1")],
    ids=["doubt", "by its id"],
)
def test_a_report_waits_for_its_text_that_is_being_written_down(
    verdict: Verdict, report: DeliveryReport, key: str | None, place: str
) -> None:
    """A callback and the end of its send at once, in two workers: neither misses the other."""
    sends, hears = open_ledger(place), open_ledger(place)
    assert hears.hasher
    provider = Overtaken(hears, verdict, ())
    workers: list[threading.Thread] = []

    def call_back() -> None:
        if provider.references and not workers:
            said = attrs.evolve(report, reference=report.reference and provider.references[0])
            better = attrs.evolve(said, reason=None, status=DeliveryStatus.SUBMITTED)
            call = (hears, "main", [better, said], lambda _: True)
            workers.append(threading.Thread(target=keep_events, args=call))
            workers[0].start()
            workers[0].join(0.5)

    slow: Any = Slow(sends.database, call_back)
    with Sender(Route(provider="main", of=provider), ledger=Ledger(slow)) as sender:
        result = sender.send(Message(NUMBER, "hello", key=key))
    workers[0].join()
    after = chain(hears)[0].send(Message(NUMBER, "hello"))
    for each in (sends, hears):
        each.close()

    assert result.recorded
    assert Reason.OPTED_OUT is after.reason


@pytest.mark.parametrize("change", [{"reason": Reason.REFUSED}, {"alias": "other"}])
def test_an_early_report_on_something_else_takes_nothing(
    change: dict[str, Any], ledger: Ledger
) -> None:
    """Control: a refusal for another reason, and an id that is another provider's."""
    assert overtake(ledger, TAKEN, attrs.evolve(NAMELESS, **change), key="order-1")


def test_who_comes_back_before_the_text_is_written_down_stays_back(ledger: Ledger) -> None:
    """The early no is older than the yes."""
    keep_events(ledger, "main", [NAMELESS], lambda _: True)
    time.sleep(0.01)  # of two words in one millisecond the no holds
    opt_in(ledger, NUMBER)

    assert overtake(ledger, TAKEN, key="order-1")


@pytest.mark.parametrize("behind", ["07911123456", "+15015550000"])
def test_a_no_behind_a_report_hides_none_in_it(behind: str, ledger: Ledger) -> None:
    """Neither one that binds nobody, nor one of somebody else."""
    sent = send_known(ledger)
    report = attrs.evolve(NAMELESS, provider_id=sent.message_id)
    keep_events(
        ledger, "main", [report, attrs.evolve(say(OptOut, 0), number=behind)], lambda _: True
    )

    assert Reason.OPTED_OUT is chain(ledger)[0].send(Message(NUMBER, "hello")).reason


def test_a_report_that_names_the_person_is_one_word(ledger: Ledger) -> None:
    """Also where the ledger knows to whom the text went."""
    report = attrs.evolve(NAMELESS, provider_id=send_known(ledger).message_id)
    said = OptOut(alias="main", number=NUMBER, source=ConsentSource.REPORT)
    keep_events(ledger, "main", [report, said], lambda _: True)

    assert 1 == len(list_changes(ledger, NUMBER))


def text_of(sender: str, text: str, provider_id: str = "1", part: Part | None = None) -> Event:
    """A text from a handset."""
    return InboundMessage(
        alias="main",
        sender=sender,
        recipient="74700",
        text=text,
        provider_id=provider_id,
        part=part,
    )


def test_a_gateway_that_counts_anew_hides_nobodys_stop(ledger: Ledger) -> None:
    """Under one id a copy has the same words of the same person; anything else is no copy."""
    first = keep_events(ledger, "main", [text_of("+15015550000", "STOP")], lambda _: True)
    copy = keep_events(ledger, "main", [text_of("+15015550000", "STOP")], lambda _: True)
    other = add_consent([text_of(NUMBER, "STOP")])
    kept = keep_events(ledger, "main", other, lambda _: True)

    assert (len(first), len(copy), len(kept)) == (1, 0, 2)
    assert Reason.OPTED_OUT is chain(ledger)[0].send(Message(NUMBER, "hello")).reason


OTHER = "+15015550000"


def say_all(ledger: Ledger, *texts: tuple[str, str], stop_words: tuple[str, ...] = ()) -> int:
    """Keep ``texts``, each of a number, of one callback; how many of their events are new."""
    told = [text_of(number, text, str(place)) for place, (number, text) in enumerate(texts)]
    events = add_consent(add_consent(told), stop_words)
    return len(keep_events(ledger, "main", events, lambda _: True, stop_words))


def test_all_who_say_no_in_one_callback_are_heard(ledger: Ledger) -> None:
    """A provider may hand over the texts of many at once; a copy of it says nothing new."""
    texts = [(NUMBER, "STOP"), (OTHER, "hello"), (OTHER, "STOP")]
    fresh, copy = say_all(ledger, *texts), say_all(ledger, *texts)

    assert (fresh, copy) == (5, 0)
    assert [["OPTED_OUT"], ["OPTED_OUT"]] == [
        [change.word for change in list_changes(ledger, number)] for number in (NUMBER, OTHER)
    ]


@pytest.mark.parametrize(
    ("words", "texted"),
    [
        (("START", "alto"), False),
        (("STOP", "START", "alto"), False),
        (("alto", "START"), True),
        (("START", "alto", "START"), True),
    ],
    ids=["a no last", "two", "a yes last", "a yes again"],
)
def test_what_a_person_says_last_in_one_callback_holds(
    words: tuple[str, ...], texted: bool, ledger: Ledger
) -> None:
    """In the owner's own words for stop, too."""
    say_all(ledger, *((NUMBER, word) for word in words), stop_words=("alto",))

    assert texted == (chain(ledger)[0].send(Message(NUMBER, "hello")).outcome is Outcome.ACCEPTED)


def test_texts_without_an_id_are_told_each(ledger: Ledger) -> None:
    """One that has an id, in the same callback, makes none of them a copy of the other."""
    bare = [attrs.evolve(text_of(each, "STOP"), provider_id=None) for each in (NUMBER, OTHER)]
    events = add_consent([text_of(NUMBER, "hello"), *bare])
    keep_events(ledger, "main", events, lambda _: True)

    assert [1, 1] == [len(list_changes(ledger, number)) for number in (NUMBER, OTHER)]


def test_a_handset_that_counts_anew_hides_no_long_text(ledger: Ledger) -> None:
    """Its references go from 0 to 255; parts that come twice make no second text."""
    told: list[int] = []
    for ids, words in ((("a", "b"), ("one ", "two")), (("c", "d"), ("three ", "four"))):
        parts = [
            text_of(NUMBER, word, each, Part(reference="9", number=number, count=2))
            for number, (each, word) in enumerate(zip(ids, words, strict=True), 1)
        ]
        for part in (*parts, *parts):
            told += keep_events(ledger, "main", [part], lambda _: True)

    assert len(told) == 2


def test_a_no_that_binds_nobody_is_logged(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    """Without what was given for a number; a short code says no now and then."""
    no = attrs.evolve(say(OptOut, 0), number="CANARY")
    keep_events(ledger, "main", [no], lambda _: True)

    assert "binds nobody" in caplog.text
    assert "CANARY" not in caplog.text


@pytest.mark.parametrize("words", [("ST", "OP"), ("AL", "TO")])
def test_a_no_in_parts_is_a_no(words: tuple[str, str], ledger: Ledger) -> None:
    """Once all have come; a part alone takes nothing. The owner's own words count, too."""
    parts = [
        text_of(NUMBER, word, word, Part(reference="9", number=number, count=2))
        for number, word in enumerate(words, 1)
    ]
    keep_events(ledger, "main", parts[:1], lambda _: True, ["alto"])
    before = chain(ledger)[0].send(Message(NUMBER, "hello"))
    keep_events(ledger, "main", parts[1:], lambda _: True, ["alto"])
    after = chain(ledger)[0].send(Message(NUMBER, "hello"))

    assert before.outcome is Outcome.ACCEPTED
    assert after.reason is Reason.OPTED_OUT


@pytest.mark.parametrize(
    "remove",
    [
        lambda ledger: purge(ledger, keep_texts=-1, keep_rows=365),
        lambda ledger: forget(ledger, NUMBER),
    ],
    ids=["purge", "forget"],
)
def test_a_part_that_was_removed_hides_no_later_stop(
    remove: Callable[[Ledger], object], ledger: Ledger
) -> None:
    """One whose others never came: a handset counts its long texts anew, and said no in parts."""
    lone, *parts = (
        text_of(NUMBER, word, word, Part(reference="9", number=number, count=2))
        for number, word in ((1, "Hello "), (1, "ST"), (2, "OP"))
    )
    keep_events(ledger, "main", [lone], lambda _: True)
    remove(ledger)

    for part in parts:
        keep_events(ledger, "main", [part], lambda _: True)

    assert Reason.OPTED_OUT is chain(ledger)[0].send(Message(NUMBER, "hello")).reason


def test_a_yes_that_was_kept_until_a_purge_gives_nothing(ledger: Ledger) -> None:
    """A signed request has no end; the mark that it came has none, either."""
    yes, no = (add_consent([text_of(NUMBER, word, word)]) for word in ("START", "STOP"))
    for events in (yes, no):
        for seq in keep_events(ledger, "main", events, lambda _: True):
            told = claim_event(ledger, seq)
            assert told
            end_event(ledger, told)
    purge(ledger, keep_texts=-1, keep_rows=-1)
    keep_events(ledger, "main", yes, lambda _: True)

    assert Reason.OPTED_OUT is chain(ledger)[0].send(Message(NUMBER, "hello")).reason
    assert ["OptIn"] == [each.kind for each in list_events(ledger) if each.kind.startswith("Opt")]
