"""Look-ups cost money: one for each number, however many ask, and never twice for a lost answer."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lookup_sends
import pytest
from lookup_sends import account, number

from sumotext_backend import Message, Outcome, Reason, connect
from sumotext_backend.asking import NoAnswer
from sumotext_backend.config import Places
from sumotext_backend.providers import Verdict, parse_number, prepare
from sumotext_backend.providers.sumotext import SumotextV2Backend
from sumotext_backend.providers.sumotext.lookup import look_up, recall
from sumotext_backend.providers.sumotext.lookup_store import LookupFile
from sumotext_backend.providers.sumotext.lookup_wire import Carrier
from sumotext_backend.providers.sumotext.lookups import (
    FOUND_SECONDS,
    MISSING_SECONDS,
    Claimed,
    Lookups,
    Spent,
)
from sumotext_backend.simulator import Simulator
from sumotext_backend.testing import FAULTS, HostileGateway, Reply, Request, fault

TO = "5015551234"
E164 = "+15015551234"
NOW = 1_800_000_000.0


def memory(folder: Path, source: str = "") -> LookupFile:
    """The memory in ``folder``, of what the gateway at ``source`` said."""
    return LookupFile(folder / "lookups.sqlite3", source)


def lookups(folder: Path, now: list[float], limit: int = 100) -> Lookups:
    """Look-ups at a time that the test sets."""
    return Lookups(
        memory=memory(folder), account="74700", limit=limit, lease=10.0, clock=lambda: now[0]
    )


def answer(request: Request) -> Reply:
    """A gateway that knows one carrier, and takes every text."""
    if "sumoLookup" in request.target:
        return Reply(b"ATTUS\r\n")
    return Reply(b"{mobile}:{message_id}\r\n")


def test_a_text_goes_with_the_carrier_that_was_looked_up(tmp_path: Path) -> None:
    """The second text to the number pays nothing."""
    with Simulator() as gateway:
        ours = account(gateway.url, tmp_path)
        results = [ours.send(Message(TO, "hello")) for _ in range(2)]

        assert [result.outcome for result in results] == [Outcome.ACCEPTED] * 2
        assert [text.fields["carrier"] for text in gateway.messages] == ["ATTUS"] * 2
        assert gateway.account.lookups == (TO,)


def test_a_carrier_that_is_given_is_not_looked_up(tmp_path: Path) -> None:
    """By the message, or by the account; and a message may ask for the look-up."""
    given = {"sumotext": {"carrier": "VERIZONUS"}}
    asked = {"sumotext": {"carrier": "lookup"}}
    with Simulator() as gateway:
        ours = account(gateway.url, tmp_path)
        ours.send(Message(TO, "hello", options=given))
        theirs = account(gateway.url, tmp_path, carrier="CRICKETUS")
        theirs.send(Message(TO, "hello"))

        assert gateway.account.lookups == ()

        theirs.send(Message(TO, "hello", options=asked))

        assert [text.fields["carrier"] for text in gateway.messages] == [
            "VERIZONUS",
            "CRICKETUS",
            "ATTUS",
        ]
        assert gateway.account.lookups == (TO,)


def test_the_newer_api_looks_up_too(tmp_path: Path) -> None:
    """By its own POST, before the text."""
    with Simulator() as gateway:
        ours = SumotextV2Backend(
            shortcode="74700",
            keyword="SUMO",
            apikey="s3cret",
            carrier="lookup",
            base_url=f"{gateway.url}/api",
            lookups=tmp_path / "lookups.sqlite3",
        )
        result = ours.send(Message(TO, "hello"))

        assert result.outcome is Outcome.ACCEPTED
        assert [text.fields["carrier"] for text in gateway.messages] == ["ATTUS"]


def test_before_the_look_up_there_is_no_request(tmp_path: Path) -> None:
    """A driver of somebody else's never sends the word for a carrier."""
    said = prepare(account("http://127.0.0.1:9", tmp_path), Message(TO, "hello"))

    assert isinstance(said, Verdict)
    assert said.reason is Reason.UNSUPPORTED


def test_without_a_carrier_a_text_is_surely_not_sent(tmp_path: Path) -> None:
    """Another provider may take it; that there is none is remembered."""
    with Simulator() as gateway:
        ours = account(gateway.url, tmp_path)
        results = [ours.send(Message("5015550102", "hello")) for _ in range(2)]

        assert [result.reason for result in results] == [Reason.UNSUPPORTED] * 2
        assert gateway.requests == ()
        assert len(gateway.account.lookups) == 1


