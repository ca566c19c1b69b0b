"""Runs the examples of README.md and docs/: ``python`` blocks, and ``console`` blocks.

In a ``console`` block every line that begins with ``$ `` is a command, and the lines below it what
it prints, standard error included; ``...`` there stands for anything. A command ends with exit
code 0, unless the next one is ``echo $?``. All blocks of a page share one empty directory. No name
but that of this machine is resolved, so no example can reach a real gateway.
"""

from __future__ import annotations

import doctest
import os
import re
import socket
import subprocess
import sysconfig
from collections.abc import Iterator
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
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n?", re.MULTILINE)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty directory to work in, without configuration, cut off from other machines."""
    home = tmp_path_factory.mktemp("page")
    guard = tmp_path_factory.mktemp("guard")
    (guard / "sitecustomize.py").write_text(LOOPBACK)
    with pytest.MonkeyPatch.context() as patch:
        for name in [*os.environ]:
            if name.startswith(("SMS_", "SUMOTEXT_", "XDG_")):
                patch.delenv(name)
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
    return doctest.OutputChecker().check_output(expected.strip(), output.strip(), flags)


pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS),
        CodeBlockParser("console", console),
        SkipParser(),
    ],
    patterns=["README.md", "docs/**/*.md"],
    excludes=["docs/tutorial/acme-sms/**", "docs/_build/**"],
    fixtures=["page"],
).pytest()
