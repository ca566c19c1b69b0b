"""What is shipped, under which names, and what it costs to import."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, entry_points, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import sumotext_backend
from sumotext_backend import providers

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS_OF_OUR_SERVER = {"click", "platformdirs", "starlette", "uvicorn"}


def _floors(requirements: list[str]) -> dict[str, str]:
    """Name → lowest version; every requirement is of the form ``name>=version``."""
    parsed = [Requirement(text) for text in requirements]
    return {each.name.lower(): str(each.specifier).removeprefix(">=") for each in parsed}


def _public(source: str) -> set[str]:
    """The names that a type checker sees a module import."""
    block = next(node for node in ast.parse(source).body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name for node in imports for alias in node.names}


def _imported_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(ended.stdout.split())


def _files() -> list[Path]:
    """The files of the repository: those that git tracks or would track."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if (ROOT / name).is_file()]


def test_all_is_what_the_package_offers() -> None:
    """``__all__`` names every public name of the package, sorted, and nothing else."""
    typed = _public(Path(sumotext_backend.__file__).read_text())

    assert sorted(typed) == sumotext_backend.__all__
    assert sorted(sumotext_backend._HOME_OF) == sumotext_backend.__all__
    assert {*sumotext_backend.__all__} <= {*dir(sumotext_backend)}


