"""Look-ups cost money: one for each number, however many ask, and never twice for a lost answer.

Each rule is tried with a ledger in SQLite and with one in PostgreSQL.
"""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import lookup_sends
import pytest
from lookup_sends import account, number, open_ledger, sender

from sumotext_backend import Message, Outcome, Reason, Sender, connect
from sumotext_backend.asking import NoAnswer
from sumotext_backend.config import Places
from sumotext_backend.ledger import Ledger, LookupBook, opt_out, purge
from sumotext_backend.ledger.lookups import export_lookups
from sumotext_backend.ledger.retention import count, forget
from sumotext_backend.lookups import Claimed, Finding, Payer, Spent
from sumotext_backend.providers import Verdict, parse_number, prepare
from sumotext_backend.providers.sumotext import SumotextV2Backend, lookups
from sumotext_backend.providers.sumotext.lookup import look_up, recall
from sumotext_backend.providers.sumotext.lookup_wire import Carrier
from sumotext_backend.providers.sumotext.lookups import FOUND_SECONDS, MISSING_SECONDS
from sumotext_backend.simulator import Simulator
from sumotext_backend.testing import FAULTS, HostileGateway, Reply, Request, fault
from tests.databases import empty_server, place, server

__all__ = ["empty_server", "place", "server"]

TO = "5015551234"
E164 = "+15015551234"
NOW = 1_800_000_000.0


def payer(source: str = "", *, of: str = "74700", limit: int = 100, lease: float = 10.0) -> Payer:
    """An account that pays."""
    return Payer(source=source, account=of, limit=limit, lease=lease)


@contextmanager
def opened(place: str, now: float | None = None) -> Iterator[LookupBook]:
    """The memory at ``place``, at a time that the test sets."""
    with closing(open_ledger(place, now)) as ledger:
        yield LookupBook(ledger)


def find(
    place: str, now: float, ask: Callable[[], Carrier | NoAnswer], to: str = E164
) -> Carrier | NoAnswer:
    """What is found out about ``to`` at that time."""
    with opened(place, now) as memory:
        return lookups.find(memory, payer(), to, ask)


def attus() -> Carrier:
    """A look-up that finds a carrier."""
    return Carrier("ATTUS")


def refuse() -> Carrier:
    """A look-up that must not be made."""
    pytest.fail("it was looked up")


def answer(request: Request) -> Reply:
    """A gateway that knows one carrier, and takes every text."""
    if "sumoLookup" in request.target:
        return Reply(b"ATTUS\r\n")
    return Reply(b"{mobile}:{message_id}\r\n")


def test_a_text_goes_with_the_carrier_that_was_looked_up(place: str) -> None:
    """The second text to the number pays nothing."""
    with Simulator() as gateway, sender(gateway.url, place) as ours:
        results = [ours.send(Message(TO, "hello")) for _ in range(2)]

        assert [result.outcome for result in results] == [Outcome.ACCEPTED] * 2
        assert [text.fields["carrier"] for text in gateway.messages] == ["ATTUS"] * 2
        assert gateway.account.lookups == (TO,)


def test_a_carrier_that_is_given_is_not_looked_up(place: str) -> None:
    """By the message, or by the account; and a message may ask for the look-up."""
    given = {"sumotext": {"carrier": "VERIZONUS"}}
    asked = {"sumotext": {"carrier": "lookup"}}
    with Simulator() as gateway:
        with sender(gateway.url, place) as ours:
            ours.send(Message(TO, "hello", options=given))
        with sender(gateway.url, place, carrier="CRICKETUS") as theirs:
            theirs.send(Message(TO, "hello"))

            assert gateway.account.lookups == ()

            theirs.send(Message(TO, "hello", options=asked))

        assert [text.fields["carrier"] for text in gateway.messages] == [
            "VERIZONUS",
            "CRICKETUS",
            "ATTUS",
        ]
        assert gateway.account.lookups == (TO,)


