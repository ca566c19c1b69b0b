"""Rules of finding backends: by name, imported only when asked for, a broken one stops nothing."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from our_providers import list_providers, load_class

from sumotext_backend import ConfigurationError, UnknownBackendError, providers, registry
from sumotext_backend.providers.sumotext import SumotextBackend

GOOD = '''
import attrs
from sumotext_backend import SmsBackend

@attrs.frozen(kw_only=True)
class Backend(SmsBackend):
    """Sends by {name}.

    And more.
    """
    name = "{name}"
    dsn = "{name}://{{account}}"
    account: str = attrs.field(metadata={{"help": "who pays"}})
    patience: float = 3.0

    def send(self, message):
        raise NotImplementedError
'''
BROKEN = {
    "import": ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such"),
    "raise": ("raise RuntimeError('two\\nlines')", "RuntimeError: two lines"),
    "exit": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "syntax": ("def", "SyntaxError: "),
    "absent": ("", "AttributeError: "),
    "function": ("def Backend(): pass", "it is not a subclass of SmsBackend"),
    "stranger": ("class Backend: name = 'x'", "it is not a subclass of SmsBackend"),
    "nameless": (GOOD.replace("name =", "title ="), "its class lacks a 'name'"),
    "abstract": (GOOD.replace("def send", "def post"), "its class does not define send"),
    "plain": (GOOD.replace("@attrs", "#"), "the options of Backend cannot be read (NotAn"),
    "hints": (
        GOOD.replace(": float", ": 'Duration'"),
        "the options of Backend cannot be read (NameE",
    ),
}

Install = Callable[..., str]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """``install(distribution, backend, source)``: a distribution of one module; its name."""

    def add(distribution: str, backend: str, source: str = GOOD, metadata: bool = True) -> str:
        module = f"module_{uuid.uuid4().hex}"
        (tmp_path / f"{module}.py").write_text(source.format(name=backend))
        info = tmp_path / f"{distribution.replace('-', '_')}-1.5.dist-info"
        info.mkdir()
        words = f"[sumotext_backend.backends]\n{backend} = {module}:Backend\n"
        (info / "entry_points.txt").write_text(words)
        if metadata:
            text = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.5\n"
            (info / "METADATA").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        return module

    return add


def _row(name: str) -> registry.Listed:
    [row] = [row for row in registry.listing() if row.name == name]
    return row


def test_a_strangers_backend_is_found_by_its_name(install: Install) -> None:
    """What another distribution offers is a backend like ours."""
    module = install("acme-sms", "acme")

    assert registry.backend_class("acme") is sys.modules[module].Backend
    assert registry.backend_class("sumotext") is SumotextBackend
    assert {"acme", "sumotext"} <= set(registry.names())


def test_a_backend_is_imported_only_when_asked_for(install: Install) -> None:
    """Neither naming all backends nor loading another one imports it."""
    module = install("acme-sms", "acme")
    registry.names()
    registry.backend_class("sumotext")

    assert module not in sys.modules


def test_a_row_says_all_about_a_backend(install: Install) -> None:
    """Who offers it, the form of its DSN, its docstring's first line and its options."""
    install("acme-sms", "acme")
    row = _row("acme")

    assert ("acme-sms", "1.5", "ok", "") == (row.distribution, row.version, row.state, row.error)
    assert ("acme://{account}", "Sends by acme.") == (row.dsn, row.doc)
    assert [("account", True, "who pays"), ("patience", False, "")] == [
        (option.name, option.required, option.help) for option in row.options
    ]


def test_one_name_offered_twice_is_an_error_that_names_both(install: Install) -> None:
    """Which of two is meant nobody can tell, so neither is loaded."""
    modules = {install("acme-sms", "acme"), install("other-sms", "acme")}
    both = "acme-sms 1.5 and by other-sms 1.5"
    with pytest.raises(ConfigurationError, match=both):
        registry.backend_class("acme")
    rows = [row for row in registry.listing() if row.name == "acme"]

    assert ["duplicate", "duplicate"] == [row.state for row in rows]
    assert all(both in row.error for row in rows)
    assert not modules & set(sys.modules)


def test_an_unknown_name_says_what_is_there_and_what_was_meant(install: Install) -> None:
    """The error lists the installed names and the closest one."""
    install("acme-sms", "acme")
    with pytest.raises(UnknownBackendError) as caught:
        registry.backend_class("sumotxt")

    assert f"there are: {', '.join(registry.names())})" in str(caught.value)
    assert "acme" in registry.names()
    assert str(caught.value).endswith("; did you mean 'sumotext'?")


@pytest.mark.parametrize(("name", "extra"), [("nothing-like-it", ""), ("aprise", "apprise")])
def test_a_guess_is_made_only_where_a_name_is_close(name: str, extra: str) -> None:
    """No guess for a far-off name; names that come with an extra are guessed too."""
    with pytest.raises(UnknownBackendError) as caught:
        registry.backend_class(name)

    assert bool(extra) == str(caught.value).endswith(f"did you mean '{extra}'?")


def test_a_name_that_may_be_private_is_not_shown() -> None:
    """What stands where a backend's name should may be a number or a secret."""
    with pytest.raises(UnknownBackendError) as caught:
        registry.backend_class("5015551234")

    assert "5015551234" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [("apprise", "apprise", "apprise"), ("django-sms", "django", "django-sms")],
)
def test_a_missing_extra_is_named_with_the_line_that_mends_it(
    name: str, package: str, extra: str
) -> None:
    """A backend of ours that needs an extra says how to install it."""
    code = f"import sys; sys.modules[{package!r}] = None\n"
    code += f"from sumotext_backend import registry; registry.backend_class({name!r})"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    error = ended.stderr.strip().splitlines()[-1]
    assert error.endswith(f"; pip install 'sumotext-backend[{extra}]'")


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_backend_stops_nothing_else(install: Install, kind: str) -> None:
    """It is listed with its error; all others are listed and loaded as ever."""
    source, error = BROKEN[kind]
    install("bad-sms", "bad", source)
    install("acme-sms", "acme")
    row = _row("bad")

    assert "broken" == row.state
    assert row.error.startswith(error)
    assert ["ok", "ok"] == [_row("acme").state, _row("sumotext").state]
    assert registry.backend_class("acme").name == "acme"


@pytest.mark.parametrize("kind", BROKEN)
def test_asking_for_a_broken_backend_says_what_is_wrong_in_one_line(
    install: Install, kind: str
) -> None:
    """The error names distribution, entry point, and what happened."""
    source, error = BROKEN[kind]
    module = install("bad-sms", "bad", source)
    with pytest.raises(ConfigurationError) as caught:
        registry.backend_class("bad")
    words = str(caught.value)

    assert words.startswith(f"backend 'bad' of bad-sms 1.5 ({module}:Backend) is broken: {error}")
    assert "\n" not in words
    assert caught.value.__context__ is None


def test_half_an_uninstallation_stops_nothing(install: Install) -> None:
    """A distribution whose metadata are gone is listed without a name."""
    install("ghost-sms", "ghost", metadata=False)
    install("acme-sms", "acme")

    assert ("", "ok") == (_row("ghost").distribution, _row("ghost").state)
    assert "ok" == _row("acme").state


@pytest.mark.parametrize("name", list_providers())
def test_each_of_our_providers_is_imported_from_one_place(name: str) -> None:
    """Its class is a public name of `sumotext_backend.providers`."""
    assert getattr(providers, load_class(name).__name__) is load_class(name)
    assert load_class(name).__name__ in providers.__all__
