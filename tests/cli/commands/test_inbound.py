"""``sumotext inbound`` and ``listen``: as somebody uses them who has two providers."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from commandline import sumotext

from sumotext_backend.config import load, open_ledger, open_receiver
from sumotext_backend.inbound import Arrival
from tests.inbound.apps import Running

SECRET = "Vx2mC9qLr7Tn4Wd8KzE1hYbP"
PROVIDERS = """
[providers.plain]
backend = "kannel"
username = "u"
password = "p"
sender = "74700"
base_url = "http://127.0.0.1:1"

[providers.main]
backend = "twilio"
account_sid = "AC0123456789abcdef0123456789abcdef"
auth_token = "0123456789abcdef0123456789abcdef"
sender = "+15550001111"
"""
NUMBER = "+15015551234"
STOP = f"?from={quote(NUMBER)}&to=74700&text=canary&id=k1".replace("canary", "STOP")
TEXT = f"?from={quote(NUMBER)}&to=74700&text=canary%0Aline&id=k2"

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Write a configuration, of ``lines`` of the table of the receiver, and name it."""

    def write(*lines: str, providers: str = PROVIDERS, more: str = "") -> dict[str, str]:
        path = tmp_path / "sumotext.toml"
        table = "\n".join(["[inbound]", *lines]) if lines else ""
        path.write_text(f"{providers}\n{table}\n{more}\n")
        return {"SUMOTEXT_CONFIG": str(path)}

    return write


@pytest.fixture
def config(write: Callable[..., dict[str, str]]) -> dict[str, str]:
    """The environment of a whole configuration."""
    return write(f'secrets = ["{SECRET}"]')


@pytest.mark.parametrize("command", ["listen", "inbound urls", "inbound retry", "doubts resolve"])
def test_who_has_no_configuration_is_told_how_to_get_one(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of these takes a DSN. Control: with a file by that option there are addresses."""
    monkeypatch.chdir(tmp_path)
    ended = sumotext(*command.split())
    told = re.findall(r"'sumotext (\w+)'|(--config)", ended.stderr)
    (tmp_path / "new.toml").write_text(PROVIDERS)
    named = sumotext("inbound", "urls", "--config", "new.toml")

    assert (78, "", 1) == (ended.returncode, ended.stdout, ended.stderr.count("\n"))
    assert [("init", ""), ("", "--config")] == told
    assert "DSN" not in ended.stderr
    assert "https://HOST/" in named.stdout


def test_urls_are_a_line_for_each_provider(config: dict[str, str]) -> None:
    """The address of one is no key to that of another."""
    ended = sumotext("inbound", "urls", **config)
    lines = dict(line.split() for line in ended.stdout.splitlines())

    assert (0, "") == (ended.returncode, ended.stderr)
    assert ["plain", "main"] == list(lines)
    for alias, url in lines.items():
        assert re.fullmatch(rf"https://HOST/{alias}/[A-Za-z0-9_-]{{22}}", url)
    assert SECRET not in ended.stdout


def test_urls_begin_with_the_public_one(write: Callable[..., dict[str, str]]) -> None:
    """As providers are to be told."""
    config = write(f'secrets = "{SECRET}"', 'public_url = "https://texts.example.com/hooks/"')
    urls = json.loads(sumotext("inbound", "urls", "--json", **config).stdout)["urls"]

    assert {"plain", "main"} == set(urls)
    assert all(each.startswith("https://texts.example.com/hooks/") for each in urls.values())


def test_nothing_that_came_back_is_said_so(config: dict[str, str]) -> None:
    """A list of nothing is empty, and a message says so; nothing that waited is a count."""
    listed, retried = sumotext("inbound", "list", **config), sumotext("inbound", "retry", **config)

    assert (0, "", "sumotext: nothing came back\n") == (
        listed.returncode,
        listed.stdout,
        listed.stderr,
    )
    assert (0, "events told: 0\n", "") == (retried.returncode, retried.stdout, retried.stderr)


def test_urls_without_secrets_say_how_to_make_one(write: Callable[..., dict[str, str]]) -> None:
    """One line, exit code 2; the addresses are still there, without a token."""
    ended = sumotext("inbound", "urls", **write())

    assert 2 == ended.returncode
    assert "secrets.token_urlsafe" in ended.stderr
    assert 1 == ended.stderr.count("\n")
    assert "plain  https://HOST/plain\nmain   https://HOST/main\n" == ended.stdout


@pytest.mark.parametrize("lines", [(), (f'secrets = "{SECRET}"',), (f'secrets = ["{SECRET}x"]',)])
def test_whoever_calls_a_listed_address_is_let_in(
    lines: tuple[str, ...], write: Callable[..., dict[str, str]]
) -> None:
    """Without a secret, too, where an address with a token would be nobody's."""
    config = write(*lines)
    urls = json.loads(sumotext("inbound", "urls", "--json", **config).stdout)["urls"]
    path = urlsplit(urls["plain"]).path
    with closing(open_ledger()) as ledger:
        receiver = open_receiver(load(config=config["SUMOTEXT_CONFIG"]), ledger=ledger)
        looks = [Arrival(method="HEAD", target=each) for each in (path, f"{path}x", f"{path}/x")]

        assert [200, 404, 404] == [receiver.receive(each).status for each in looks]


@pytest.mark.parametrize("command", [["inbound", "urls"], ["inbound", "retry"], ["listen"]])
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['secrets = ["short"]'], "option 'secrets'"),
        (['public_url = "texts.example.com"'], "option 'public_url'"),
        (['allow = ["x"]'], "option 'allow'"),
        (["port = 8081"], "port"),
    ],
)
def test_a_wrong_table_is_one_line(
    command: list[str], lines: list[str], said: str, write: Callable[..., dict[str, str]]
) -> None:
    """Exit code 78, with the file, the table and the option."""
    ended = sumotext(*command, **write(*lines))

    assert 78 == ended.returncode
    assert 1 == ended.stderr.count("\n")
    assert "[inbound]" in ended.stderr
    assert said in ended.stderr
    assert "short" not in ended.stderr


