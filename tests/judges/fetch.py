"""Fetches Twilio's own specification, which is never kept here: ``python fetch.py FOLDER``.

It comes with an npm package; tox fetches it before the tests, which themselves use no network.
Where there is no npm this says so, and the tests that need it are skipped.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

PACKAGE: Final = "@twilio/cli-core@9.0.0"
SPECIFICATION: Final = "twilio_api_v2010.json"


def fetch(folder: Path) -> str:
    """Put the specification into ``folder``; what was done, in one line."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / SPECIFICATION).exists():
        return f"{SPECIFICATION} is there"
    npm = shutil.which("npm")
    if not npm:
        return f"no npm: {SPECIFICATION} cannot be fetched, and what needs it is skipped"
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), PACKAGE]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    archives = [*folder.glob("*.tgz")]
    if ended.returncode or not archives:
        return f"npm gave no {PACKAGE}, and what needs it is skipped"
    with tarfile.open(archives[0]) as packed:
        member = next(each for each in packed if each.name.endswith(f"/{SPECIFICATION}"))
        member.name = SPECIFICATION
        packed.extract(member, folder, filter="data")
    return f"{SPECIFICATION} of {PACKAGE} was fetched"


if __name__ == "__main__":
    print(fetch(Path(sys.argv[1])))  # noqa: T201 - a script