def test_a_refused_look_up_is_told_and_not_remembered(tmp_path: Path) -> None:
    """It cost nothing, so it is asked for again, and the text was surely not sent."""
    with HostileGateway(Reply(b"IP NOT REGISTERED\r\n")) as gateway:
        ours = account(gateway.url, tmp_path)
        results = [ours.send(Message(TO, "hello")) for _ in range(2)]

        assert [result.reason for result in results] == [Reason.UNAUTHORIZED] * 2
        assert gateway.gets == 2
        assert memory(tmp_path).count(f"74700 {gateway.url}", time.time()) == 0


@pytest.mark.once
@pytest.mark.parametrize("name", [name for name in FAULTS if not fault(name).tls_only])
def test_whatever_the_network_does_nothing_is_paid_twice(name: str, tmp_path: Path) -> None:
    """A second text to the number makes no second look-up where the first may have been paid.

    Neither text is sent, and that is certain.
    """
    with HostileGateway(name, answer) as gateway:
        ours = account(gateway.url, tmp_path, timeout=0.6, connect_timeout=0.3)
        first = ours.send(Message(TO, "hello"))
        kept = memory(tmp_path, gateway.url).peek(E164, time.time())
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
def test_a_lost_answer_is_not_asked_for_again(name: str, tmp_path: Path) -> None:
    """A reset, silence and half a line: it may have been paid for."""
    faults = {
        "reset after the request": "U05",
        "no answer": "U06",
        "cut line": Reply(b"ATT", missing=10),
    }
    with HostileGateway(faults[name], answer) as gateway:
        ours = account(gateway.url, tmp_path, timeout=0.6)
        results = [ours.send(Message(TO, "hello")) for _ in range(3)]
        ours.close()

        assert [result.outcome for result in results] == [Outcome.FAILED] * 3
        assert gateway.gets == 1


def test_without_the_memory_a_lost_answer_would_be_asked_for_again(tmp_path: Path) -> None:
    """The control: it is the file that prevents it."""
    with HostileGateway(Reply(b"ATT", missing=10), Reply(b"ATT", missing=10)) as gateway:
        for folder in (tmp_path / "a", tmp_path / "b"):
            account(gateway.url, folder, timeout=0.6).send(Message(TO, "hello"))

        assert gateway.gets == 2


def test_threads_that_ask_at_once_pay_once(tmp_path: Path) -> None:
    """The others wait for the one that asks."""
    with HostileGateway(answer, delay=0.05) as gateway:
        ours = account(gateway.url, tmp_path)
        with ThreadPoolExecutor(16) as pool:
            results = [*pool.map(lambda _: ours.send(Message(TO, "hello")), range(16))]

        assert {result.outcome for result in results} == {Outcome.ACCEPTED}
        assert count_look_ups(gateway) == 1


@pytest.mark.once
def test_processes_that_ask_at_once_pay_once_for_each_number(tmp_path: Path, scale: int) -> None:
    """So many sends over so few numbers, from four processes of eight threads.

    ``python -m benchmarks.lookups`` does so with 10 000 sends over 500 numbers.
    """
    sends, numbers = 100 * scale, 20 * scale
    with Simulator() as gateway:
        failed = run_processes(gateway.url, tmp_path, sends=sends, numbers=numbers, limit=1000)

        assert failed == 0
        assert len(gateway.account.lookups) == len(set(gateway.account.lookups)) == numbers
        assert len(gateway.messages) == min(4 * sends, 10_000)


@pytest.mark.once
def test_the_cap_holds_for_all_processes_together(tmp_path: Path) -> None:
    """Ten look-ups are paid, and the texts to all other numbers surely not sent."""
    with Simulator() as gateway:
        failed = run_processes(gateway.url, tmp_path, sends=20, numbers=20, limit=10)

        assert len(gateway.account.lookups) == 10
        assert failed == 4 * 10


