"""`Request`: one HTTP request as a provider describes it; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

Enough = Callable[[bytes], bool]


def _never(_body: bytes) -> bool:
    return False


@attrs.frozen(kw_only=True)
class Request:
    """One request. Its repr shows the method and nothing else.

    ``target`` is path and query below the backend's ``base_url``, percent-encoded.
    ``enough(body so far)`` tells that no more of the response need be read.
    """

    target: str = attrs.field(repr=False)
    method: str = "GET"
    body: bytes | None = attrs.field(default=None, repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    enough: Enough = attrs.field(default=_never, repr=False)
