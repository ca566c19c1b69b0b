"""``sumotext send``: one text, the sandbox, what is printed and how it ends."""

from __future__ import annotations

import json
import socket

import pytest
from command_cases import CURLY, dsn, was_called
from commandline import TEXT, TO, spawned, sumotext

from sumotext_backend.models import Outcome, Reason
from sumotext_backend.simulator import MAGIC, Behaviour

pytestmark = pytest.mark.once


def test_the_sandbox_needs_no_account_and_no_set_up() -> None:
    """``send --sandbox`` accepts a text: exit 0, the id, the segments, the number masked."""
    ended = spawned("send", "--sandbox", TO, TEXT)

    assert ended.returncode == 0
    assert ended.stdout.startswith("ACCEPTED\n")
    assert "  id        " in ended.stdout
    assert "  to        •••9876\n" in ended.stdout
    assert "  segments  1 (GSM-7, 23 units, room for 137 more)\n" in ended.stdout
    assert TO not in ended.stdout
    assert TEXT not in ended.stdout
    assert ended.stderr == ""


def test_json_is_one_object_with_the_number_in_full() -> None:
    """``--json`` prints one object with what a program needs."""
    ended = sumotext("send", "--sandbox", "--json", TO, TEXT)
    told = json.loads(ended.stdout)

    assert ended.returncode == 0
    assert told["outcome"] == "ACCEPTED"
    assert told["reason"] is None
    assert len(told["message_id"]) == 36
    assert told["to"] == TO
    assert told["backend"] == "sumotext"
    assert told["segments"] == 1
    assert told["encoding"] == "GSM-7"
    assert told["attempts"] == []
    assert told["sandbox"] is True
    assert TEXT not in ended.stdout


def test_the_sandbox_takes_the_options_of_a_dsn_but_not_its_address(
    gateway: socket.socket,
) -> None:
    """With ``--sandbox`` a DSN's text goes to the simulator and nowhere else."""
    ended = sumotext("send", "--sandbox", TO, TEXT, SMS_DSN=dsn(gateway))

    assert ended.returncode == 0
    assert not was_called(gateway)


def test_the_sandbox_stands_in_for_sumotext_only() -> None:
    """A DSN whose scheme is unknown is an error in the sandbox too."""
    ended = sumotext("send", "--sandbox", "--dsn", "sumotxt://74700/SUMO", TO, TEXT)

    assert ended.returncode == 78
    assert "did you mean 'sumotext'?" in ended.stderr


def test_send_reads_stdin_too() -> None:
    """``send TO -`` sends what is on standard input."""
    ended = spawned("send", "--sandbox", "--json", TO, "-", stdin=CURLY.encode())

    assert ended.returncode == 0
    assert json.loads(ended.stdout)["encoding"] == "UCS-2"


def test_the_environment_names_the_provider(gateway: socket.socket) -> None:
    """``$SMS_DSN`` is used where no ``--dsn`` is given."""
    ended = spawned("send", "--timeout", "0.3", TO, TEXT, SMS_DSN=dsn(gateway))

    assert ended.returncode == 5
    assert was_called(gateway)


def test_a_route_that_is_down_is_safe_to_retry() -> None:
    """Nothing listens: ``FAILED``, exit 75, and the advice to retry."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = dsn(server)
    ended = sumotext("send", "--dsn", closed, TO, TEXT)

    assert ended.returncode == 75
    assert ended.stdout.startswith("FAILED (UNREACHABLE)\n")
    assert "  next      safe to retry" in ended.stdout


def test_no_answer_until_the_deadline_is_unknown(gateway: socket.socket) -> None:
    """``--timeout`` bounds the send; what was on the wire by then may not be resent."""
    ended = sumotext("send", "--dsn", dsn(gateway), "--timeout", "0.3", TO, TEXT)

    assert ended.returncode == 5
    assert ended.stdout.startswith("UNKNOWN (TIMEOUT)\n")
    assert "  next      do not resend" in ended.stdout


def test_the_carrier_may_be_given_with_the_message() -> None:
    """``--carrier`` serves a DSN that has none."""
    without = sumotext("send", "--sandbox", "--dsn", "sumotext://74700/SUMO", TO, TEXT)
    given = sumotext(
        "send", "--sandbox", "--dsn", "sumotext://74700/SUMO", "--carrier", "VERIZONUS", TO, TEXT
    )

    assert without.returncode == 78
    assert "--carrier VALUE" in without.stderr
    assert given.returncode == 0


def test_no_provider_says_what_to_set_and_names_the_sandbox() -> None:
    """Without configuration: exit 78, what to set, and how to try it without an account."""
    ended = sumotext("send", TO, TEXT)

    assert ended.returncode == 78
    assert ended.stderr.count("\n") == 1
    assert "SMS_DSN" in ended.stderr
    assert "--dsn" in ended.stderr
    assert "--sandbox" in ended.stderr


CODES = {Outcome.ACCEPTED: 0, Outcome.REJECTED: 1, Outcome.FAILED: 75, Outcome.UNKNOWN: 5}


@pytest.mark.parametrize("magic", MAGIC, ids=lambda magic: magic.name)
def test_every_magic_number_has_the_exit_code_of_its_outcome(magic: Behaviour) -> None:
    """A send to a magic number ends as the table says, in the object and in the exit code."""
    seconds = "5" if magic.reason is not Reason.TIMEOUT else "0.5"
    ended = sumotext("send", "--sandbox", "--json", "--timeout", seconds, magic.number, TEXT)

    assert ended.returncode == CODES[magic.outcome], ended.stderr
    assert ended.stderr == ""

    told = json.loads(ended.stdout)

    assert told["reason"] == magic.reason
    assert told["outcome"] == magic.outcome
