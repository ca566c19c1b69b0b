"""The request that a send would make, as it may be shown: without a value of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import attrs

from sumotext_backend.models import Message, SendResult, Verdict

if TYPE_CHECKING:
    from sumotext_backend.backend import SmsBackend
    from sumotext_backend.http import Request


@attrs.frozen
class ShownRequest:
    """One request: ``url`` without its query, of which only the names are kept."""

    method: str
    url: str
    parameters: tuple[str, ...]
    body_bytes: int | None


def rehearse(backend: SmsBackend, message: Message) -> SendResult | ShownRequest | None:
    """The request that ``backend`` would make for ``message``, without making it.

    A `SendResult` where it would make none (the number is wrong, say).
    None for a backend that does not speak HTTP, which is left alone.
    """
    from sumotext_backend.http import HttpBackend, prepare

    if not isinstance(backend, HttpBackend):
        return None
    ready = prepare(backend, message)
    if isinstance(ready, Verdict):
        return SendResult.of(backend.name, message, ready)
    return show(backend.base_url, ready.request)


def show(base_url: str, request: Request) -> ShownRequest:
    """``request`` below ``base_url`` as it may be shown."""
    path, _, query = request.target.partition("?")
    return ShownRequest(
        method=request.method,
        url=base_url.rstrip("/") + path,
        parameters=tuple(name for name, _ in parse_qsl(query, keep_blank_values=True)),
        body_bytes=None if request.body is None else len(request.body),
    )
