"""`sumotext apprise`, and the `apprise` command that it serves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sumotext_apprise import shim

from sumotext_backend.simulator import Simulator

pytest.importorskip("click")

OPTED_OUT, SILENT = "5015550101", "5015550105"


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A command of this environment, with its output."""
    program, *rest = arguments
    return subprocess.run(
        [str(Path(sys.executable).with_name(program)), *rest],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environ},
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where Apprise looks for plugins in this test's home directory."""
    return tmp_path / ".config" / "apprise" / "plugins" / shim.FILE


def test_install_writes_one_file_however_often(home: Path) -> None:
    """Install prints where the file is, and may be repeated."""
    for _ in range(2):
        ended = run("sumotext", "apprise", "install")
        assert (0, f"{home}\n") == (ended.returncode, ended.stdout)

    assert [home] == list(home.parent.iterdir())
    assert shim.SHIM == home.read_text()


def test_path_says_where_and_whether(home: Path) -> None:
    """Path prints the place; its exit code tells whether the file is there."""
    codes = []
    for command in ("install", "uninstall"):
        run("sumotext", "apprise", command)
        ended = run("sumotext", "apprise", "path")
        codes.append(ended.returncode)
        assert f"{home}\n" == ended.stdout

    assert [0, 1] == codes


def test_uninstall_removes_only_its_own_file(home: Path) -> None:
    """A file that somebody else wrote is neither overwritten nor removed."""
    home.parent.mkdir(parents=True)
    home.write_text("print('mine')")
    for command in ("install", "uninstall"):
        ended = run("sumotext", "apprise", command)
        assert 78 == ended.returncode
        assert "was not written by this command and is left alone" in ended.stderr
        assert 1 == ended.stderr.count("\n")

    assert "print('mine')" == home.read_text()


def test_nothing_to_uninstall_is_no_error(home: Path) -> None:
    """Uninstall twice ends well."""
    assert 0 == run("sumotext", "apprise", "uninstall").returncode


def test_a_folder_may_be_named(tmp_path: Path) -> None:
    """--path goes before $APPRISE_PLUGIN_PATH, whose first entry goes before the default."""
    listed, given = tmp_path / "listed", tmp_path / "given"
    environ = {shim.VARIABLE: f"{listed};{tmp_path / 'second'}"}

    run("sumotext", "apprise", "install", **environ)
    run("sumotext", "apprise", "install", "--path", str(given), **environ)

    assert (listed / shim.FILE).exists()
    assert (given / shim.FILE).exists()


def test_a_folder_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    """Where no file can be written, the line says why and what to do."""
    (tmp_path / "file").write_text("")

    ended = run("sumotext", "apprise", "install", "--path", str(tmp_path / "file" / "folder"))

    assert 78 == ended.returncode
    assert "name another folder with --path" in ended.stderr
    assert 1 == ended.stderr.count("\n")


# What Apprise-API does: its settings split the variable, and each request makes such an asset.
API = """
import os, sys, apprise
paths = os.environ.get("APPRISE_PLUGIN_PATHS", "var/plugin").split(",")
asset = apprise.AppriseAsset(plugin_paths=paths)
sys.exit(not apprise.Apprise(asset=asset).add("sumotext://74700/SUMO/5015551234?carrier=ATTUS"))
"""


def api(**environ: str) -> int:
    """The exit code of an Apprise-API: 0 where it knows sumotext://."""
    pytest.importorskip("apprise")
    return run("python", "-W", "ignore", "-c", API, **environ).returncode


def test_apprise_api_has_a_folder_of_its_own(tmp_path: Path) -> None:
    """--api writes into the folder that Apprise-API reads, and says when it is read."""
    ended = run("sumotext", "apprise", "install", "--api", str(tmp_path / "api"))

    assert (0, f"{tmp_path / 'api' / shim.FILE}\n") == (ended.returncode, ended.stdout)
    assert ["APPRISE_PLUGIN_PATHS"] == [word for word in ended.stderr.split() if "_PATH" in word]
    assert 0 == api(APPRISE_PLUGIN_PATHS=f"{tmp_path / 'other'},{tmp_path / 'api'}")


def test_apprise_api_does_not_read_the_folder_of_the_command(home: Path) -> None:
    """The control: what the apprise command finds, Apprise-API does not."""
    run("sumotext", "apprise", "install")

    assert home.exists()
    assert 1 == api()
    assert 1 == api(APPRISE_PLUGIN_PATH=str(home.parent))


def test_two_folders_are_two_commands(tmp_path: Path) -> None:
    """--path and --api together would leave open which was meant."""
    ended = run("sumotext", "apprise", "install", "--path", str(tmp_path), "--api", str(tmp_path))

    assert 2 == ended.returncode
    assert [] == [*tmp_path.rglob(shim.FILE)]


def test_help_lists_the_command() -> None:
    """`sumotext --help` knows the command, as it knows its own."""
    assert "Let the apprise command know sumotext:// URLs." in run("sumotext", "--help").stdout


def url(sandbox: Simulator, *targets: str, query: str = "") -> str:
    """A sumotext:// URL of the sandbox."""
    path = "/".join(targets)
    return f"sumotext://74700/SUMO/{path}?carrier=ATTUS&base_url={sandbox.url}{query}"


def apprise(*arguments: str) -> int:
    """The exit code of the `apprise` command."""
    pytest.importorskip("apprise")
    return run("apprise", "-b", "hello", *arguments).returncode


def test_the_apprise_command_texts() -> None:
    """After install, the apprise command texts by one request; a refusal is exit code 1."""
    run("sumotext", "apprise", "install")
    with Simulator() as sandbox:
        codes = apprise(url(sandbox, "5015551234")), apprise(url(sandbox, OPTED_OUT))

        assert (0, 1) == codes
        assert 2 == len(sandbox.requests)


def test_the_apprise_command_is_silent_about_failures_without_v() -> None:
    """A refusal is told by the exit code alone; -v adds our line, without number and text."""
    pytest.importorskip("apprise")
    run("sumotext", "apprise", "install")
    with Simulator() as sandbox:
        silent, told = (
            run("apprise", *options, "-b", "hello", url(sandbox, OPTED_OUT))
            for options in ([], ["-v"])
        )

    assert (1, "", "") == (silent.returncode, silent.stdout, silent.stderr)
    assert 1 == told.returncode
    assert "REJECTED" in told.stdout + told.stderr
    assert OPTED_OUT not in told.stdout + told.stderr


def test_without_the_file_the_scheme_is_unknown() -> None:
    """The control: before install, the same command sends nothing."""
    with Simulator() as sandbox:
        assert 0 != apprise(url(sandbox, "5015551234"))
        assert 0 == len(sandbox.requests)


def test_the_apprise_command_retries_nobody_who_may_have_the_text() -> None:
    """With ?retry=2: one request each to who got it, who refused, and who is not heard of."""
    run("sumotext", "apprise", "install")
    with Simulator() as sandbox:
        targets = ("5015551234", OPTED_OUT, SILENT)
        code = apprise(url(sandbox, *targets, query="&timeout=1&retry=2&wait=0"))

        assert 1 == code
        assert len(targets) == len(sandbox.requests)
