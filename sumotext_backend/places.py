"""Where configuration is looked for and state is kept: the environment and two folders."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

import attrs

Kind = Literal["config", "state"]


@attrs.frozen
class Places:
    """What the surroundings of a process say; `here` reads it off the real ones.

    ``cwd`` is the folder in which ``sumotext.toml`` and ``pyproject.toml`` are looked for, and
    ``home`` the user's. ``native`` asks platformdirs, where it is installed, for the user's
    folders; without it, and on Linux, they are those of the XDG Base Directory Specification.
    """

    environ: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    cwd: Path = Path()
    home: Path = Path("~")
    native: bool = False

    @classmethod
    def here(cls) -> Self:
        """Those of this process. Never raises: a folder that is gone just holds no file."""
        return cls(os.environ, Path(), Path(os.path.expanduser("~")), native=True)  # noqa: PTH111

    def state_dir(self) -> Path:
        """The folder that state is kept in: ``$SUMOTEXT_STATE_DIR``, or the user's own."""
        named = self.environ.get("SUMOTEXT_STATE_DIR", "")
        return self.expand(named, self.cwd) if named else self._own("state")

    def config_dir(self) -> Path:
        """The folder of the user's own configuration."""
        return self._own("config")

    def expand(self, path: str, folder: Path) -> Path:
        """``path``, below ``folder`` where it is relative, with the user's home for ``~``."""
        if path == "~" or path.startswith("~/"):
            return self.home / path[2:]
        return folder / path

    def _own(self, kind: Kind) -> Path:
        return (_native(kind) if self.native else None) or self._xdg(kind)

    def _xdg(self, kind: Kind) -> Path:
        named = Path(self.environ.get(f"XDG_{kind.upper()}_HOME", ""))
        usual = self.home / (".config" if kind == "config" else ".local/state")
        return (named if named.is_absolute() else usual) / "sumotext"


def _native(kind: Kind) -> Path | None:
    if sys.platform == "linux":  # where it says the same, and a send would wait for its import
        return None
    try:
        import platformdirs
    except ImportError:
        return None
    own = platformdirs.user_config_path if kind == "config" else platformdirs.user_state_path
    return own("sumotext", appauthor=False)
