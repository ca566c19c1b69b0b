"""A send up to the request, which is kept instead of made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import attrs

from sumotext_backend.models import Message, Reason, SendResult
from sumotext_backend.options import options_of

if TYPE_CHECKING:
    from sumotext_backend.backend import SmsBackend
    from sumotext_backend.http import HttpBackend, NoAnswer


@attrs.frozen
class Request:
    """One request: ``url`` without its query, of which only the names are kept."""

    method: str
    url: str
    parameters: tuple[str, ...]
    body_bytes: int | None


def rehearse(backend: SmsBackend, message: Message) -> SendResult | Request | None:
    """The request that ``backend`` would make for ``message``, without making it.

    A `SendResult` where it would make none (the number is wrong, say).
    None for a backend that does not speak HTTP, which is left alone.
    """
    from sumotext_backend.http import HttpBackend

    if not isinstance(backend, HttpBackend):
        return None
    seen: list[Request] = []
    result = _recording(backend, seen).send(message)
    return seen[0] if seen else result


def _recording(backend: HttpBackend, seen: list[Request]) -> HttpBackend:
    """A twin of ``backend`` whose one way to the network is a list."""
    from sumotext_backend.http import NoAnswer

    def exchange(
        _self: HttpBackend, target: str, *, body: bytes | None = None, **_rest: Any
    ) -> NoAnswer:
        seen.append(request_of(backend.base_url, target, body))
        return NoAnswer(Reason.UNAVAILABLE, "a rehearsal")

    cls = type(backend)
    twin: type[HttpBackend] = type(cls.__name__, (cls,), {"exchange": exchange, "__slots__": ()})
    return twin(**_options(backend))


def _options(backend: HttpBackend) -> Mapping[str, Any]:
    return {name: getattr(backend, name) for name in options_of(type(backend))}


def request_of(base_url: str, target: str, body: bytes | None) -> Request:
    """``target`` below ``base_url`` as a `Request`: a POST where there is a ``body``."""
    path, _, query = target.partition("?")
    names = tuple(name for name, _ in parse_qsl(query, keep_blank_values=True))
    method = "GET" if body is None else "POST"
    return Request(method, base_url.rstrip("/") + path, names, None if body is None else len(body))
