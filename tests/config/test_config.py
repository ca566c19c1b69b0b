"""Where configuration is found, what it may say, and what it makes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

from sumotext_backend import Message, Outcome, Sender, SendResult, SmsBackend, Verdict, connect
from sumotext_backend.config import Places, build, from_settings, load, read_health_settings
from sumotext_backend.config.builder import key_of
from sumotext_backend.config.show import Setting, in_force
from sumotext_backend.routing import Fallback, Health, Route, SqliteStore, make_health

TO = "+15015551234"
NULL = "providers.default = 'null://'"


@attrs.frozen
class Here(SmsBackend):
    """A backend that is made in code."""

    name: ClassVar[str] = "here"

    def send(self, message: Message) -> SendResult:
        """Accept ``message``."""
        return SendResult.of(self.name, message, Verdict(message_id="1"))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """An empty folder, an empty home, an empty environment."""
    (tmp_path / "work").mkdir()
    return Places({}, tmp_path / "work", tmp_path / "home")


def _with(places: Places, **environ: str) -> Places:
    return attrs.evolve(places, environ=environ)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _provider(sender: Sender) -> str:
    return sender.send(Message(TO, "hello")).provider


def _backend(sender: Sender) -> str:
    return sender.send(Message(TO, "hello")).backend


FILES = {
    "null": ('backend = "null"', "null"),
    "memory": ('backend = "memory"', "memory"),
    "file": ('backend = "file"\npath = "{folder}/texts.jsonl"', "file"),
    "chain": (
        'backend = "fallback"\nchain = ["memory://?reason=UNREACHABLE", "null://"]',
        "null",
    ),
    "dsn": ('dsn = {{ env = "MY_DSN" }}', "memory"),
}
PROGRAM = """
import sys
from sumotext_backend import Message, connect
with connect() as sms:
    result = sms.send(Message("+15015551234", "hello"))
print(result.backend, result.outcome, sep=" ")
"""


@pytest.mark.parametrize(("lines", "backend"), FILES.values(), ids=FILES.keys())
def test_one_program_five_configurations(lines: str, backend: str, tmp_path: Path) -> None:
    """Another backend is another line in ``sumotext.toml``, and nothing in the program."""
    _write(tmp_path / "sumotext.toml", f"[providers.default]\n{lines.format(folder=tmp_path)}\n")
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "MY_DSN": "memory://", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (f"{backend} ACCEPTED\n", "", 0) == (ended.stdout, ended.stderr, ended.returncode)


def test_the_order_of_the_places(places: Places) -> None:
    """``config``, ``$SUMOTEXT_CONFIG``, the folder's two files, the user's: the first counts."""
    _write(places.home / ".config/sumotext/sumotext.toml", "providers.own = 'null://'")
    seen = [set(load(places=places).providers)]
    _write(places.cwd / "pyproject.toml", "[tool.sumotext.providers]\nproject = 'null://'")
    seen.append(set(load(places=places).providers))
    _write(places.cwd / "sumotext.toml", "providers.folder = 'null://'")
    seen.append(set(load(places=places).providers))
    _write(places.cwd / "x/named.toml", "providers.variable = 'null://'")
    around = _with(places, SUMOTEXT_CONFIG="x/named.toml")
    seen.append(set(load(places=around).providers))
    _write(places.cwd / "y.toml", "providers.argument = 'null://'")
    seen.append(set(load(places=around, config=Path("y.toml")).providers))

    assert [{"own"}, {"project"}, {"folder"}, {"variable"}, {"argument"}] == seen


def test_a_pyproject_without_our_table_is_passed_over(places: Places) -> None:
    """A project that says nothing of us does not hide the user's own configuration."""
    _write(places.cwd / "pyproject.toml", "[tool.other]\nx = 1")
    _write(places.home / ".config/sumotext/sumotext.toml", NULL)

    assert "null" == _backend(connect(places=places))


