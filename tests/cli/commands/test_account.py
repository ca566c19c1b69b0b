"""``sumotext lookup``, ``report``, ``groups`` and ``subscribe``, against the simulator."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commandline import COMMAND, PRIVATE, TO, environment, sumotext

from sumotext_backend import DeliveryReport, DeliveryStatus
from sumotext_backend.config import open_ledger
from sumotext_backend.ledger.inbox import keep_events
from sumotext_backend.simulator import Pace, Simulator

Run = Callable[..., subprocess.CompletedProcess[str]]

NO_CARRIER, NO_IP, EXPIRED = "5015550102", "5015550103", "5015550121"


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    """One simulator for all of them."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def gateway(running: Simulator) -> Simulator:
    """A simulator that has seen nothing."""
    running.clear()
    return running


@pytest.fixture
def living() -> Iterator[Simulator]:
    """A simulator in which time passes."""
    with Simulator(pace=Pace(speed=1)) as simulator:
        yield simulator


@pytest.fixture
def run(gateway: Simulator, tmp_path: Path) -> Run:
    """Run the command for an account at the simulator."""
    return make_run(gateway, tmp_path)


def make_run(gateway: Simulator, folder: Path) -> Run:
    """Run the command for an account at a simulator."""
    dsn = f"sumotext://74700/CANARYKEY?carrier=lookup&base_url={gateway.url}"

    def call(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        extra = {"SMS_DSN": dsn, "SUMOTEXT_STATE_DIR": str(folder / "state")}
        return sumotext(*args, stdin=stdin, **extra)

    return call


def send(run: Run, to: str = TO) -> str:
    """Send one text; its id."""
    sent: str = json.loads(run("send", "--json", to, "hello").stdout)["message_id"]
    return sent


def test_a_look_up_says_what_it_cost_and_the_next_costs_nothing(
    run: Run, gateway: Simulator
) -> None:
    """The carrier on stdout, the money on stderr; numbers are masked."""
    first, second = run("lookup", TO), run("lookup", TO)

    assert first.returncode == second.returncode == 0
    assert first.stdout == "•••9876  ATTUS  looked up, US$0.005\n"
    assert first.stderr == "sumotext: 1 look-up was made, which cost US$0.005\n"
    assert second.stdout == "•••9876  ATTUS  remembered\n"
    assert second.stderr == "sumotext: no look-up was made, and nothing is to pay\n"
    assert gateway.account.lookups == (TO,)


def test_only_what_is_remembered_can_be_asked_for(run: Run, gateway: Simulator) -> None:
    """``--cached-only`` pays nothing, and says what is not known."""
    unknown = run("lookup", "--cached-only", TO)
    run("lookup", TO)
    known = run("lookup", "--cached-only", TO)

    assert (unknown.returncode, known.returncode) == (75, 0)
    assert "has not been looked up" in unknown.stdout
    assert len(gateway.account.lookups) == 1


def test_what_was_looked_up_is_counted_printed_and_forgotten(run: Run, gateway: Simulator) -> None:
    """By the commands of the ledger, and no number is shown."""
    run("lookup", TO, NO_CARRIER)
    info = json.loads(run("ledger", "info", "--json").stdout)
    words, lines = run("ledger", "info").stdout, run("ledger", "export", "--lookups").stdout
    gone = run("ledger", "forget", TO)
    known = run("lookup", "--cached-only", TO)

    assert info["lookups"] == {"FOUND": 1, "MISSING": 1}
    assert info["paid_today"] == {f"74700 {gateway.url}": 2}
    assert f"look-ups today by 74700 {gateway.url}  2" in words
    assert [json.loads(line)["carrier"] for line in sorted(lines.splitlines())].count("ATTUS") == 1
    assert "9876" not in words + lines
    assert (gone.returncode, known.returncode) == (0, 75)
    assert "has not been looked up" in known.stdout


def test_nothing_is_looked_up_where_the_ledger_is_off(gateway: Simulator, tmp_path: Path) -> None:
    """It would be paid for at each start; the line says what to set."""
    file = tmp_path / "sumotext.toml"
    source = f"sumotext://74700/K?carrier=lookup&base_url={gateway.url}"
    file.write_text(f'providers.default = "{source}"\nledger.record = "off"\n')
    ended = sumotext("lookup", "--config", str(file), TO)

    assert ended.returncode == 78
    assert "set [ledger] record to" in ended.stdout
    assert gateway.account.lookups == ()


@pytest.mark.parametrize(
    ("numbers", "code"),
    [([TO, NO_CARRIER], 1), ([TO, NO_IP], 75), ([NO_CARRIER, NO_IP, TO], 75)],
    ids=["no carrier", "no address", "both"],
)
def test_the_exit_code_is_that_of_the_gravest_number(
    run: Run, numbers: list[str], code: int
) -> None:
    """1 where there is no carrier, 75 where nothing was looked up."""
    assert run("lookup", *numbers).returncode == code


def test_numbers_are_read_from_standard_input_one_a_line(run: Run, gateway: Simulator) -> None:
    """Each once; what is no number is told by its place."""
    json_out = run("lookup", "--json", "-", stdin=f"{TO}\n\n{TO}\n{NO_CARRIER}\n".encode())
    wrong = run("lookup", "-", stdin=b"5015559876\ncanary\n")

    assert json.loads(json_out.stdout) == {
        "numbers": [
            {"number": f"+1{TO}", "carrier": "ATTUS", "source": "asked", "why": None},
            {"number": f"+1{NO_CARRIER}", "carrier": None, "source": "asked", "why": None},
        ],
        "cost_usd": "0.010",
    }
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("sumotext: number 2: ")
    assert not any(each in wrong.stderr for each in PRIVATE)
    assert len(gateway.account.lookups) == 2


def test_a_report_is_shown_with_the_gateways_own_words(run: Run) -> None:
    """0 while the text is on its way."""
    ended = run("report", send(run))

    assert ended.returncode == 0
    assert ended.stdout.startswith("SUBMITTED\n")
    assert "Sent by Sumotext to Aggregator." in ended.stdout
    assert "no: ask again later" in ended.stdout


def test_a_text_that_was_given_up_is_exit_code_1(run: Run, gateway: Simulator) -> None:
    """And the JSON has the status as a word."""
    message_id = send(run, EXPIRED)
    gateway.advance(10)
    ended = run("report", "--json", message_id)
    fields = json.loads(ended.stdout)

    assert ended.returncode == 1
    assert (fields["status"], fields["final"]) == ("EXPIRED", True)
    assert fields["provider_id"] == message_id


def test_an_id_that_nobody_knows_is_exit_code_5(run: Run) -> None:
    """Neither arrived nor given up."""
    ended = run("report", "7A2D2AF7-6851-4D22-BD41-BD8EE94C061E")

    assert ended.returncode == 5
    assert ended.stdout.startswith("UNKNOWN\n")


def test_what_was_pushed_is_shown_where_nobody_can_be_asked() -> None:
    """And where it is better than what is said; what nobody knows is an error."""
    ledger = open_ledger()
    report = DeliveryReport(alias="default", provider_id="N1", status=DeliveryStatus.DELIVERED)
    keep_events(ledger, "default", [report], lambda _: True)
    ledger.close()
    known, unknown = (sumotext("report", each, SMS_DSN="null://") for each in ("N1", "N2"))

    assert known.returncode == 0
    assert known.stdout.startswith("DELIVERED\n")
    assert unknown.returncode == 78
    assert "there is no provider that can be asked" in unknown.stderr


def test_waiting_ends_with_the_report_that_is_final(living: Simulator, tmp_path: Path) -> None:
    """Here after two seconds; no live line where there is no terminal."""
    run = make_run(living, tmp_path)
    ended = run("report", "--wait", "--timeout", "20", send(run))

    assert ended.returncode == 0
    assert ended.stdout.startswith("DELIVERED\n")
    assert ended.stderr == ""


def test_waiting_in_vain_is_a_doubt(run: Run) -> None:
    """The text may still arrive."""
    ended = run("report", "--wait", "--timeout", "0.2", send(run))

    assert ended.returncode == 5
    assert "no: ask again later" in ended.stdout


def test_no_answer_is_exit_code_75() -> None:
    """It may be asked for again."""
    ended = sumotext("report", "x", SMS_DSN="sumotext://74700/K?base_url=http://127.0.0.1:9")

    assert ended.returncode == 75
    assert ended.stdout.startswith("NO ANSWER\n")


@pytest.mark.once
def test_on_a_terminal_a_live_line_changes_while_one_waits(
    living: Simulator, tmp_path: Path
) -> None:
    """It is wiped at the end."""
    message_id = send(make_run(living, tmp_path))
    leader, follower = pty.openpty()
    dsn = f"sumotext://74700/K?base_url={living.url}"
    process = subprocess.Popen(
        [*COMMAND, "report", "--wait", message_id],
        stdout=subprocess.PIPE,
        stderr=follower,
        env=environment(SMS_DSN=dsn),
    )
    os.close(follower)
    out, _ = process.communicate(timeout=60)
    shown = b""
    while select.select([leader], [], [], 1)[0]:
        try:
            shown += os.read(leader, 4096)
        except OSError:
            break
    os.close(leader)

    assert out.startswith(b"DELIVERED")
    assert b"after 0 s" in shown
    assert shown.endswith(b"\r\x1b[K")


def test_a_chain_asks_which_provider_is_meant() -> None:
    """By their aliases; and a configuration without any says so."""
    one = "sumotext://74700/K?base_url=http://127.0.0.1:9"
    both = sumotext("report", "x", SMS_DSN=f"{one} || {one}")
    none = sumotext("report", "x", SMS_DSN="null://")

    assert (both.returncode, none.returncode) == (78, 78)
    assert "more than one" in both.stderr
    assert "there is no provider that can be asked" in none.stderr


def test_groups_are_made_filled_cleared_and_deleted(run: Run, gateway: Simulator) -> None:
    """Each by one command, and the gateway's answer is shown."""
    made = run("groups", "add", "vip")
    added = run("groups", "addmember", "vip", TO)
    members = gateway.account.groups("74700", "CANARYKEY")
    cleared = run("groups", "clear", "--yes", "vip")
    empty = gateway.account.groups("74700", "CANARYKEY")
    deleted = run("groups", "delete", "--yes", "vip")

    assert [each.returncode for each in (made, added, cleared, deleted)] == [0] * 4
    assert "said    Action Addmember OK" in added.stdout
    assert (members, empty) == ({"vip": (TO,)}, {"vip": ()})
    assert gateway.account.groups("74700", "CANARYKEY") == {}
    assert "9876" in added.stdout
    assert TO not in added.stdout


@pytest.mark.parametrize("action", ["clear", "delete"])
def test_what_cannot_be_undone_is_not_done_unasked(
    run: Run, gateway: Simulator, action: str
) -> None:
    """Where nobody can be asked, ``--yes`` is wanted."""
    run("groups", "add", "vip")
    ended = run("groups", action, "vip")

    assert ended.returncode == 2
    assert "--yes" in ended.stderr
    assert gateway.account.groups("74700", "CANARYKEY") == {"vip": ()}


@pytest.mark.once
@pytest.mark.parametrize(("said", "left"), [("y\n", {}), ("n\n", {"vip": ()})])
def test_on_a_terminal_one_is_asked(
    run: Run, gateway: Simulator, said: str, left: dict[str, object]
) -> None:
    """No is the end of it: nothing was done."""
    run("groups", "add", "vip")
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "groups", "delete", "vip"],
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(SMS_DSN=f"sumotext://74700/CANARYKEY?base_url={gateway.url}"),
    )
    os.write(leader, said.encode())
    _, told = process.communicate(timeout=60)
    os.close(leader)
    os.close(follower)

    assert b"cannot be undone" in told
    assert gateway.account.groups("74700", "CANARYKEY") == left
    assert process.returncode == (75 if left else 0)


