"""What a protocol has to say for the simulator to speak it: values and pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from sumotext_backend.models import Reason
from sumotext_backend.simulator.behaviour import Behaviour

FIELDS: Final = ("mobile", "carrier", "shortcode", "key", "msg")
"""What is kept of a text; a protocol that lacks one leaves it empty."""

Fields = Mapping[str, str]


@attrs.frozen(kw_only=True)
class Request:
    """One request; ``body`` is empty where it was too long, or not all of it came."""

    query: Mapping[str, str] = attrs.field(repr=False)
    content_type: str
    body: bytes = attrs.field(repr=False)


@attrs.frozen
class Page:
    """What is responded: ``content`` of an HTTP media type."""

    content: str = attrs.field(repr=False)
    media_type: str = "text/html"


@attrs.frozen(kw_only=True)
class Dialect:
    """One protocol: where it is spoken, and how.

    ``read`` finds the fields of a text in a request; empty where there are none.
    ``choose`` tells the behaviour that they ask for, and ``respond`` says it, with the id that the
    text got. ``reasons`` are, by name of a behaviour, what a client is told other than elsewhere.
    """

    method: str
    path: str
    read: Callable[[Request], Fields]
    choose: Callable[[Fields], Behaviour]
    respond: Callable[[Behaviour, Fields, str], Page]
    reasons: Mapping[str, Reason] = attrs.field(factory=dict)
