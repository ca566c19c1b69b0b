"""https before http: some of the legacy gateway's pages are documented under http alone."""

from __future__ import annotations

from contextlib import closing
from typing import Final

import attrs

from sumotext_backend.http import HttpBackend, NoResponse, Request, Response
from sumotext_backend.models import Reason

_HTTPS: Final = "https://"
_NOT_THERE: Final = (Reason.UNREACHABLE, Reason.TLS)


def exchange(backend: HttpBackend, request: Request) -> Response | NoResponse:
    """Send ``request``, once: by https, and by http where no https came about at all.

    By http only where the owner permits it (``allow_plain_http``), as the number can be read on
    the way. Never raises for what a network or a server does.
    """
    response = backend.exchange(request)
    there = isinstance(response, Response) or response.reason not in _NOT_THERE
    if there or not (backend.allow_plain_http and backend.base_url.startswith(_HTTPS)):
        return response
    plain = attrs.evolve(backend, base_url=f"http://{backend.base_url.removeprefix(_HTTPS)}")
    with closing(plain):
        return plain.exchange(request)