def test_the_newer_api_looks_up_too(place: str) -> None:
    """By its own POST, before the text."""
    with Simulator() as gateway:
        backend = SumotextV2Backend(
            shortcode="74700",
            keyword="SUMO",
            apikey="s3cret",
            carrier="lookup",
            base_url=f"{gateway.url}/api",
        )
        with Sender(backend, ledger=open_ledger(place)) as ours:
            result = ours.send(Message(TO, "hello"))

        assert result.outcome is Outcome.ACCEPTED
        assert [text.fields["carrier"] for text in gateway.messages] == ["ATTUS"]


def test_before_the_look_up_there_is_no_request() -> None:
    """A driver of somebody else's never sends the word for a carrier."""
    said = prepare(account("http://127.0.0.1:9"), Message(TO, "hello"))

    assert isinstance(said, Verdict)
    assert said.reason is Reason.UNSUPPORTED


def test_without_a_carrier_a_text_is_surely_not_sent(place: str) -> None:
    """Another provider may take it; that there is none is remembered."""
    with Simulator() as gateway, sender(gateway.url, place) as ours:
        results = [ours.send(Message("5015550102", "hello")) for _ in range(2)]

        assert [result.reason for result in results] == [Reason.UNSUPPORTED] * 2
        assert gateway.requests == ()
        assert len(gateway.account.lookups) == 1


def test_a_refused_look_up_is_told_and_not_remembered(place: str) -> None:
    """It cost nothing, so it is asked for again, and the text was surely not sent."""
    with HostileGateway(Reply(b"IP NOT REGISTERED\r\n")) as gateway:
        with sender(gateway.url, place) as ours:
            results = [ours.send(Message(TO, "hello")) for _ in range(2)]
        with opened(place) as memory:
            paid = count(memory.ledger)["paid_today"]

        assert [result.reason for result in results] == [Reason.UNAUTHORIZED] * 2
        assert gateway.gets == 2
        assert paid == {f"74700 {gateway.url}": 0}


@pytest.mark.once
@pytest.mark.parametrize("name", [name for name in FAULTS if not fault(name).tls_only])
def test_whatever_the_network_does_nothing_is_paid_twice(name: str, place: str) -> None:
    """A second text to the number makes no second look-up where the first may have been paid.

    Neither text is sent, and that is certain.
    """
    with HostileGateway(name, answer) as gateway:
        ours = sender(gateway.url, place, timeout=0.6, connect_timeout=0.3)
        first = ours.send(Message(TO, "hello"))
        with opened(place) as memory:
            kept = memory.peek(payer(gateway.url), E164)
        paid = count_look_ups(gateway)
        gateway.play(answer)
        second = ours.send(Message(TO, "hello"))
        again = count_look_ups(gateway) - paid
        ours.close()

        assert {first.outcome, second.outcome} <= {Outcome.FAILED, Outcome.ACCEPTED}
        assert paid <= 1
        assert again == 0 or kept is None


def count_look_ups(gateway: HostileGateway) -> int:
    """How many were asked for."""
    return sum("sumoLookup" in request.target for request in gateway.requests)


@pytest.mark.parametrize("name", ["reset after the request", "no answer", "cut line"])
def test_a_lost_answer_is_not_asked_for_again(name: str, place: str) -> None:
    """A reset, silence and half a line: it may have been paid for."""
    faults = {
        "reset after the request": "U05",
        "no answer": "U06",
        "cut line": Reply(b"ATT", missing=10),
    }
    with HostileGateway(faults[name], answer) as gateway:
        with sender(gateway.url, place, timeout=0.6) as ours:
            results = [ours.send(Message(TO, "hello")) for _ in range(3)]

        assert [result.outcome for result in results] == [Outcome.FAILED] * 3
        assert gateway.gets == 1


def test_without_the_memory_a_lost_answer_would_be_asked_for_again(tmp_path: Path) -> None:
    """The control: it is the ledger that prevents it."""
    with HostileGateway(Reply(b"ATT", missing=10), Reply(b"ATT", missing=10)) as gateway:
        for name in ("a", "b"):
            with sender(gateway.url, str(tmp_path / name), timeout=0.6) as ours:
                ours.send(Message(TO, "hello"))

        assert gateway.gets == 2


