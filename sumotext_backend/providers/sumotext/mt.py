"""What SUMOTEXT's two protocols say alike: a text to a handset, and the shape of its id."""

from __future__ import annotations

import re
from typing import Final

import attrs

GUID: Final = re.compile(
    r"(?![0-]{36})[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE
)
"""The id of a text; anything shorter may be the beginning of one, and all zeros stand for none."""


@attrs.frozen
class Mt:
    """One text as SUMOTEXT takes it; ``mobile`` is 10 digits."""

    mobile: str = attrs.field(repr=False)
    carrier: str
    shortcode: str
    keyword: str = attrs.field(repr=False)
    text: str = attrs.field(repr=False)