@pytest.mark.parametrize("name", sumotext_backend.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    """Each name of ``__all__`` can be imported and says what it is."""
    assert getattr(sumotext_backend, name).__doc__


def test_version_is_that_of_the_metadata() -> None:
    """``__version__`` is the installed version, and an unknown name is still an error."""
    assert version("sumotext-backend") == sumotext_backend.__version__
    with pytest.raises(AttributeError, match="no_such_name"):
        sumotext_backend.no_such_name  # noqa: B018


def test_changelog_tells_of_this_version() -> None:
    """The newest version in CHANGELOG.md is the installed one."""
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert ["Unreleased", version("sumotext-backend")] == headings[:2]


def test_import_brings_in_no_http_library() -> None:
    """``import sumotext_backend`` is cheap; a backend that needs requests imports it."""
    dear = {"requests", "urllib3", "ssl", "http.client", "click", "starlette", "uvicorn"}

    names = "import sumotext_backend as s; [getattr(s, name) for name in s.__all__]"

    assert set() == dear & _imported_by(names)
    assert {"requests", "urllib3"} <= _imported_by("import sumotext_backend.providers.sumotext")


def test_import_brings_in_nothing_that_is_not_asked_for() -> None:
    """``import sumotext_backend`` imports no other module of ours, and no dependency."""
    names = {name.partition(".")[0] for name in _imported_by("import sumotext_backend")}
    ours = {name for name in _imported_by("import sumotext_backend") if "sumotext" in name}

    assert {"sumotext_backend"} == ours
    assert set() == {"attr", "attrs", "pluggy", "requests"} & names


def test_a_provider_is_imported_when_it_is_asked_for() -> None:
    """The face for authors names all of ours, and imports none of them; nor does one another."""
    face = _imported_by("import sumotext_backend.providers")
    one = _imported_by("from sumotext_backend.providers import TwilioBackend")
    homes = {home.partition(":")[0] for home in providers._HOMES.values()}

    assert set() == homes & face
    assert {"sumotext_backend.providers.twilio"} == homes & one
    assert "botocore" not in _imported_by("from sumotext_backend.providers import AwsBackend")
    assert {*providers._HOMES} <= {*providers.__all__}
    assert all(getattr(providers, name).__doc__ for name in providers.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        providers.no_such_name  # noqa: B018


def test_core_dependencies_are_the_promised_ones() -> None:
    """The core needs attrs, pluggy and requests, with the urllib3 that requests brings."""
    assert {"attrs", "pluggy", "requests", "urllib3"} == set(_floors(PROJECT["dependencies"]))


def test_extra_cli_is_the_command_and_its_server() -> None:
    """The extra ``cli`` adds what the command and the simulator's server need."""
    extra = _floors(PROJECT["optional-dependencies"]["cli"])

    assert set(extra) == EXTRAS_OF_OUR_SERVER


def test_lowest_versions_are_the_tested_ones() -> None:
    """constraints/min.txt holds the floors of the core and of three of its extras."""
    extras = PROJECT["optional-dependencies"]
    ours = PROJECT["dependencies"] + extras["cli"] + extras["testing"][1:] + extras["apprise"]
    tested = (ROOT / "constraints" / "min.txt").read_text().splitlines()

    for name, floor in _floors(ours).items():
        assert {f"{name}=={floor}", f"{name}=={floor}.0"} & set(tested)


def test_our_backend_is_found_like_a_strangers() -> None:
    """The SUMOTEXT backend is registered through the public entry-point group."""
    [entry] = entry_points(group="sumotext_backend.backends", name="sumotext")

    assert entry.dist is not None
    assert entry.dist.name == "sumotext-backend"
    assert issubclass(entry.load(), sumotext_backend.SmsBackend)


def test_licence_and_type_marker_are_installed() -> None:
    """The metadata name the licence (PEP 639), and type checkers find ``py.typed`` (PEP 561)."""
    metadata = distribution("sumotext-backend").metadata

    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_all("License-File") == ["LICENSE"]
    assert (Path(sumotext_backend.__file__).parent / "py.typed").is_file()


def _list_environments() -> list[str]:
    tox = configparser.ConfigParser()
    tox.read(ROOT / "tox.ini")
    return tox["tox"]["env_list"].split()


def _dotted(environments: list[str], shape: str) -> set[str]:
    """The versions in the names of environments: 3.11 of py311, 5.2 of django52."""
    found = (re.fullmatch(shape, name) for name in environments)
    return {f"{each[1]}.{each[2]}" for each in found if each}


def test_classifiers_are_what_tox_tests() -> None:
    """No version of Python or Django is claimed that nobody tries, and none is kept quiet."""
    environments = _list_environments()
    claimed = [each.rpartition(" :: ") for each in PROJECT["classifiers"]]
    versions = {(head, last) for head, _, last in claimed if last[0].isdigit() and "." in last}

    assert versions == {
        *(("Programming Language :: Python", v) for v in _dotted(environments, r"py(3)(\d+)")),
        *(("Framework :: Django", v) for v in _dotted(environments, r"django(\d)(\d)")),
    }


def test_the_workflow_runs_what_tox_has() -> None:
    """Every environment of tox.ini is in the matrix, and each is one of those."""
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()
    single = re.findall(r"- \{ env: ([\w-]+),", workflow)
    [listed] = re.findall(r"env: \[([\w, -]+)\]", workflow)

    assert sorted(_list_environments()) == sorted([*single, *listed.split(", ")])


def test_what_runs_two_at_a_time_waits_for_no_deadline() -> None:
    """These are environments that ``.ci/run`` knows, and none starts workers of pytest's."""
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    label, _, names = tox["tox"]["labels"].strip().partition(" = ")
    brief = names.split(", ")

    assert "brief" == label
    assert {*brief} < {*_list_environments()}
    assert not [name for name in brief if "-n " in tox[f"testenv:{name}"]["commands"]]


def test_actions_are_pinned_by_commit() -> None:
    """A tag can be moved; what it was stands beside it."""
    uses = [
        line.partition("uses: ")[2]
        for file in (ROOT / ".github/workflows").glob("*.yml")
        for line in file.read_text().splitlines()
        if "uses: " in line
    ]

    assert uses
    assert [] == [
        each for each in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}  # v[\d.]+", each)
    ]


LINK = re.compile(r"\]\(([^)\s]+)\)")
DOCUMENTATION = "https://sumotext-backend.readthedocs.io/"


def _description() -> str:
    """What a package index shows of this distribution, in Markdown."""
    metadata = distribution("sumotext-backend").metadata

    assert "text/markdown" == metadata["Description-Content-Type"]
    return metadata["Description"] or str(metadata.get_payload())


def test_a_package_index_is_given_no_dead_link() -> None:
    """There no file of the repository can be reached: every link leads into the documentation."""
    shown = _description()
    links = LINK.findall(shown)

    assert "never texts twice" in shown
    assert len(LINK.findall((ROOT / "README.md").read_text())) == len(links)
    assert [] == [link for link in links if not link.startswith(DOCUMENTATION + "en/latest/")]


def test_the_readme_links_to_what_is_there() -> None:
    """In the repository its links are relative, and lead to files."""
    links = [link.partition("#")[0] for link in LINK.findall((ROOT / "README.md").read_text())]

    assert len(links) > 10
    assert [] == [link for link in links if not (ROOT / link).is_file()]


def test_the_metadata_name_the_documentation_and_no_other_address() -> None:
    """The one that Read the Docs gives to our name: an invented one would help nobody."""
    given = distribution("sumotext-backend").metadata.get_all("Project-URL") or []
    urls = dict(each.split(", ", 1) for each in given)

    assert PROJECT["urls"] == urls
    assert {
        "Documentation": DOCUMENTATION,
        "Changelog": DOCUMENTATION + "en/latest/changelog.html",
    } == urls


def test_repository_names_no_registry() -> None:
    """No file names a package registry's host, and there is no lock file."""
    hosts = [b"pypi" + b".org", b"pythonhosted" + b".org", b"npmjs" + b".com"]
    locks = {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"}
    files = _files()

    assert [] == [file for file in files if file.name in locks]
    assert [] == [file for file in files if any(host in file.read_bytes() for host in hosts)]