def test_threads_that_ask_at_once_pay_once(place: str) -> None:
    """The others wait for the one that asks."""
    with HostileGateway(answer, delay=0.05) as gateway, sender(gateway.url, place) as ours:
        with ThreadPoolExecutor(16) as pool:
            results = [*pool.map(lambda _: ours.send(Message(TO, "hello")), range(16))]

        assert {result.outcome for result in results} == {Outcome.ACCEPTED}
        assert count_look_ups(gateway) == 1


@pytest.mark.once
def test_processes_that_ask_at_once_pay_once_for_each_number(place: str, scale: int) -> None:
    """So many sends over so few numbers, from four processes of eight threads.

    ``python -m benchmarks.lookups`` does so with 10 000 sends over 500 numbers.
    """
    sends, numbers = 100 * scale, 20 * scale
    with Simulator() as gateway:
        failed = run_processes(gateway.url, place, sends=sends, numbers=numbers, limit=1000)

        assert failed == 0
        assert len(gateway.account.lookups) == len(set(gateway.account.lookups)) == numbers
        assert len(gateway.messages) == min(4 * sends, 10_000)


@pytest.mark.once
def test_the_cap_holds_for_all_processes_together(place: str) -> None:
    """Ten look-ups are paid, and the texts to all other numbers surely not sent."""
    with Simulator() as gateway:
        failed = run_processes(gateway.url, place, sends=20, numbers=20, limit=10)

        assert len(gateway.account.lookups) == 10
        assert failed == 4 * 10


def run_processes(url: str, place: str, *, sends: int, numbers: int, limit: int) -> int:
    """Send from four processes at once; how many sends failed."""
    program = [sys.executable, lookup_sends.__file__, url, place, str(sends), str(numbers)]
    running = [
        subprocess.Popen([*program, str(first), str(limit)], stdout=subprocess.PIPE)
        for first in range(4)
    ]
    return sum(int(process.communicate(timeout=100)[0]) for process in running)


def test_the_501st_look_up_of_a_day_is_not_made(place: str) -> None:
    """The next day it is; and what is known already needs none."""
    pays = payer(limit=500)
    with opened(place, NOW) as memory:
        said = [lookups.find(memory, pays, f"+1{number(each)}", attus) for each in range(501)]

        assert all(isinstance(each, Carrier) for each in said[:500])
        assert isinstance(said[500], NoAnswer)
        assert "500 look-ups were made today" in said[500].detail
        assert isinstance(lookups.find(memory, pays, f"+1{number(0)}", refuse), Carrier)
    with opened(place, NOW + 86_400) as memory:
        assert lookups.find(memory, pays, f"+1{number(500)}", attus) == Carrier("ATTUS")


def test_what_one_gateway_says_is_not_believed_of_another(place: str) -> None:
    """A sandbox does not teach the real account anything, nor spend what it may."""
    with Simulator() as sandbox, Simulator() as gateway, opened(place) as memory:
        look_up(account(sandbox.url), parse_number(TO), memory)
        said = look_up(account(gateway.url, lookups_per_day=1), parse_number(TO), memory)

        assert said == Carrier("ATTUS")
        assert gateway.account.lookups == (TO,)


def test_a_store_that_others_write_to_is_waited_for(place: str) -> None:
    """For as long as a look-up may take; what was paid for is written down."""
    with opened(place) as memory, opened(place) as other:
        lookups.find(memory, payer(), "+15015550000", attus)
        held, release = threading.Event(), threading.Event()

        def hold() -> None:
            with other.ledger.database.transact() as run:
                run("lock_lookups")
                held.set()
                release.wait(20)

        with ThreadPoolExecutor(1) as pool:
            waited_for = pool.submit(hold)
            held.wait(20)
            threading.Timer(0.3, release.set).start()
            said = lookups.find(memory, payer(), E164, lambda: Carrier("VERIZONUS"))
            waited_for.result(20)

        assert said == Carrier("VERIZONUS")
        assert lookups.recall(memory, payer(), E164) == Carrier("VERIZONUS", paid=False)


