"""Reading a body that ought to be JSON, strictly; pure."""

from __future__ import annotations

import json
from typing import Any, Final


def parse_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object that ``body`` begins with; None where there is not a whole one.

    A name that comes twice in an object makes it none: which of the two holds is anybody's guess.
    Never raises.
    """
    text = body.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    try:
        found, _ = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _take_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(names := dict(pairs)) < len(pairs):
        raise ValueError("a name comes twice")
    return names


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_take_once)
