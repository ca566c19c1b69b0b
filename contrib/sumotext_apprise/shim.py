"""The file on Apprise's plugin path that makes the ``apprise`` command know ``sumotext://``.

Apprise finds plugins by path only. Its command and Apprise-API import each file there, so one
that calls `register` is enough.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from sumotext_backend import ConfigurationError

FILE: Final = "sumotext.py"
FOLDER: Final = "~/.config/apprise/plugins"
VARIABLE: Final = "APPRISE_PLUGIN_PATH"
API_VARIABLE: Final = "APPRISE_PLUGIN_PATHS"
"""What Apprise-API reads: folders with commas between; ``var/plugin`` of its own where unset."""

MARK: Final = '"""Makes sumotext:// known to Apprise; written by `sumotext apprise install`."""'
SHIM: Final = f"{MARK}\n\nfrom sumotext_apprise import register\n\nregister()\n"

State = Literal["ours", "foreign", "none"]


def folder(given: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the shim belongs: ``given``, else the first of $APPRISE_PLUGIN_PATH, else Apprise's.

    Raises `ConfigurationError` where there is no home directory.
    """
    listed = re.split(r"[\r\n;]+", environ.get(VARIABLE, "").strip())[0].strip()
    try:
        return (given or Path(listed or FOLDER)).expanduser()
    except RuntimeError:
        pass
    raise ConfigurationError("there is no home directory; name the plugin folder with --path")


def state(place: Path) -> State:
    """Whose file is at ``place``. Raises `ConfigurationError` for one that cannot be read."""
    try:
        return "ours" if place.read_bytes().startswith(MARK.encode()) else "foreign"
    except FileNotFoundError:
        return "none"
    except OSError as error:
        why = error.strerror or type(error).__name__
    raise ConfigurationError(f"{place} cannot be read ({why}); name another folder with --path")


def install(place: Path) -> None:
    """Write the shim to ``place``; again does nothing more.

    Raises `ConfigurationError` where a file of somebody else is, or none can be written.
    """
    _refuse_foreign(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(SHIM, encoding="utf-8")
    except OSError as error:
        why = error.strerror or type(error).__name__
    else:
        return
    raise ConfigurationError(f"{place} cannot be written ({why}); name another folder with --path")


def uninstall(place: Path) -> bool:
    """Remove the shim from ``place``; whether there was one.

    Raises `ConfigurationError` where the file is somebody else's, or cannot be removed.
    """
    _refuse_foreign(place)
    try:
        place.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        why = error.strerror or type(error).__name__
    else:
        return True
    raise ConfigurationError(f"{place} cannot be removed ({why})")


def _refuse_foreign(place: Path) -> None:
    if state(place) == "foreign":
        raise ConfigurationError(
            f"{place} was not written by this command and is left alone; "
            "move it away, or name another folder with --path"
        )