def test_the_variable_is_the_default_of_a_found_file(places: Places) -> None:
    """``$SMS_DSN`` stands in for ``default``; the file's other aliases stay, for it to name."""
    _write(places.cwd / "sumotext.toml", f"{NULL}\nproviders.main = 'memory://'")
    around = _with(places, SMS_DSN="memory://?reason=TLS || main")
    found = load(places=around)

    assert "main" == _provider(connect(places=around))
    assert "main" == _provider(connect("main", places=around))
    assert ("the provider 'default' of sumotext.toml gives way to $SMS_DSN",) == found.notes


def test_a_named_file_is_used_as_it_is(places: Places) -> None:
    """``$SMS_DSN`` changes nothing in a file that somebody named, and a note says so."""
    _write(places.cwd / "sumotext.toml", NULL)
    around = _with(places, SMS_DSN="memory://", SUMOTEXT_CONFIG="sumotext.toml")

    assert "null" == _backend(connect(places=around))
    assert ("$SMS_DSN is set but not used, since sumotext.toml is named",) == (
        load(places=around).notes
    )


def test_a_dsn_in_code_needs_no_file(places: Places) -> None:
    """What a file says around it: `test_single_provider`."""
    assert "null" == _backend(connect("null://", places=places))
    assert "null" == _provider(connect("memory://?reason=TLS || null:// && null://", places=places))


def test_results_carry_the_alias(places: Places) -> None:
    """Of the provider that was asked, however the configuration leads to it."""
    given = {
        "providers": {
            "default": "chain",
            "chain": {"backend": "fallback", "chain": ["a", "b"]},
            "a": "memory://?reason=THROTTLED",
            "b": "null://",
        }
    }
    result = connect(given, places=places).send(Message(TO, "hello"))

    assert "b" == result.provider
    assert ["a", "b"] == [attempt.provider for attempt in result.attempts]


@pytest.mark.parametrize(
    "source",
    [
        {"backend": "null"},
        {"dsn": "null://"},
        {"providers": {"default": {"dsn": "null://"}}},
        {"providers": {"default": "main", "main": {"backend": "null"}}},
        from_settings({"default": {"BACKEND": "null"}}),
        from_settings({"default": "null://"}),
        from_settings({"default": {"BACKEND": "null://"}}),
        from_settings({"default": {"BACKEND": "fallback", "OPTIONS": {"chain": ["null://"]}}}),
        "null://",
        "(null://)",
    ],
)
def test_the_same_shape_everywhere(source: Any, places: Places) -> None:
    """Code, Django's setting and a DSN say the same thing."""
    assert Outcome.ACCEPTED is connect(source, places=places).send(Message(TO, "hi")).outcome


@pytest.mark.parametrize(
    "settings",
    [
        {"default": {"BACKEND": "null", "OPTION": {}}},
        {"default": {"OPTIONS": {}}},
        {"default": {"BACKEND": "null", "OPTIONS": []}},
        {"default": {"BACKEND": "null", "OPTIONS": {"backend": "memory"}}},
        {"default": {"BACKEND": "null://", "OPTIONS": {"x": 1}}},
    ],
)
def test_a_wrong_setting_names_its_alias(settings: Any) -> None:
    """A key that Django's shape does not have is refused."""
    with pytest.raises(ValueError, match=r"^provider 'default': "):
        from_settings(settings)


def test_backends_made_in_code_take_part(places: Places) -> None:
    """A mapping may hold backends themselves, alone and in chains."""
    chain = {"backend": "fallback", "chain": ["memory://?reason=TLS", Here()]}

    assert "here" == _provider(connect(chain, places=places))
    assert "own" == _provider(
        connect({"providers": {"default": "own", "own": Here()}}, places=places)
    )


