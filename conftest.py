"""Runs the examples of README.md and docs/: ``python`` blocks, and ``console`` blocks.

In a ``console`` block every line that begins with ``$ `` is a command, and the lines below it what
it prints, standard error included; ``...`` there stands for anything, and one id, moment or time
for another. A command ends with exit code 0, unless the next one is ``echo $?``. All blocks of a
page share one empty directory. No name but that of this machine is resolved, so no example can
reach a real gateway.

No test, and no process that one starts, sees the home or the configuration of who runs it. The
home that they see in its place stays empty: a test writes into folders of its own, and one that
does not fails.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import signal
import socket
import subprocess
import sysconfig
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser

LOOPBACK = """
import socket
found = socket.getaddrinfo
def getaddrinfo(host, *args, **kwargs):
    if host not in (None, "", "localhost", "127.0.0.1", "::1"):
        raise socket.gaierror(socket.EAI_NONAME, "examples reach this machine only")
    return found(host, *args, **kwargs)
socket.getaddrinfo = getaddrinfo
"""
FOREIGN = ("SMS_", "SUMOTEXT_", "XDG_", "APPRISE_")
OWN = "SUMOTEXT_TEST_"
VARIES = {
    r"\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b": "an id",
    r"\b[0-9a-f]{32}\b": "an id",
    r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*": "a moment",
    r"\b\d+(?:\.\d+)? ms\b": "a time",
}
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n?", re.MULTILINE)


def _isolate() -> Path:
    """An empty home in place of the user's, in this process and in all that it starts."""
    for name in [*os.environ]:
        if name.startswith(FOREIGN) and not name.startswith(OWN):
            del os.environ[name]
    os.environ["HOME"] = tempfile.mkdtemp(prefix="empty-home-")
    return Path(os.environ["HOME"])


# Whoever starts tests in the background may ignore Ctrl-C, and so would all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Now, before anything that reads the home is imported.
HOME = _isolate()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None]:
    """Fail the test that left something in the home."""
    yield
    left = sorted(str(path.relative_to(HOME)) for path in HOME.rglob("*") if not path.is_dir())
    for path in [*HOME.iterdir()]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    assert not left, f"left in the home, and not in a folder of the test's own: {left}"


def pytest_unconfigure() -> None:
    """Remove the home."""
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty directory to work in, without configuration, cut off from other machines."""
    home = tmp_path_factory.mktemp("page")
    guard = tmp_path_factory.mktemp("guard")
    (guard / "sitecustomize.py").write_text(LOOPBACK)
    with pytest.MonkeyPatch.context() as patch:
        scripts = sysconfig.get_path("scripts")
        patch.setenv("PATH", os.pathsep.join([scripts, os.environ["PATH"]]))
        patch.setenv("PYTHONPATH", str(guard))
        patch.setenv("HOME", str(home))
        patch.setenv("NO_COLOR", "1")
        patch.setenv("COLUMNS", "80")
        patch.setattr(socket, "getaddrinfo", socket.getaddrinfo)
        exec(LOOPBACK, {})
        patch.chdir(home)
        yield home


def console(example: Example) -> None:
    """Run the commands of a block and compare what they print."""
    _, *parts = COMMAND.split(example.parsed)
    pairs = [*zip(parts[::2], parts[1::2], strict=True)]
    code = 0
    for number, (command, expected) in enumerate(pairs):
        shown = number + 1 < len(pairs) and pairs[number + 1][0] == "echo $?"
        output, code = _run(f"(exit {code})\n{command}")

        assert _same(expected, output), f"$ {command}\nexpected:\n{expected}\nprinted:\n{output}"
        assert shown or code == 0, f"$ {command}\nended with {code} and printed:\n{output}"


def _run(script: str) -> tuple[str, int]:
    ended = subprocess.run(
        ["bash", "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.stdout, ended.returncode


def _same(expected: str, output: str) -> bool:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    wanted, printed = (_mask(each.strip()) for each in (expected, output))
    return doctest.OutputChecker().check_output(wanted, printed, flags)


def _mask(text: str) -> str:
    """``text`` with a word in place of each id, moment and time that differs from run to run."""
    for shape, word in VARIES.items():
        text = re.sub(shape, word, text)
    return text


pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS),
        CodeBlockParser("console", console),
        SkipParser(),
    ],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    excludes=["docs/tutorial/acme-sms/**", "docs/_build/**"],
    fixtures=["page"],
).pytest()
