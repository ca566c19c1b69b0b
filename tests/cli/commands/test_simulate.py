"""``sumotext simulate``: it serves, and ends with Ctrl-C."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import PRIVATE, TEXT, TO, sumotext
from customer import open_customer

from sumotext_backend.cli.commands.simulate import dsn_to
from sumotext_backend.simulator import Simulator, magic_text

pytestmark = pytest.mark.once


def test_the_magic_numbers_are_in_the_help() -> None:
    """``simulate --help`` shows each number, how it ends and what happens."""
    ended = sumotext("simulate", "--help")

    assert ended.returncode == 0
    assert all(f"  {line}\n" in ended.stdout for line in magic_text().splitlines())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_simulate_prints_its_url_serves_and_ends_with_ctrl_c(
    number: signal.Signals, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """The URL is the first line of stdout, the DSN on stderr can be sent to, Ctrl-C is exit 0."""
    process = start("simulate", "--port", "0")
    assert process.stdout
    url = process.stdout.readline().decode().strip()
    ours = f"sumotext://74700/SUMO?carrier=ATTUS&base_url={url}"
    sent = sumotext("send", TO, TEXT, SMS_DSN=ours)
    process.send_signal(number)
    _, told = process.communicate(timeout=20)

    assert sent.returncode == 0
    assert process.returncode == 0
    assert f"export SMS_DSN='{ours}'" in told.decode()
    assert b"Traceback" not in told
    assert TO.encode() not in told
    assert b"canary" not in told


def test_a_port_in_use_is_one_line(gateway: socket.socket) -> None:
    """``simulate`` on a port that is taken: exit 78, and what to do."""
    ended = sumotext("simulate", "--port", str(gateway.getsockname()[1]))

    assert ended.returncode == 78
    assert "--port 0" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["canary", "-1", "65536", "1.5"])
def test_a_port_is_a_number(port: str) -> None:
    """A port that cannot be is a usage error."""
    ended = sumotext("simulate", "--port", port)

    assert ended.returncode == 2
    assert not any(private in ended.stderr for private in PRIVATE)


@pytest.mark.parametrize(("host", "mend"), [("192.0.2.1", "--token"), ("x", "127.0.0.1")])
def test_a_simulator_for_others_is_only_for_who_asks(host: str, mend: str) -> None:
    """An address that other machines may reach, or that is none, is exit 78 and one line."""
    ended = sumotext("simulate", "--port", "0", "--host", host)

    assert ended.returncode == 78
    assert mend in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_simulator_for_others_has_a_dsn_that_allows_plain_http() -> None:
    """A DSN to another address than loopback says that plain http is meant."""
    assert dsn_to("http://192.0.2.1:80").endswith("&allow_plain_http=true")
    assert dsn_to("http://[::1]:80").endswith("base_url=http://[::1]:80")
    assert dsn_to("http://localhost:80").endswith("base_url=http://localhost:80")


def test_time_can_run_fast_and_a_customer_is_told(
    start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """``--speed``, ``--callback`` and ``--sign``: a text is delivered, and a signed report made."""
    key = tmp_path / "key"
    key.write_text("signature-secret\n")
    with open_customer() as customer:
        where = f"vonage={customer.url}/hook"
        flags = ("--speed", "100", "--callback", where, "--sign", f"vonage={key}")
        process = start("simulate", "--port", "0", *flags)
        assert process.stdout
        url = process.stdout.readline().decode().strip()
        ours = f"vonage://key:s3cret@15550001111?base_url={url}/vonage"
        sent = sumotext("send", TO, TEXT, SMS_DSN=ours)
        told = [customer.next(), customer.next()]
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)

    assert (0, 0) == (sent.returncode, process.returncode)
    assert ["buffered", "delivered"] == [each.query["status"] for each in told]
    assert all(each.query["sig"] for each in told)
    assert not any(private in said.decode() for private in PRIVATE)


@pytest.mark.parametrize(
    ("flags", "code", "mend"),
    [
        (("--callback", "canary"), 2, "PROVIDER=URL"),
        (("--callback", "canary=http://127.0.0.1/"), 78, "twilio"),
        (("--callback", "twilio=canary"), 78, "http://"),
        (("--sign", "vonage=/no/such/canary"), 78, "No such file"),
        (("--speed", "fast"), 2, "a number from 0"),
        (("--certificate", "/no/such/canary"), 78, "PEM"),
    ],
)
def test_a_wrong_flag_is_one_line(flags: tuple[str, ...], code: int, mend: str) -> None:
    """What is wrong and how to mend it, and nothing of what was given."""
    ended = sumotext("simulate", "--port", "0", *flags)

    assert code == ended.returncode
    assert mend in ended.stderr
    assert "canary" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_token_of_the_environment_opens_the_inbox(
    start: Callable[..., subprocess.Popen[bytes]],
) -> None:
    """``$SUMOTEXT_INBOX_TOKEN`` is asked of who looks, and never printed."""
    process = start("simulate", "--port", "0", SUMOTEXT_INBOX_TOKEN="s3cret")
    assert process.stdout
    url = process.stdout.readline().decode().strip()
    sent = [
        sumotext("send", TO, TEXT, SMS_DSN=f"inbox://?base_url={url}{token}").returncode
        for token in ("", "&token=s3cret")
    ]
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)

    assert [75, 0] == sent
    assert b"s3cret" not in told


def test_texts_are_kept_in_a_file(
    tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """``--db`` is there for the next simulator."""
    db = tmp_path / "texts.db"
    process = start("simulate", "--port", "0", "--db", str(db))
    assert process.stdout
    url = process.stdout.readline().decode().strip()
    sumotext("send", TO, TEXT, SMS_DSN=f"inbox://?base_url={url}")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    with Simulator(db=db) as again:
        kept = [text.body for text in again.messages]

    assert [TEXT] == kept


def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    """Exit 78, and what to do."""
    (tmp_path / "words").write_text("no database, but words\n" * 50)
    ended = sumotext("simulate", "--port", "0", "--db", str(tmp_path / "words"))

    assert 78 == ended.returncode
    assert "--db" in ended.stderr
    assert ended.stderr.count("\n") == 1