def test_references_are_read_where_the_file_is(places: Places) -> None:
    """A path is relative to the file's folder, ``~`` the home; the last line end is not part."""
    _write(places.cwd / "etc/code", "74700\n")
    _write(places.home / "keyword", "SU MO\r\n")
    _write(
        places.cwd / "etc/sumotext.toml",
        "[providers.default]\nbackend = 'sumotext'\nshortcode = { file = 'code' }\n"
        "keyword = { file = '~/keyword' }\ncarrier = { env = 'CARRIER' }",
    )
    around = _with(places, CARRIER="ATTUS")
    route: Any = connect(config="etc/sumotext.toml", places=around).backend

    assert ("74700", "SU MO", "ATTUS") == (
        route.of.shortcode,
        route.of.keyword,
        route.of.carrier,
    )


def test_what_is_not_asked_for_need_not_be_right(places: Places) -> None:
    """A variable that only another provider needs may be missing."""
    given = {"providers": {"default": "null://", "other": {"dsn": {"env": "MISSING"}}}}

    assert "null" == _backend(connect(given, places=places))


def _chain(given: dict[str, Any], places: Places) -> list[Route]:
    route = build(load(given), places)

    assert isinstance(route, Route)
    assert isinstance(route.of, Fallback)
    return [each for each in route.of.chain if isinstance(each, Route)]


CHAIN = {"backend": "fallback", "chain": ["main", "pair", "null://"]}
NESTED = {"default": CHAIN, "main": "null://", "pair": "main && memory://"}


def test_health_is_of_those_who_send(places: Places) -> None:
    """A provider in a chain has a circuit, a chain in a chain has none; all share one store."""
    main, pair, last = _chain({"providers": NESTED}, places)
    inner: Any = pair.of

    assert isinstance(main.health, Health)
    assert SqliteStore(places.state_dir() / "health.sqlite3") == main.health.store
    assert main.health is last.health
    assert main.health is inner.chain[0].health
    assert pair.health is None
    assert main.of is inner.chain[0].of
    assert main.key == inner.chain[0].key


@pytest.mark.parametrize(
    ("settings", "store"),
    [({"state": "memory"}, "MemoryStore"), ({"path": "h.db"}, "SqliteStore")],
)
def test_where_health_is_kept(settings: dict[str, Any], store: str, places: Places) -> None:
    """In memory, or in a file that the configuration names."""
    found = load({"providers": {}, "health": settings})
    health = make_health(read_health_settings(found, places))

    assert health is not None
    assert store == type(health.store).__name__


def test_health_can_be_turned_off(places: Places) -> None:
    """Then nobody is left alone, and no file is used."""
    routes = _chain({"providers": NESTED, "health": {"state": "off"}}, places)

    assert {None} == {route.health for route in routes}


def test_the_state_folder(places: Places) -> None:
    """``$SUMOTEXT_STATE_DIR``, else the user's own folder as the XDG specification has it."""
    found = load({"providers": {}})
    named = _with(places, SUMOTEXT_STATE_DIR="state")
    by_xdg = _with(places, XDG_STATE_HOME=str(places.home / "xdg"))
    relative = _with(places, XDG_STATE_HOME="xdg")

    def path(where: Places) -> Path | None:
        return read_health_settings(found, where).path

    assert places.home / ".local/state/sumotext/health.sqlite3" == path(places)
    assert places.cwd / "state/health.sqlite3" == path(named)
    assert places.home / "xdg/sumotext/health.sqlite3" == path(by_xdg)
    assert path(places) == path(relative)


def test_two_projects_do_not_share_a_circuit(places: Places) -> None:
    """The key of a circuit is alias and options: one alias for two providers is two circuits."""
    one, two = (
        _chain({"providers": NESTED | {"main": f"memory://?reason={reason}"}}, places)[0]
        for reason in ("TLS", "TIMEOUT")
    )

    assert one.key != two.key
    assert one.key.startswith("main:")
    assert key_of("main", one.of) == one.key


