"""The line ``region`` of a configuration: where its numbers are dialled."""

from __future__ import annotations

from pathlib import Path

import pytest

from sumotext_backend import ConfigurationError, Message, Reason, Sender
from sumotext_backend.config import (
    Places,
    build,
    connect,
    list_settings,
    load,
    make_plan,
    open_ledger,
)
from sumotext_backend.config.check import check
from sumotext_backend.ledger import opt_out
from sumotext_backend.routing import Redirect, unwrap

AT_HOME = "0171 2345678"
E164 = "+491712345678"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A folder with a configuration of Germany."""
    (tmp_path / "sumotext.toml").write_text(
        'region = "DE"\n[providers]\ndefault = "memory://"\n'
        f'[providers.staging]\nbackend = "redirect"\nof = "default"\nto = "{AT_HOME}"\n'
        f'[providers.tried]\nbackend = "redirect"\nof = "default"\nallow = ["{AT_HOME}"]\n'
    )
    return Places(cwd=tmp_path, home=tmp_path)


def test_a_configuration_says_where_numbers_are_dialled(places: Places) -> None:
    """`connect` makes a sender that reads them so; none says the US."""
    assert "ACCEPTED" == connect(places=places).send(Message(AT_HOME, "hello")).outcome
    assert "REJECTED" == connect("memory://").send(Message(AT_HOME, "hello")).outcome
    assert "ACCEPTED" == connect("memory://").send(Message("501-555-1234", "hello")).outcome


@pytest.mark.parametrize("alias", ["staging", "tried"])
def test_the_numbers_of_a_redirect_are_dialled_there_too(places: Places, alias: str) -> None:
    """Else a text meant for one's own phone would reach a stranger of another country."""
    found = load(alias, places=places)
    backend = unwrap(connect(alias, places=places).backend)

    assert [] == check(found, places)
    assert isinstance(backend, Redirect)
    assert E164 in {backend.to, *backend.allow}


def test_a_number_of_a_redirect_that_is_none_is_an_error_without_it() -> None:
    """One line, with the option."""
    wrong = {"backend": "redirect", "of": "null://", "to": "0171"}
    with pytest.raises(ConfigurationError) as caught:
        connect({"region": "DE", "providers": {"default": wrong}})

    assert "provider 'default': option 'to': " in str(caught.value)
    assert "0171" not in str(caught.value)


def test_what_is_said_of_a_person_is_said_of_the_same_number(places: Places) -> None:
    """A no by hand, in the configuration's region, binds the texts of its senders."""
    found = load(places=places)
    ledger = open_ledger(found, places)
    opt_out(ledger, AT_HOME)
    sender = Sender(build(found, places), ledger=ledger, region=found.region)

    assert Reason.OPTED_OUT is sender.send(Message(E164, "hello")).reason


def test_a_plan_reads_them_so(places: Places) -> None:
    """`explain` refuses what a send would refuse, and nothing else."""
    assert "" == make_plan(load(places=places), AT_HOME, "hello", places).refused
    assert make_plan(load("memory://"), AT_HOME, "hello", places).refused


def test_the_region_is_shown_with_its_origin(places: Places) -> None:
    """And so is the one that nobody set."""
    rows = [list_settings(each, places)[0] for each in (load(places=places), load({}))]

    assert [("region", "DE", "sumotext.toml"), ("region", "US", "default")] == [
        (row.option, row.value, row.origin) for row in rows
    ]


@pytest.mark.parametrize("region", ["de", "Germany", "XX", 49, ["DE"], None, {"env": "REGION"}])
def test_a_wrong_region_is_one_line(region: object) -> None:
    """With the file, if there is one."""
    with pytest.raises(ConfigurationError, match=r"^'region' (wants a|is no) country's two"):
        load({"region": region, "providers": {}})
