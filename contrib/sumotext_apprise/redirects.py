"""Keeps Apprise's plugins from following redirects while a text of ours is sent.

A plugin posts by `requests`, which follows them by itself: after a 307 or 308 the text is posted
again. Neither Apprise nor `requests.post` has a setting for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import requests

_refused: Final = ContextVar("refused", default=False)


def _install() -> None:
    """Make each session ask `_refused` before it follows a redirect; again does nothing more."""
    original: Any = requests.Session.get_redirect_target
    if getattr(original, "asks_sumotext", False):
        return

    def get_redirect_target(self: requests.Session, response: requests.Response) -> Any:
        return None if _refused.get() else original(self, response)

    get_redirect_target.asks_sumotext = True  # type: ignore[attr-defined]
    requests.Session.get_redirect_target = get_redirect_target  # type: ignore[assignment,method-assign]


@contextmanager
def refuse_redirects() -> Iterator[None]:
    """Let no session of `requests` follow a redirect in this thread (or task), for the block."""
    _install()
    token = _refused.set(True)
    try:
        yield
    finally:
        _refused.reset(token)