@pytest.mark.parametrize("command", [["inbound", "urls"], ["listen", "--port", "0"]])
def test_providers_that_never_call_are_said_to(
    command: list[str], write: Callable[..., dict[str, str]]
) -> None:
    """There is nothing to listen to."""
    config = write(f'secrets = ["{SECRET}"]', providers='[providers.main]\nbackend = "null"')
    ended = sumotext(*command, **config)

    assert ended.returncode in {2, 78}
    assert "by calling" in ended.stderr
    assert 1 == ended.stderr.count("\n")


def test_nothing_configured_is_one_line() -> None:
    """Exit code 78, and what to write."""
    ended = sumotext("listen", "--port", "0")

    assert 78 == ended.returncode
    assert "sumotext.toml" in ended.stderr
    assert 1 == ended.stderr.count("\n")


def test_a_port_in_use_is_one_line(config: dict[str, str], gateway: socket.socket) -> None:
    """Exit code 78, and what to do."""
    ended = sumotext("listen", "--port", str(gateway.getsockname()[1]), **config)

    assert 78 == ended.returncode
    assert "--port 0" in ended.stderr
    assert 1 == ended.stderr.count("\n")


def test_others_are_not_let_in_without_a_secret(write: Callable[..., dict[str, str]]) -> None:
    """Whoever reaches the address could say anything."""
    ended = sumotext("listen", "--port", "0", "--host", "0.0.0.0", **write())

    assert 78 == ended.returncode
    assert "secrets" in ended.stderr


@pytest.mark.parametrize(
    ("lines", "more", "said"),
    [
        (["stop_words = []"], "", "secrets"),
        ([f'secrets = ["{SECRET}"]', 'public_url = "http://x.example.com"'], "", "https"),
        ([f'secrets = ["{SECRET}"]', 'trusted_proxies = ["0.0.0.0/0"]'], "", "every caller"),
        ([f'secrets = ["{SECRET}"]'], '[ledger]\nrecord = "off"', "is lost"),
    ],
)
def test_what_is_odd_is_warned_of(
    lines: list[str], more: str, said: str, write: Callable[..., dict[str, str]]
) -> None:
    """By ``config check``, without making it wrong."""
    default = '\n[providers.default]\nbackend = "null"\n'
    ended = sumotext("config", "check", **write(*lines, providers=PROVIDERS + default, more=more))

    assert 0 == ended.returncode
    assert ended.stderr.startswith("sumotext: warning: ")
    assert said in ended.stderr
    assert SECRET not in ended.stderr


def test_without_the_table_nothing_is_odd(write: Callable[..., dict[str, str]]) -> None:
    """Who only sends needs no secret."""
    default = '\n[providers.default]\nbackend = "null"\n'

    assert "" == sumotext("config", "check", **write(providers=PROVIDERS + default)).stderr


