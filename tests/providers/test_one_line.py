"""Every other provider is one line away: of a program, and of a configuration."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import spawned
from provider_accounts import ACCOUNTS, skip_without_extra
from provider_rules import serialize
from provider_samples import SAMPLES

from sumotext_backend.testing import HostileGateway, Reply, Request

TO, TEXT = "+15015551234", "hello"
PROGRAM = f"""\
from sumotext_backend import Message, connect
PROVIDER = "sumotext://74700/SUMO?carrier=ATTUS"
with connect(PROVIDER) as sms:
    result = sms.send(Message("{TO}", "{TEXT}"))
print(result.outcome)
"""

CONFIGURATION = """\
[providers.twilio]
backend = "twilio"
account_sid = "AC1"
auth_token = { env = "TWILIO_TOKEN" }
sender = "+15550001111"

[providers.telnyx]
backend = "telnyx"
api_key = { env = "TELNYX_KEY" }
sender = "+15550002222"
"""
SECRETS = {"TWILIO_TOKEN": "t0ken", "TELNYX_KEY": "KEY1"}


def accept(name: str) -> Reply:
    """How the provider of that name accepts a text."""
    return Reply(serialize(SAMPLES[name][0]))


def run(program: str) -> str:
    """What ``program`` prints."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(program, {})
    return printed.getvalue()


def is_in(request: Request) -> bool:
    """Whether number and text are in a request, in any form of writing."""
    whole = request.head + request.body
    return TO[2:].encode() in whole and TEXT.encode() in whole


@pytest.mark.parametrize("name", ACCOUNTS)
def test_a_program_of_five_lines_runs_through_all_by_changing_one(name: str) -> None:
    """The second line says which provider; each gets number and text once, and accepts."""
    skip_without_extra(name)
    lines = PROGRAM.splitlines()
    with HostileGateway(accepts=accept(name)) as gateway:
        lines[1] = f"PROVIDER = {ACCOUNTS[name] + gateway.url!r}"
        printed = run("\n".join(lines))

        assert (5, "ACCEPTED\n") == (len(lines), printed)
        assert [True] == [is_in(request) for request in gateway.requests]


@pytest.fixture
def gateways() -> Iterator[dict[str, HostileGateway]]:
    """Twilio, Telnyx, on this machine."""
    with (
        HostileGateway(accepts=accept("twilio")) as twilio,
        HostileGateway(accepts=accept("telnyx")) as telnyx,
    ):
        yield {"twilio": twilio, "telnyx": telnyx}


def write(folder: Path, gateways: dict[str, HostileGateway]) -> str:
    """Write the configuration, with the addresses of this machine, and return its path."""
    text = CONFIGURATION
    for name, gateway in gateways.items():
        line = f'backend = "{name}"\n'
        text = text.replace(line, f'{line}base_url = "{gateway.url}"\n')
    (folder / "sumotext.toml").write_text(text)
    return str(folder / "sumotext.toml")


ENDS = {
    "a text that Twilio takes": (None, (0, "ACCEPTED", 1, 0)),
    "a wrong token of Twilio's": (20003, (0, "ACCEPTED", 1, 1)),
    "an opt-out at Twilio": (21610, (1, "REJECTED", 1, 0)),
}


@pytest.mark.once
@pytest.mark.parametrize("name", ENDS)
def test_a_chain_on_the_command_line_needs_ten_lines(
    name: str, gateways: dict[str, HostileGateway], tmp_path: Path
) -> None:
    """Its exit code, its first word, and how often Twilio and Telnyx were asked."""
    code, expected = ENDS[name]
    if code:
        refusal = {"code": code, "message": "no", "more_info": "", "status": 400}
        gateways["twilio"].play(Reply.json(refusal, "400 Bad Request"))
    file = write(tmp_path, gateways)
    chain = ("send", "--config", file, "--using", "twilio || telnyx", TO, TEXT)
    ended = spawned(*chain, SUMOTEXT_STATE_DIR=str(tmp_path), **SECRETS)
    asked = [len(gateway.requests) for gateway in gateways.values()]

    assert expected == (ended.returncode, ended.stdout.split()[0], *asked)
    assert 10 == len(CONFIGURATION.splitlines())
