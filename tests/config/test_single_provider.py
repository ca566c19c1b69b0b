"""What stands around a provider that code names in full: the configuration that would be found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from sumotext_backend import ConfigurationError, Message, Outcome, Reason, connect
from sumotext_backend.config import Places, check_configuration, load, open_ledger
from sumotext_backend.ledger import opt_out
from tests.commandline import sumotext

TO = "5015551234"
FORMS = {
    "a DSN": "null://",
    "several DSNs": "null:// || null://",
    "a mapping": {"backend": "null"},
    "a mapping of a DSN": {"dsn": "null://"},
}
PROJECT = """
[ledger]
path = "of-the-project.db"
[providers.default]
backend = "null"
"""

each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """An empty folder, an empty home, a state folder."""
    (tmp_path / "work").mkdir()
    state = {"SUMOTEXT_STATE_DIR": str(tmp_path / "state")}
    return Places(state, tmp_path / "work", tmp_path / "home")


def _opt_out_by_the_project(places: Places) -> None:
    with connect(places=places) as sms:
        assert sms.ledger
        opt_out(sms.ledger, TO)


@each_form
def test_a_no_that_the_project_knows_binds_it(form: Any, places: Places) -> None:
    """Its ledger is that of the configuration which is found; without one it is the user's own."""
    (places.cwd / "sumotext.toml").write_text(PROJECT)
    _opt_out_by_the_project(places)
    with connect(form, places=places) as sms:
        refused = sms.send(Message(TO, "hello"))
    (places.cwd / "sumotext.toml").unlink()
    with connect(form, places=places) as sms:
        sent = sms.send(Message(TO, "hello"))

    assert (Reason.OPTED_OUT, Outcome.ACCEPTED) == (refused.reason, sent.outcome)


def test_it_shares_the_very_ledger_of_the_configuration(places: Places) -> None:
    """What the store would not take binds it too."""
    (places.cwd / "sumotext.toml").write_text(f'region = "CA"\n{PROJECT}')
    by_name, in_full = connect(places=places), connect("null://", places=places)

    assert by_name.ledger is in_full.ledger


@pytest.mark.parametrize("place", ["sumotext.toml", "pyproject.toml", "own", "named"])
def test_wherever_the_configuration_is_found(place: str, places: Places) -> None:
    """In the folder, in the project's file, in the user's own, or where a variable names it."""
    own = places.config_dir() / "sumotext.toml"
    own.parent.mkdir(parents=True)
    file = own if place == "own" else places.cwd / place
    table = "[tool.sumotext.ledger]" if place == "pyproject.toml" else "[ledger]"
    file.write_text(f'{table}\npath = "{places.cwd}/it.db"\n')
    around = attrs.evolve(
        places,
        environ={**places.environ, **({"SUMOTEXT_CONFIG": "named"} if place == "named" else {})},
    )

    found = open_ledger(load("null://", places=around), around)

    assert places.cwd / "it.db" == found.settings.path


@each_form
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no TOML", "sumotext.toml is not valid TOML"),
        ("ledgr = {}", "unknown key 'ledgr'"),
        ("ledger.url = {env = 'NOT_SET'}", "'NOT_SET' is not set"),
        ("ledger.record = 'some'", "option 'record' wants one of"),
        ("consent.programmes = 'a'", "wants a table"),
    ],
)
def test_a_broken_configuration_stops_it(form: Any, text: str, words: str, places: Places) -> None:
    """In one line, before anything is sent: never is another ledger asked in its place."""
    (places.cwd / "sumotext.toml").write_text(text)

    with pytest.raises(ConfigurationError) as raised:
        connect(form, places=places)
    assert words in str(raised.value)
    assert not places.state_dir().exists()


@each_form
def test_the_file_of_a_variable_must_be_there(form: Any, places: Places) -> None:
    """It may be the one that knows who said no."""
    around = attrs.evolve(places, environ={**places.environ, "SUMOTEXT_CONFIG": "gone.toml"})

    with pytest.raises(ConfigurationError, match=r"there is no file gone\.toml"):
        connect(form, places=around)


@each_form
def test_it_is_checked_without_the_providers_that_it_replaces(form: Any, places: Places) -> None:
    """They may be wrong; that a programme names them is not."""
    (places.cwd / "sumotext.toml").write_text(
        "providers.shop = 'sumotext://'\nconsent.programmes = { offers = ['shop'] }"
    )
    found = load(form, places=places)

    assert [] == check_configuration(found, places)
    assert {found.start} == {*found.providers}


@each_form
def test_what_a_broken_provider_beside_it_says_does_not_matter(form: Any, places: Places) -> None:
    """Only what stands around a provider is read: what nobody asked for may be wrong."""
    (places.cwd / "sumotext.toml").write_text("providers.default = 'sumotext://'")

    with connect(form, places=places) as sms:
        assert Outcome.ACCEPTED is sms.send(Message(TO, "hello")).outcome


def test_it_takes_region_from_the_configuration(places: Places) -> None:
    """A number is dialled where the project is, and is known under that to its ledger."""
    (places.cwd / "sumotext.toml").write_text('region = "GB"')

    assert "GB" == load("null://", places=places).region
    assert load("null://", places=attrs.evolve(places, cwd=places.home)).region is None


def test_a_variable_that_is_not_used_is_not_told_of(places: Places) -> None:
    """``$SMS_DSN`` has nothing to do with a DSN that code names."""
    (places.cwd / "sumotext.toml").write_text(PROJECT)
    around = attrs.evolve(places, environ={**places.environ, "SMS_DSN": "memory://"})

    assert () == load("null://", places=around).notes
    assert load("null:// || default", places=around).notes


def test_a_whole_configuration_in_code_is_all_there_is(places: Places) -> None:
    """What it does not say is the default, whatever a file says."""
    (places.cwd / "sumotext.toml").write_text("no TOML")

    assert load({"providers": {"default": "null://"}}, places=places).region is None


@pytest.mark.parametrize(
    ("source", "bound"),
    [
        ("null://", True),
        ("null:// || null://", True),
        ({"backend": "null"}, True),
        ({"dsn": "null://"}, True),
        ("default || null://", False),  # the first one takes the text
        ("null:// || default", True),
        ("shop", True),
        ("default", False),
        ("inline", False),
        (None, False),
    ],
)
def test_a_no_to_any_programme_binds_what_has_no_alias(
    source: Any, bound: bool, places: Places
) -> None:
    """What code names in full belongs to none; a provider of the configuration to its own."""
    (places.cwd / "sumotext.toml").write_text(
        PROJECT + "[providers]\nshop = 'null://'\ninline = 'null:// || null://'\n"
        "[consent]\nprogrammes = { offers = ['shop'] }\n"
    )
    ledger = open_ledger(places=places)
    opt_out(ledger, TO, programme="offers")
    with connect(source, places=places) as sms:
        result = sms.send(Message(TO, "hello"))

    assert bound == (result.reason is Reason.OPTED_OUT)


def test_the_command_keeps_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--using DSN`` asks the ledger that ``consent`` writes to."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sumotext.toml").write_text(PROJECT)
    sumotext("consent", "opt-out", TO)
    sent = sumotext("send", "--using", "null://", TO, "hello")
    planned = sumotext("explain", "--using", "null://", TO, "hello")

    assert (1, True) == (sent.returncode, "OPTED_OUT" in sent.stdout)
    assert "the person opted out" in planned.stdout