MANY = """
[providers.default]
backend = "fallback"
chain = ["main", "backup", "memory://"]
timeout = 20

[providers.main]
backend = "sumotext"
shortcode = { file = "code" }
keyword = "hunter2"
proxy = "http://user:hunter2@proxy:3128"

[providers.backup]
dsn = { env = "BACKUP" }

[providers.broken]
backend = "sumotext"
shortcode = { env = "MISSING" }
"""


def test_show_tells_each_value_and_its_origin(places: Places) -> None:
    """Files, variables, defaults; what is private is masked, what is wrong is told."""
    _write(places.cwd / "code", "74700")
    _write(places.cwd / "sumotext.toml", MANY)
    around = _with(places, BACKUP="sumotext://74701/hunter2?timeout=5")
    rows = in_force(load(places=around), around)
    found = {(row.place, row.option): row for row in rows}

    assert "hunter2" not in repr(rows)
    for row in (
        Setting("providers.default", "chain", ["main", "backup", "(memory)"], "sumotext.toml"),
        Setting("providers.default", "timeout", 20.0, "sumotext.toml"),
        Setting("providers.default", "on_unknown", "stop", "default"),
        Setting("providers.default.chain.2", "backend", "memory", "sumotext.toml"),
        Setting("providers.main", "shortcode", "74700", "file code"),
        Setting("providers.main", "proxy", "•••", "sumotext.toml"),
        Setting("providers.backup", "backend", "sumotext", "$BACKUP"),
        Setting("providers.backup", "timeout", 5.0, "$BACKUP"),
        Setting("providers.backup", "keyword", "•••", "$BACKUP"),
        Setting("health", "state", "shared", "default"),
        Setting(
            "providers.broken",
            "shortcode",
            None,
            "sumotext.toml",
            "option 'shortcode': the environment variable 'MISSING' is not set; set it",
        ),
    ):
        assert row == found[row.place, row.option]
    json.dumps([attrs.asdict(row) for row in rows])


def test_a_configuration_shows_no_values() -> None:
    """Its repr may end in a log."""
    found = load({"providers": {"default": "sumotext://74700/hunter2"}})

    assert "hunter2" not in repr(found)


def _imported(code: str, folder: Path) -> set[str]:
    """Which of the costly modules ``code`` imports, run in ``folder``."""
    program = f"import sys; before = set(sys.modules); import sumotext_backend{code}; "
    program += "print(*(set(sys.modules) - before))"
    # A measuring coverage imports some of them itself.
    environ = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=environ,
        cwd=folder,
    )
    return {"sqlite3", "tomllib", "requests", "platformdirs"} & set(ended.stdout.split())


@pytest.mark.parametrize("code", ["", "; sumotext_backend.connect('null://')"])
def test_a_single_provider_costs_no_database(code: str, tmp_path: Path) -> None:
    """Neither SQLite nor TOML nor requests is imported until something needs it."""
    assert set() == _imported(code, tmp_path)


def test_a_single_provider_costs_toml_where_there_is_some(tmp_path: Path) -> None:
    """A file that says which ledger is used must be read, and nothing is opened for it."""
    _write(tmp_path / "sumotext.toml", "ledger.path = 'here.db'")

    assert {"tomllib"} == _imported("; sumotext_backend.connect('null://')", tmp_path)
    assert ["sumotext.toml"] == [each.name for each in tmp_path.iterdir()]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked")
def test_platformdirs_would_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """So its import is spared: the folders of a command and of a program are the same."""
    platformdirs = pytest.importorskip("platformdirs")
    for environ in ({}, {"XDG_STATE_HOME": "/s", "XDG_CONFIG_HOME": "/c"}):
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("SUMOTEXT_STATE_DIR", raising=False)
        around = Places.here()

        assert platformdirs.user_state_path("sumotext", appauthor=False) == around.state_dir()
        assert platformdirs.user_config_path("sumotext", appauthor=False) == around.config_dir()
