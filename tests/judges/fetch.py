"""Fetches what others wrote and is never kept here: ``python fetch.py FOLDER``.

Twilio's own specification comes with an npm package, Amazon's own validator of SNS's messages is
one, and SUMOTEXT's own client for Node.js is one in its repository, of which npm registries have
none; tox fetches them before the tests, which
themselves use no network. Where there is no npm, or where it does not reach that repository, this
says so, and the tests that need them are skipped. A checkout of the client that is there already is
taken from where ``SUMOTEXT_TEST_NODE_CLIENT`` says.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

PACKAGE: Final = "@twilio/cli-core@9.0.0"
SPECIFICATION: Final = "twilio_api_v2010.json"

VALIDATOR: Final = "sns-validator@0.3.5"
VALIDATOR_FOLDER: Final = "sns-validator"

CLIENT: Final = "github:SUMOTEXT/sumo-nodejs#c648b563c8d13077b3d6c53ba4df34c500b3be76"
CLIENT_FOLDER: Final = "sumo-nodejs"
CLIENT_VARIABLE: Final = "SUMOTEXT_TEST_NODE_CLIENT"

# npm would wait for 10 seconds and then for 60 where a host cannot be reached.
PATIENCE: Final = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")


def fetch(folder: Path) -> list[str]:
    """Put all of it into ``folder``; what was done, a line each."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_fetch_specification(folder), _fetch_validator(folder), _fetch_client(folder)]


def _fetch_specification(folder: Path) -> str:
    if (folder / SPECIFICATION).exists():
        return f"{SPECIFICATION} is there"
    archive = _pack(folder, PACKAGE)
    if archive is None:
        return f"npm gave no {PACKAGE}, and what needs it is skipped"
    with tarfile.open(archive) as packed:
        member = next(each for each in packed if each.name.endswith(f"/{SPECIFICATION}"))
        member.name = SPECIFICATION
        packed.extract(member, folder, filter="data")
    return f"{SPECIFICATION} of {PACKAGE} was fetched"


def _fetch_validator(folder: Path) -> str:
    if (folder / VALIDATOR_FOLDER).exists():
        return f"{VALIDATOR_FOLDER} is there"
    archive = _pack(folder, VALIDATOR)
    if archive is None:
        return f"npm gave no {VALIDATOR}, and what needs it is skipped"
    with tarfile.open(archive) as packed:
        packed.extractall(folder / VALIDATOR_FOLDER, filter="data")
    return f"{VALIDATOR} was fetched"


def _fetch_client(folder: Path) -> str:
    if (folder / CLIENT_FOLDER).exists():
        return f"{CLIENT_FOLDER} is there"
    if own := os.environ.get(CLIENT_VARIABLE):
        (folder / CLIENT_FOLDER).mkdir()
        (folder / CLIENT_FOLDER / "package").symlink_to(Path(own).resolve())
        return f"{CLIENT_FOLDER} is taken from where ${CLIENT_VARIABLE} says"
    archive = _pack(folder, CLIENT)
    if archive is None:
        return (
            f"npm gave no {CLIENT_FOLDER}, and what needs it is skipped; "
            f"${CLIENT_VARIABLE} may name a checkout"
        )
    with tarfile.open(archive) as packed:
        packed.extractall(folder / CLIENT_FOLDER, filter="data")
    return f"{CLIENT_FOLDER} was fetched"


def _pack(folder: Path, package: str) -> Path | None:
    """The archive of ``package``; None where there is no npm, or none of it to be had."""
    npm = shutil.which("npm")
    if not npm:
        return None
    pack = [npm, "pack", "--silent", *PATIENCE, "--pack-destination", str(folder)]
    before = {*folder.glob("*.tgz")}
    try:
        ended = subprocess.run(
            [*pack, package], check=False, capture_output=True, text=True, timeout=120
        )
    except subprocess.TimeoutExpired:
        return None
    made = {*folder.glob("*.tgz")} - before
    return None if ended.returncode or not made else made.pop()


if __name__ == "__main__":
    print("\n".join(fetch(Path(sys.argv[1]))))  # noqa: T201 - a script