def run_processes(url: str, folder: Path, *, sends: int, numbers: int, limit: int) -> int:
    """Send from four processes at once; how many sends failed."""
    program = [sys.executable, lookup_sends.__file__, url, str(folder), str(sends), str(numbers)]
    running = [
        subprocess.Popen([*program, str(first), str(limit)], stdout=subprocess.PIPE)
        for first in range(4)
    ]
    return sum(int(process.communicate(timeout=100)[0]) for process in running)


def test_the_501st_look_up_of_a_day_is_not_made(tmp_path: Path) -> None:
    """The next day it is; and what is known already needs none."""
    now = [NOW]
    made = lookups(tmp_path, now, limit=500)
    said = [made.find(f"+1{number(each)}", lambda: Carrier("ATTUS")) for each in range(501)]

    assert all(isinstance(each, Carrier) for each in said[:500])
    assert isinstance(said[500], NoAnswer)
    assert "500 look-ups were made today" in said[500].detail
    assert isinstance(made.find(f"+1{number(0)}", pytest.fail), Carrier)

    now[0] += 86_400

    assert made.find(f"+1{number(500)}", lambda: Carrier("ATTUS")) == Carrier("ATTUS")


def test_what_one_gateway_says_is_not_believed_of_another(tmp_path: Path) -> None:
    """A sandbox does not teach the real account anything, nor spend what it may."""
    with Simulator() as sandbox, Simulator() as gateway:
        look_up(account(sandbox.url, tmp_path), parse_number(TO))
        said = look_up(account(gateway.url, tmp_path, lookups_per_day=1), parse_number(TO))

        assert said == Carrier("ATTUS")
        assert gateway.account.lookups == (TO,)


def test_a_file_that_others_write_to_is_waited_for(tmp_path: Path) -> None:
    """For as long as a look-up may take; what was paid for is written down."""
    made = lookups(tmp_path, [NOW])
    made.find("+15015550000", lambda: Carrier("ATTUS"))
    other = sqlite3.connect(
        tmp_path / "lookups.sqlite3", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, other.rollback)
    release.start()

    said = made.find(E164, lambda: Carrier("VERIZONUS"))
    release.join()
    other.close()

    assert said == Carrier("VERIZONUS")
    assert made.recall(E164) == Carrier("VERIZONUS", paid=False)


def test_what_is_out_of_date_is_removed(tmp_path: Path) -> None:
    """At the next look-up; the file does not grow with numbers of years ago."""
    now = [NOW]
    made = lookups(tmp_path, now)
    made.find(E164, lambda: Carrier("ATTUS"))
    now[0] += FOUND_SECONDS + 1
    made.find("+15015550000", lambda: Carrier("ATTUS"))

    with sqlite3.connect(tmp_path / "lookups.sqlite3") as database:
        (kept,) = database.execute("SELECT count(*) FROM lookup").fetchone()
        (days,) = database.execute("SELECT count(*) FROM spent").fetchone()
    database.close()

    assert (kept, days) == (1, 1)


def test_the_cap_is_of_one_account(tmp_path: Path) -> None:
    """Two short codes are billed apart."""
    kept = memory(tmp_path)

    assert kept.claim(E164, "74700", NOW, 10, 1) == Claimed()
    assert kept.claim("+15015550000", "74700", NOW, 10, 1) == Spent(1)
    assert kept.claim("+15015550000", "74701", NOW, 10, 1) == Claimed()


def test_a_carrier_is_believed_for_thirty_days(tmp_path: Path) -> None:
    """And then looked up anew."""
    now = [NOW]
    made = lookups(tmp_path, now)
    made.find(E164, lambda: Carrier("ATTUS"))
    now[0] += FOUND_SECONDS - 1

    assert made.find(E164, pytest.fail) == Carrier("ATTUS", paid=False)

    now[0] += 2

    assert made.find(E164, lambda: Carrier("VERIZONUS")) == Carrier("VERIZONUS")


@pytest.mark.parametrize("said", [Carrier(None), NoAnswer(Reason.TIMEOUT, "silence")])
def test_that_there_is_none_is_believed_for_an_hour(
    said: Carrier | NoAnswer, tmp_path: Path
) -> None:
    """So is that an answer was lost."""
    now = [NOW]
    made = lookups(tmp_path, now)
    made.find(E164, lambda: said)
    now[0] += MISSING_SECONDS - 1

    made.find(E164, pytest.fail)
    now[0] += 2

    assert made.find(E164, lambda: Carrier("ATTUS")) == Carrier("ATTUS")


