"""How a command of ``manage.py`` ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from sumotext_backend.render import Exit

Arguments = Mapping[str, Any]


@attrs.frozen
class Ended:
    """How a command ended: ``words`` for stdout, ``notes`` and, unless ``code`` is 0, ``error``."""

    words: str = ""
    code: Exit = Exit.ACCEPTED
    error: str = ""
    notes: tuple[str, ...] = ()


class UsageError(Exception):
    """An argument is wrong: how, in one line without the argument."""
