"""The tests of other projects, which come with their sdists and are never kept here.

``python tests/upstream.py NAME FOLDER`` downloads the sdist of the NAME that is installed, as tox
does before it runs the tests; they themselves use no network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

VARIABLE: Final = "SUMOTEXT_TEST_SDISTS"
"""Names the folder of the downloads."""


def download(name: str, folder: Path) -> None:
    """Put the sdist of the installed ``name`` into ``folder``.

    pip reads its metadata by its own build back end, which is installed here and so is pinned.
    """
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation"]
    wanted = f"{name}=={version(name)}"
    # pip takes no constraints for an isolation that there is not.
    environ = {key: value for key, value in os.environ.items() if key != "PIP_BUILD_CONSTRAINT"}
    command = [*pip, "--no-binary", name, "-d", str(folder), wanted]
    subprocess.run(command, env=environ, check=True)


def unpack(name: str, folder: Path) -> Path:
    """The root of the sdist of the installed ``name``, unpacked into ``folder``."""
    if VARIABLE not in os.environ:
        raise RuntimeError(f"run this by tox, which downloads the sdist of {name}")
    [archive] = Path(os.environ[VARIABLE]).glob(f"{name}-{version(name)}.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


if __name__ == "__main__":
    download(sys.argv[1], Path(sys.argv[2]))
