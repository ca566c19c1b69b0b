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
from collections.abc import Callable
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

Take = Callable[[tarfile.TarFile, Path], None]
"""Unpacks what is wanted of an archive to a place."""


def fetch(folder: Path) -> list[str]:
    """Put all of it into ``folder``; what was done, a line each."""
    folder.mkdir(parents=True, exist_ok=True)
    _link_client(folder)
    more = f"; ${CLIENT_VARIABLE} may name a checkout"
    return [
        _fetch(folder, SPECIFICATION, PACKAGE, _take_specification),
        _fetch(folder, VALIDATOR_FOLDER, VALIDATOR, _take_all),
        _fetch(folder, CLIENT_FOLDER, CLIENT, _take_all, more),
    ]


def _link_client(folder: Path) -> None:
    """Take the checkout of the client that is there already, if one is named."""
    own, place = os.environ.get(CLIENT_VARIABLE), folder / CLIENT_FOLDER
    if own and not place.exists():
        place.mkdir()
        (place / "package").symlink_to(Path(own).resolve())


def _fetch(folder: Path, name: str, package: str, take: Take, more: str = "") -> str:
    """Put what ``take`` takes of ``package`` at ``name`` in ``folder``; what was done."""
    if (folder / name).exists():
        return f"{name} is there"
    archive = _pack(folder, package)
    if archive is None:
        return f"npm gave no {name} of {package}, and what needs it is skipped{more}"
    with tarfile.open(archive) as packed:
        take(packed, folder / name)
    return f"{name} of {package} was fetched"


def _take_all(packed: tarfile.TarFile, place: Path) -> None:
    packed.extractall(place, filter="data")


def _take_specification(packed: tarfile.TarFile, place: Path) -> None:
    member = next(each for each in packed if each.name.endswith(f"/{place.name}"))
    member.name = place.name
    packed.extract(member, place.parent, filter="data")


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