def test_after_the_days_last_look_up_nobody_waits_for_those_who_write(place: str) -> None:
    """That there is none left can be read. Control: whoever may still pay waits for them."""
    with opened(place) as memory, opened(place) as other, ThreadPoolExecutor(1) as pool:
        memory.claim(payer(limit=1), "+15015550000")
        with other.ledger.database.transact() as run:
            run("lock_lookups")
            said = [memory.claim(payer(limit=limit), E164) for limit in (1, 0)]
            waits = pool.submit(memory.claim, payer(limit=2), E164)
            time.sleep(0.3)
            granted_early = waits.done()

        assert said == [Spent(1), Spent(1)]
        assert not granted_early
        assert isinstance(waits.result(20), Claimed)


def test_what_is_out_of_date_is_removed(place: str) -> None:
    """At the next look-up; the ledger does not grow with numbers of years ago."""
    later = NOW + FOUND_SECONDS + 1
    find(place, NOW, attus)
    find(place, later, attus, "+15015550000")
    with opened(place, NOW) as memory:
        then = count(memory.ledger)
    with opened(place, later) as memory:
        today = count(memory.ledger)

    assert today["lookups"] == {"FOUND": 1}
    assert (then["paid_today"], today["paid_today"]) == ({}, {"74700": 1})


def test_the_cap_is_of_one_account(place: str) -> None:
    """Two short codes are billed apart."""
    with opened(place, NOW) as memory:
        one = memory.claim(payer(limit=1), E164)
        another = memory.claim(payer(limit=1), "+15015550000")
        of_another = memory.claim(payer(limit=1, of="74701"), "+15015550000")

    assert isinstance(one, Claimed)
    assert another == Spent(1)
    assert isinstance(of_another, Claimed)


def test_a_carrier_is_believed_for_thirty_days(place: str) -> None:
    """And then looked up anew."""
    find(place, NOW, attus)

    assert find(place, NOW + FOUND_SECONDS - 1, refuse) == Carrier("ATTUS", paid=False)

    verizon = Carrier("VERIZONUS")
    assert find(place, NOW + FOUND_SECONDS + 1, lambda: verizon) == verizon


@pytest.mark.parametrize("said", [Carrier(None), NoAnswer(Reason.TIMEOUT, "silence")])
def test_that_there_is_none_is_believed_for_an_hour(said: Carrier | NoAnswer, place: str) -> None:
    """So is that an answer was lost."""
    find(place, NOW, lambda: said)
    find(place, NOW + MISSING_SECONDS - 1, refuse)

    assert find(place, NOW + MISSING_SECONDS + 1, attus) == Carrier("ATTUS")


def test_what_a_wrong_clock_wrote_is_not_believed_for_years(place: str) -> None:
    """It is looked up anew by a clock that is right."""
    find(place, NOW + 3_650 * 86_400, attus)
    verizon = Carrier("VERIZONUS")

    assert find(place, NOW, lambda: verizon) == verizon


def test_a_look_up_that_broke_off_may_have_been_paid(place: str) -> None:
    """Whatever ends the program: the next one does not ask, and does not wait either."""

    def break_off() -> Carrier:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find(place, NOW, break_off)

    assert isinstance(find(place, NOW, refuse), NoAnswer)


def test_a_killed_look_up_is_lost_once_its_time_is_over(place: str) -> None:
    """Nobody settles it, so its lease ends it."""
    with opened(place, NOW) as memory:
        memory.claim(payer(), E164)
        asked = memory.peek(payer(), E164)

    said = find(place, NOW + 11, refuse)

    assert asked == Finding("ASKED")
    assert isinstance(said, NoAnswer)
    assert "may have been paid" in said.detail


def test_waiting_for_another_look_up_keeps_the_deadline(place: str) -> None:
    """The text is surely not sent then, and nothing is looked up."""
    with HostileGateway(answer) as gateway, opened(place) as memory:
        memory.claim(payer(gateway.url, lease=60), E164)
        with sender(gateway.url, place, timeout=0.2) as ours:
            result = ours.send(Message(TO, "hello"))

        assert result.reason is Reason.UNAVAILABLE
        assert "takes too long" in result.detail
        assert gateway.gets == 0


