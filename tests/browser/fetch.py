"""Fetches what drives and judges the inbox, and is never kept here: ``python fetch.py FOLDER``.

That is Debian's Chromium, where apt may install it, and axe-core, where there is npm. tox does so
before the tests, which themselves use no network. What cannot be had is said, and the tests that
need it are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PACKAGE: Final = "axe-core@4.14.1"
JUDGE: Final = "axe.min.js"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """Where Chromium is; None where it is not installed."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def install_browser() -> str:
    """Install Chromium by apt, where it is missing; what was done, in one line."""
    if find_browser():
        return "Chromium is there"
    apt = shutil.which("apt-get")
    if not apt or os.geteuid():
        return "no Chromium, and no right to install it by apt: what needs it is skipped"
    for command in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
        _run([apt, *command], {"DEBIAN_FRONTEND": "noninteractive"})
    return "Chromium was installed" if find_browser() else "apt gave no Chromium"


def fetch_judge(folder: Path) -> str:
    """Put axe-core into ``folder``; what was done, in one line."""
    folder.mkdir(parents=True, exist_ok=True)
    npm = shutil.which("npm")
    if (folder / JUDGE).exists():
        return f"{JUDGE} is there"
    if not npm:
        return f"no npm: {JUDGE} cannot be fetched, and what needs it is skipped"
    _run([npm, "pack", "--silent", "--pack-destination", str(folder), PACKAGE])
    archives = [*folder.glob("*.tgz")]
    if not archives:
        return f"npm gave no {PACKAGE}, and what needs it is skipped"
    with tarfile.open(archives[0]) as packed:
        member = packed.getmember(f"package/{JUDGE}")
        member.name = JUDGE
        packed.extract(member, folder, filter="data")
    return f"{JUDGE} of {PACKAGE} was fetched"


def _run(command: Sequence[str], environ: dict[str, str] | None = None) -> None:
    subprocess.run(
        command,
        check=False,
        capture_output=True,
        timeout=600,
        env={**os.environ, **(environ or {})},
    )


if __name__ == "__main__":
    print(install_browser())  # noqa: T201 - a script
    print(fetch_judge(Path(sys.argv[1])))  # noqa: T201
