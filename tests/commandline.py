"""The ``sumotext`` command for tests: in a process of its own, or, much quicker, in this one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import Final

import pytest

COMMAND: Final = [sys.executable, "-m", "sumotext_backend.cli"]
TO: Final = "5015559876"
TEXT: Final = "canary-7d1f in the text"
KEYWORD: Final = "CANARYKEY"
PRIVATE: Final = (TO, "9876", "canary", "CANARY")

_FOREIGN: Final = ("SMS_", "SUMOTEXT_", "XDG_", "NO_COLOR")
NOWHERE: Final = "/dev/null/home"
"""A folder in which nothing is found, and which nobody can make."""


def environment(**extra: str) -> dict[str, str]:
    """This process's environment without the settings and the home of whoever runs the tests.

    The state folder is that of the test.
    """
    kept = {name: each for name, each in os.environ.items() if not _is_foreign(name)}
    state = {"SUMOTEXT_STATE_DIR": os.environ.get("SUMOTEXT_STATE_DIR", NOWHERE)}
    return {**kept, **state, "HOME": NOWHERE, "COLUMNS": "100", **extra}


def _is_foreign(name: str) -> bool:
    return name.startswith(_FOREIGN)


def spawned(
    *args: str | bytes, stdin: bytes = b"", **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    ended = subprocess.run(
        [*COMMAND, *args],
        input=stdin,
        capture_output=True,
        env=environment(**extra),
        timeout=120,
        check=False,
    )
    return subprocess.CompletedProcess(
        ended.args, ended.returncode, ended.stdout.decode(), ended.stderr.decode()
    )


def sumotext(
    *args: str | bytes, stdin: bytes = b"", **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, from its arguments to its exit code, on streams of ours."""
    from sumotext_backend.cli.app import run

    given, told, said = (io.TextIOWrapper(io.BytesIO(body), "utf-8") for body in (stdin, b"", b""))
    wanted = environment(**extra)
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(_is_foreign, [*os.environ]):
            patch.delenv(name)
        for name, value in wanted.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", given)
        patch.setattr(sys, "stdout", told)
        patch.setattr(sys, "stderr", said)
        code = run([os.fsdecode(arg) for arg in args])
    return subprocess.CompletedProcess(args, code, _written(told), _written(said))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