def test_what_is_not_remembered_can_be_told_without_paying(tmp_path: Path) -> None:
    """No file is made for that, either."""
    ledger = open_ledger(str(tmp_path / "state" / "ledger.sqlite3"))
    with Simulator() as gateway, closing(ledger):
        ours, memory = account(gateway.url), LookupBook(ledger)
        said = recall(ours, parse_number(TO), memory)

        assert isinstance(said, NoAnswer)
        assert not (tmp_path / "state").exists()

        look_up(ours, parse_number(TO), memory)

        assert recall(ours, parse_number(TO), memory) == Carrier("ATTUS", paid=False)
        assert len(gateway.account.lookups) == 1


def test_the_file_holds_no_number_and_is_private(tmp_path: Path) -> None:
    """A folder 0700, files 0600, and keyed hashes in them."""
    folder = tmp_path / "state"
    with Simulator() as gateway, opened(str(folder / "ledger.sqlite3")) as memory:
        look_up(account(gateway.url), parse_number(TO), memory)
        content = b"".join(path.read_bytes() for path in folder.iterdir())

        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert TO.encode() not in content
    assert b"ATTUS" in content


@pytest.mark.parametrize("on_unread", ["send_nothing", "may_text_who_said_no"])
@pytest.mark.parametrize("kind", ["file", "server"])
def test_a_store_that_cannot_be_used_stops_every_look_up(
    kind: str, on_unread: str, tmp_path: Path
) -> None:
    """What cannot be remembered would be paid for again and again.

    So it is also where texts may go though consent cannot be read.
    """
    if kind == "file":
        (tmp_path / "ledger.sqlite3").symlink_to(tmp_path / "elsewhere")
    places = {"file": str(tmp_path / "ledger.sqlite3"), "server": "postgresql://127.0.0.1:9/x"}
    with Simulator() as gateway:
        ledger = open_ledger(places[kind], on_unread=on_unread)
        with Sender(account(gateway.url, timeout=0.5), ledger=ledger) as ours:
            result = ours.send(Message(TO, "hello"))

        assert result.reason is Reason.UNAVAILABLE
        assert "the ledger" in result.detail
        assert gateway.account.lookups == ()


def test_what_was_paid_for_is_used_though_it_cannot_be_written_down(place: str) -> None:
    """And it is not paid for again within the hour."""
    with opened(place) as memory, opened(place) as other:

        def ask() -> Carrier:
            rename(other.ledger, "sumotext_lookup", "gone")
            return Carrier("ATTUS")

        said = lookups.find(memory, payer(lease=0.5), E164, ask)
        rename(other.ledger, "gone", "sumotext_lookup")
        time.sleep(0.5)

        assert said == Carrier("ATTUS")
        assert isinstance(lookups.find(memory, payer(), E164, refuse), NoAnswer)


def rename(ledger: Ledger, old: str, new: str) -> None:
    """Take a table away, or bring it back."""
    with ledger.database._lend() as connection:  # type: ignore[attr-defined]
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}")


def test_without_a_ledger_no_carrier_is_looked_up() -> None:
    """It could not be remembered; the words say what is wanted."""
    with Simulator() as gateway:
        result = Sender(account(gateway.url)).send(Message(TO, "hello"))

        assert result.outcome is Outcome.FAILED
        assert "needs a ledger" in result.detail
        assert gateway.account.lookups == ()


def test_a_ledger_that_is_off_looks_nothing_up(tmp_path: Path) -> None:
    """As with keys: what one process alone remembers would be paid for by each."""
    with Simulator() as gateway:
        ledger = open_ledger(str(tmp_path / "ledger.sqlite3"), record="off")
        with Sender(account(gateway.url), ledger=ledger) as ours:
            result = ours.send(Message(TO, "hello"))

        assert result.reason is Reason.CONFIGURATION
        assert "[ledger] record" in result.detail
        assert gateway.account.lookups == ()