def test_a_refused_change_is_exit_code_1(run: Run) -> None:
    """With the gateway's words, and the JSON without them."""
    words, fields = run("groups", "addmember", "none", TO), run("groups", "clear", "--yes", "none")
    as_json = json.loads(run("groups", "addmember", "--json", "none", TO).stdout)

    assert (words.returncode, fields.returncode) == (1, 1)
    assert "Error: Group does not exist" in words.stdout
    assert as_json == {
        "change": "addmember",
        "outcome": "REJECTED",
        "reason": "REFUSED",
        "detail": "the gateway refused the action",
    }


def test_an_opt_in_is_asked_for_once_and_stays_a_doubt(run: Run, gateway: Simulator) -> None:
    """The gateway does not document what it answers."""
    ended = run("subscribe", "--field", "Ann", "--field", "", "--field", "72201", TO)
    (opt_in,) = gateway.account.opt_ins

    assert ended.returncode == 5
    assert ended.stdout.startswith("UNKNOWN (BAD_ANSWER)\n")
    assert (opt_in.phone, opt_in.fields) == (TO, ("Ann", "72201"))
    assert not any(each in ended.stdout for each in ("Ann", TO, "CANARY"))


def test_a_form_of_too_many_fields_is_wrong_usage(run: Run, gateway: Simulator) -> None:
    """Nothing is asked for."""
    many = [each for _ in range(12) for each in ("--field", "x")]

    assert run("subscribe", *many, TO).returncode == 2
    assert gateway.account.opt_ins == ()
