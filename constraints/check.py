"""Compares what is installed with what is pinned: ``python constraints/check.py [FOLDER ...]``.

A FOLDER is a ``site-packages``; without one it is that of this Python. The pins are those of the
files that ``$UV_CONSTRAINT`` names. Needs nothing but Python. Exit code 1 where a version was
chosen by the day on which it was installed.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

OWN: Final = {"sumotext-backend", "acme-sms"}
_LINE: Final = re.compile(r"([\w.-]+)==([\w.!+-]+)")

Pins = Mapping[str, set[str]]


def normalize(name: str) -> str:
    """``name`` as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read(text: str) -> Pins:
    """The pinned versions by name: several where they differ from Python to Python."""
    pins: dict[str, set[str]] = {}
    for name, version in filter(None, map(_pin, text.splitlines())):
        pins.setdefault(normalize(name), set()).add(version)
    return pins


def _pin(line: str) -> tuple[str, str] | None:
    found = _LINE.match(line)
    return (found[1], found[2]) if found else None


def compare(installed: Iterator[Distribution], pins: Pins) -> Iterator[str]:
    """One line for each of ``installed``, in their order, that is not as ``pins`` say."""
    for each in installed:
        name = normalize(each.metadata["Name"])
        wanted = " or ".join(sorted(pins.get(name, ()))) or "not pinned"
        if name not in OWN and each.version not in pins.get(name, ()):
            yield f"{name}: {each.version} is installed, {wanted}"


def main(folders: list[str], environ: Mapping[str, str]) -> str | None:
    """None where all is as pinned, else what is wrong and how to mend it."""
    files = environ.get("UV_CONSTRAINT", "").split()
    if not files:
        return "error: UV_CONSTRAINT names no file of constraints/"
    pins = read("\n".join(Path(file).read_text("utf-8") for file in files))
    found = list(distributions(path=folders or [sysconfig.get_path("purelib")]))
    wrong = sorted(compare(iter(found), pins))
    print(f"{len(found)} distributions, {len(wrong)} not as pinned")
    if not wrong and found:
        return None
    mend = "pin what is new by `bash constraints/refresh`, then make the environment anew (tox -r)"
    return "\n".join([*wrong, f"error: not as {' '.join(files)} says; {mend}"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