def test_a_configuration_remembers_in_its_ledger(tmp_path: Path) -> None:
    """Nobody needs to say where; in the state folder there is no file beside it."""
    places = Places(environ={"SUMOTEXT_STATE_DIR": str(tmp_path / "state")})
    with Simulator() as gateway:
        source = f"sumotext://74700/SUMO?carrier=lookup&base_url={gateway.url}"
        for _ in range(2):
            with connect(source, places=places) as sms:
                sms.send(Message(TO, "hello"))

        with opened(str(tmp_path / "state" / "ledger.sqlite3")) as memory:
            assert memory.peek(payer(gateway.url), E164) == Finding("FOUND", "ATTUS")
        assert gateway.account.lookups == (TO,)
    names = {path.name.partition(".")[0] for path in (tmp_path / "state").iterdir()}
    assert "lookups" not in names


def test_who_said_no_is_not_looked_up(place: str) -> None:
    """Nothing is paid for a text that would not go."""
    with Simulator() as gateway, sender(gateway.url, place) as ours:
        opt_out(ours.ledger, TO)
        result = ours.send(Message(TO, "hello"))

        assert result.reason is Reason.OPTED_OUT
        assert gateway.account.lookups == ()


def test_a_number_that_is_forgotten_is_looked_up_anew(place: str) -> None:
    """Nothing of its carrier is left."""
    find(place, NOW, attus)
    find(place, NOW, attus, "+15015550000")
    with opened(place, NOW) as memory:
        forget(memory.ledger, E164)
        left = [row[3] for row in export_lookups(memory.ledger)]

    assert left == ["ATTUS"]
    assert find(place, NOW, lambda: Carrier("VERIZONUS")) == Carrier("VERIZONUS")
    assert find(place, NOW, refuse, "+15015550000") == Carrier("ATTUS", paid=False)


def test_what_is_asked_while_a_number_is_forgotten_is_not_kept(place: str) -> None:
    """Nor is it paid for a second time."""
    with opened(place, NOW) as memory:

        def ask() -> Carrier:
            forget(memory.ledger, E164)
            return Carrier("ATTUS")

        said = lookups.find(memory, payer(), E164, ask)

        assert said == Carrier("ATTUS")
        assert [row[2:4] for row in export_lookups(memory.ledger)] == [("ASKED", "")]
    assert isinstance(find(place, NOW + 11, refuse), NoAnswer)


def test_purge_removes_what_is_out_of_date_or_old(place: str) -> None:
    """What may have been paid for stays for its hour; a dry run only counts."""
    find(place, NOW, attus)
    find(place, NOW, lambda: NoAnswer(Reason.TIMEOUT, "silence"), "+15015550000")
    find(place, NOW + 86_400, lambda: NoAnswer(Reason.TIMEOUT, "silence"), "+15015550001")
    with opened(place, NOW + 86_400) as memory:
        young = purge(memory.ledger, dry_run=True)
        dry = purge(memory.ledger, keep_rows=0.5, dry_run=True)
        gone = purge(memory.ledger, keep_rows=0.5)
        left = [row[2] for row in export_lookups(memory.ledger)]

    assert (young.lookups, dry.lookups, gone.lookups) == (0, 1, 1)
    assert left == ["LOST"]


def test_a_second_of_two_waiters_sees_what_the_first_was_told(place: str) -> None:
    """It does not ask itself once the answer is there."""
    asking, told = threading.Event(), threading.Event()

    def ask() -> Carrier:
        asking.set()
        told.wait(20)
        return Carrier("ATTUS")

    pays = payer(limit=10, lease=60.0)
    with opened(place) as memory, ThreadPoolExecutor(2) as pool:
        first = pool.submit(lookups.find, memory, pays, E164, ask)
        asking.wait(20)
        second = pool.submit(lookups.find, memory, pays, E164, refuse)
        told.set()

        assert first.result(20) == Carrier("ATTUS")
        assert second.result(20) == Carrier("ATTUS", paid=False)
