"""A configuration like the program's own, of which every provider is the backend ``memory``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sumotext_backend.config import load
from sumotext_backend.exceptions import ConfigurationError


def keep_in_memory(folder: Path) -> Mapping[str, str]:
    """The environment in which each alias keeps its texts; its file is written to ``folder``.

    The aliases are those of the configuration that is found now, and ``default``. What is wrong
    with it is not told here.
    """
    file = folder / "sumotext.toml"
    file.write_text("".join(map(_table, sorted({"default", *_aliases()}))), encoding="utf-8")
    return {"SUMOTEXT_CONFIG": str(file), "SMS_DSN": "memory://"}


def _aliases() -> list[str]:
    try:
        return list(load().providers)
    except ConfigurationError:
        return []


def _table(alias: str) -> str:
    return f'[providers.{json.dumps(alias)}]\nbackend = "memory"\n'
