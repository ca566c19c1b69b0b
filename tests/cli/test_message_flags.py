"""Options of one message on the command line come from the declarations; no provider is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import click
import pytest
from commandline import sumotext

from sumotext_backend import Message
from sumotext_backend.cli import message_flags
from sumotext_backend.cli.message_flags import find_declared, find_lacking, set_values, take_values
from sumotext_backend.local import NullBackend
from sumotext_backend.providers.sumotext import SumotextBackend, SumotextV2Backend

LEGACY = SumotextBackend(shortcode="74700", keyword="SUMO")
V2 = SumotextV2Backend(shortcode="74700", keyword="SUMO", apikey="s3cret", carrier="ATTUS")


def sent(*args: str) -> Any:
    """What ``sumotext send --sandbox --json`` prints, and its exit code."""
    ended = sumotext("send", "--sandbox", "--json", *args)
    return json.loads(ended.stdout)["outcome"] if ended.stdout else ended.stderr


@pytest.mark.parametrize("dsn", ["sumotext://74700/A", "sumotext-v2://K@74700/A"])
@pytest.mark.parametrize("given", [("--carrier", "ATTUS"), ("--option", "carrier=ATTUS")])
def test_a_flag_serves_every_provider_that_declares_the_option(
    dsn: str, given: tuple[str, str]
) -> None:
    """The flag of its name, or ``--option``; whatever the provider is called."""
    assert "ACCEPTED" == sent("--dsn", dsn, *given, "5015551234", "hello")


@pytest.mark.parametrize(
    "given", [("--carier", "ATTUS"), ("--option", "carier=ATTUS"), ("--option", "carrier")]
)
def test_what_no_backend_declares_is_wrong_usage(given: tuple[str, str]) -> None:
    """With what may have been meant, and nothing of the number or the text."""
    ended = sumotext("send", "--dsn", "null://", *given, "5015551234", "canary")

    assert 2 == ended.returncode
    assert "did you mean" in ended.stderr or "NAME=VALUE" in ended.stderr
    assert "1234" not in ended.stderr
    assert "canary" not in ended.stderr


def test_a_provider_can_be_swapped_below_the_same_line() -> None:
    """What only another backend declares is left out."""
    ended = sumotext("send", "--dsn", "null://", "--carrier", "ATTUS", "5015551234", "hello")

    assert 0 == ended.returncode


def test_help_lists_what_is_declared() -> None:
    """Each option that a message may set, with its help."""
    text = sumotext("send", "--help").stdout

    assert {"carrier", "keyword"} <= set(find_declared())
    assert all(f"--{name.replace('_', '-')} " in text for name in find_declared())


def test_the_list_of_backends_says_which_they_are() -> None:
    """For people and for programs."""
    told = json.loads(sumotext("backends", "sumotext", "--json").stdout)["backends"][0]["options"]
    lines = sumotext("backends", "sumotext").stdout.splitlines()

    assert {"carrier", "keyword"} == {each["name"] for each in told if each["per_message"]}
    assert ["keyword", "carrier"] == [
        line.split()[0] for line in lines if "per message too" in line
    ]


def test_values_are_spread_over_all_that_declare_them() -> None:
    """Under each backend's own name."""
    values = {"carrier": "ATTUS", "keyword": "B"}
    message = set_values(Message("1", "a"), [LEGACY, V2, NullBackend()], values)

    assert {"sumotext": values, "sumotext-v2": values} == message.options


def test_the_command_line_says_what_it_wants_in_one_place() -> None:
    """Flags first, ``--option`` over them."""
    params = {"per_message_carrier": "A1", "per_message_keyword": None, "timeout": 1.0}
    values = take_values(params, ["carrier=B=2"])

    assert {"carrier": "B=2"} == values
    assert {"timeout": 1.0} == params


def test_an_option_with_no_value_anywhere_is_known() -> None:
    """It is what a hint may name."""
    assert ["carrier"] == find_lacking([LEGACY, V2, NullBackend()])


def test_no_provider_is_named() -> None:
    """In the command that sends, and in what makes its flags."""
    folder = Path(message_flags.__file__).parent
    sources = [folder / "message_flags.py", folder / "commands" / "send.py"]

    assert not [
        path
        for path in sources
        if "carrier" in path.read_text("utf-8").lower().replace("carrier=attus", "")
    ]


def test_a_flag_of_the_command_goes_before_one_that_is_declared() -> None:
    """An option called ``sender`` cannot take the command's own flag away."""
    context = click.Context(message_flags.MessageCommand("x", params=[click.Option(["--carrier"])]))
    context.meta["sumotext_backend.message_flags"] = True
    names = [param.name for param in context.command.get_params(context)]

    assert "carrier" in names
    assert "per_message_carrier" not in names
    assert "per_message_keyword" in names


def test_a_message_is_not_changed() -> None:
    """`set_values` makes another."""
    message = Message("1", "a")
    set_values(message, [V2], {"carrier": "B1"})

    assert attrs.evolve(message) == message
    assert {} == message.options