class Listening:
    """``sumotext listen`` in a process of its own."""

    def __init__(self, start: Start, config: dict[str, str], *more: str) -> None:
        """Start it, and read what it says first."""
        self.process = start("listen", "--port", "0", *more, **config)
        assert self.process.stderr
        self.said = [self.process.stderr.readline().decode() for _ in range(3)]
        port = re.search(r"127\.0\.0\.1:(\d+)", self.said[0])
        assert port
        self.server = Running(int(port[1]))

    def ask(self, alias: str, query: str, method: str = "GET") -> int:
        """The status of a callback to the address that was printed for ``alias``."""
        [line] = [line for line in self.said if line.startswith(alias)]
        path = "/" + line.split("/", 3)[3].strip()
        return self.server.ask(method, path + query, {}, b"")[0]

    def end(self, number: signal.Signals = signal.SIGINT) -> tuple[str, str]:
        """What it printed, after a signal."""
        self.process.send_signal(number)
        told, said = self.process.communicate(timeout=30)
        return told.decode(), said.decode()


def test_a_stop_is_printed_kept_and_binds(config: dict[str, str], start: Start) -> None:
    """Masked, as it comes; afterwards no text goes to that number."""
    listening = Listening(start, config)
    statuses = [listening.ask("plain", STOP) for _ in range(2)]
    told, said = listening.end()

    assert [200, 200] == statuses
    assert [
        "plain  InboundMessage  sender=•••1234  recipient=74700  provider_id=k1",
        "plain  OptOut  number=•••1234  source=TEXT",
    ] == told.splitlines()
    assert ("", 0) == (said, listening.process.returncode)
    kept = json.loads(sumotext("inbound", "list", "--json", **config).stdout)["events"]
    assert [("OptOut", "DONE"), ("InboundMessage", "DONE")] == [
        (each["kind"], each["state"]) for each in kept
    ]
    shown = sumotext("consent", "show", NUMBER, **config).stdout
    assert "opted out (known by text)" in shown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_it_ends_without_a_word(
    number: signal.Signals, config: dict[str, str], start: Start
) -> None:
    """Exit code 0, and no traceback."""
    listening = Listening(start, config)

    assert ("", "") == listening.end(number)
    assert 0 == listening.process.returncode


@pytest.mark.parametrize(
    ("flags", "shown", "hidden"),
    [
        ([], [], [NUMBER, "canary"]),
        (["--show-numbers"], [NUMBER], ["canary"]),
        (["--show-texts"], ["'canary\\nline'"], [NUMBER]),
        (["--json"], ['"event": "InboundMessage"'], [NUMBER, "canary"]),
        (["--json", "--show-texts", "--show-numbers"], [NUMBER, "canary\\nline"], []),
    ],
)
def test_what_is_private_is_shown_to_who_asks(
    flags: list[str], shown: list[str], hidden: list[str], config: dict[str, str], start: Start
) -> None:
    """Each event is one line, whatever is in it."""
    listening = Listening(start, config, *flags)
    assert 200 == listening.ask("plain", TEXT)
    told, _ = listening.end()

    assert 1 == told.count("\n")
    assert [] == [each for each in shown if each not in told]
    assert [] == [each for each in hidden if each in told]


def test_what_cannot_be_read_is_a_line_on_stderr(config: dict[str, str], start: Start) -> None:
    """Without what was sent; an address that is none is not worth a line."""
    listening = Listening(start, config)
    statuses = [
        listening.ask("plain", "?text=canary"),
        listening.ask("main", "?text=canary"),
        listening.server.ask("GET", "/canary/canary", {}, b"")[0],
    ]
    told, said = listening.end()

    assert [400, 403, 404] == statuses
    assert ("", 2) == (told, said.count("\n"))
    assert "canary" not in said


def test_json_has_every_event_of_the_list(config: dict[str, str], start: Start) -> None:
    """By the names of its fields, without the text."""
    listening = Listening(start, config, "--json")
    listening.ask("plain", STOP)
    told, _ = listening.end()
    events: list[dict[str, Any]] = [json.loads(line) for line in told.splitlines()]

    assert ["InboundMessage", "OptOut"] == [each["event"] for each in events]
    assert {"alias": "plain", "event": "OptOut", "number": "•••1234", "source": "TEXT"} == events[1]