def test_a_look_up_that_broke_off_may_have_been_paid(tmp_path: Path) -> None:
    """Whatever ends the program: the next one does not ask, and does not wait either."""
    now = [NOW]
    made = lookups(tmp_path, now)

    def break_off() -> Carrier:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made.find(E164, break_off)

    assert isinstance(made.find(E164, pytest.fail), NoAnswer)


def test_a_killed_look_up_is_lost_once_its_time_is_over(tmp_path: Path) -> None:
    """Nobody settles it, so its lease ends it."""
    now = [NOW]
    memory(tmp_path).claim(E164, "74700", NOW, 10, 100)
    now[0] += 11

    said = lookups(tmp_path, now).find(E164, pytest.fail)

    assert isinstance(said, NoAnswer)
    assert "may have been paid" in said.detail


def test_waiting_for_another_look_up_keeps_the_deadline(tmp_path: Path) -> None:
    """The text is surely not sent then, and nothing is looked up."""
    with HostileGateway(answer) as gateway:
        memory(tmp_path, gateway.url).claim(E164, "74700", time.time(), 60, 100)
        result = account(gateway.url, tmp_path, timeout=0.2).send(Message(TO, "hello"))

        assert result.reason is Reason.UNAVAILABLE
        assert "takes too long" in result.detail
        assert gateway.gets == 0


def test_what_is_not_remembered_can_be_told_without_paying(tmp_path: Path) -> None:
    """No file is made for that, either."""
    with Simulator() as gateway:
        ours = account(gateway.url, tmp_path / "state")
        said = recall(ours, parse_number(TO))

        assert isinstance(said, NoAnswer)
        assert not (tmp_path / "state").exists()

        look_up(ours, parse_number(TO))

        assert recall(ours, parse_number(TO)) == Carrier("ATTUS", paid=False)
        assert len(gateway.account.lookups) == 1


def test_the_file_holds_no_number_and_is_private(tmp_path: Path) -> None:
    """A folder 0700, files 0600, and keyed hashes in them."""
    folder = tmp_path / "state"
    with Simulator() as gateway:
        look_up(account(gateway.url, folder), parse_number(TO))
    content = b"".join(path.read_bytes() for path in folder.iterdir())

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert TO.encode() not in content
    assert b"ATTUS" in content


@pytest.mark.skipif(os.name == "nt", reason="no links there")
def test_a_file_that_cannot_be_used_stops_every_look_up(tmp_path: Path) -> None:
    """What cannot be remembered would be paid for again and again."""
    (tmp_path / "lookups.sqlite3").symlink_to(tmp_path / "elsewhere")
    with Simulator() as gateway:
        result = account(gateway.url, tmp_path).send(Message(TO, "hello"))

        assert result.reason is Reason.UNAVAILABLE
        assert "option 'lookups'" in result.detail
        assert gateway.account.lookups == ()


def test_a_configuration_puts_the_file_into_the_state_folder(tmp_path: Path) -> None:
    """Nobody needs to name it; in code there is no such folder, and it must be named."""
    places = Places(environ={"SUMOTEXT_STATE_DIR": str(tmp_path / "state")})
    with Simulator() as gateway:
        source = f"sumotext://74700/SUMO?carrier=lookup&base_url={gateway.url}"
        with connect(source, places=places) as sms:
            sms.send(Message(TO, "hello"))
        nameless = account(gateway.url, tmp_path, lookups=None).send(Message(TO, "hello"))

        assert (tmp_path / "state" / "lookups.sqlite3").exists()
        assert nameless.reason is Reason.CONFIGURATION
        assert "'lookups' is missing" in nameless.detail


def test_a_second_of_two_waiters_sees_what_the_first_was_told(tmp_path: Path) -> None:
    """It does not ask itself once the answer is there."""
    asking, told = threading.Event(), threading.Event()

    def ask() -> Carrier:
        asking.set()
        told.wait(20)
        return Carrier("ATTUS")

    made = Lookups(memory=memory(tmp_path), account="74700", limit=10, lease=60.0)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(made.find, E164, ask)
        asking.wait(20)
        second = pool.submit(made.find, E164, pytest.fail)
        told.set()

        assert first.result(20) == Carrier("ATTUS")
        assert second.result(20) == Carrier("ATTUS", paid=False)
