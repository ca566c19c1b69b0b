"""`HideCallbacks`: access logs of servers without the addresses that providers call; pure."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, Final

from sumotext_backend.inbound.settings import TOKEN

HIDDEN: Final = "•••"
_ADDRESS: Final = re.compile(rf"(?<=/)[\w-]{{{TOKEN}}}(?=[/?\s\"']|$)/?(?:\?[^\s\"']*)?", re.ASCII)


class HideCallbacks(logging.Filter):
    """A filter of `logging` for loggers such as ``uvicorn.access``, ``gunicorn.access``.

    Every record goes through, and of a callback's address neither the token nor the query: they
    are the secret, and somebody's number and text. What has no token stays as it is.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite ``record``; always true."""
        record.msg, record.args = _hide(record.msg), _hide_all(record.args)
        return True


def _hide(value: Any) -> Any:
    return _ADDRESS.sub(HIDDEN, value) if isinstance(value, str) else value


def _hide_all(given: Any) -> Any:
    if isinstance(given, tuple):
        return tuple(map(_hide, given))
    if isinstance(given, Mapping):
        _hide_atoms(given)
    return given


def _hide_atoms(atoms: Any) -> None:
    """Of gunicorn, which has the query of a request beside its path, too."""
    query = atoms.get("q") if _hide(atoms.get("U")) != atoms.get("U") else ""
    for name, value in atoms.items():
        shown = _hide(value)
        atoms[name] = shown.replace(query, HIDDEN) if query and isinstance(shown, str) else shown
