"""The built documentation, of which these tests say what must be in it: ``tox run -e docs``."""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path

import pytest

LINE = re.compile(r"(.+?) ([\w-]+:[\w-]+) -?\d+ \S* .*")
"""A line of objects.inv: a name, its kind, and where it is."""


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder that ``$SUMOTEXT_TEST_SITE`` names; without it there is nothing to look at."""
    folder = os.environ.get("SUMOTEXT_TEST_SITE")
    if not folder:
        pytest.skip("no documentation is built: tox run -e docs does so")
    return Path(folder)


@pytest.fixture(scope="session")
def inventory(site: Path) -> set[tuple[str, str]]:
    """What other documentation can link to here: pairs of kind and name, from objects.inv."""
    body = (site / "objects.inv").read_bytes().split(b"\n", 4)[4]
    lines = zlib.decompress(body).decode().splitlines()
    found = (LINE.match(line) for line in lines)
    return {(each[2], each[1]) for each in found if each}
