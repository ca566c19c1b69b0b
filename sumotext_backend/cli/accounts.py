"""The one provider of a configuration that a command is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.cli.arguments import load_configuration
from sumotext_backend.config import build
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.routing.tree import leaves


@attrs.frozen
class Where:
    """What a command says of the provider that it is about, and of how to print."""

    using: str | None = attrs.field(repr=False)
    config: str | None
    as_json: bool = False


@contextmanager
def open_one(
    where: Where, fits: Callable[[SmsBackend], bool], what: str
) -> Iterator[tuple[str, Any]]:
    """The one provider in what ``--using`` names that ``fits``, and its alias.

    It is closed after the block. ``what`` it is, for errors. Raises `ConfigurationError` for
    none, and for several.
    """
    backend = build(load_configuration(where.using, where.config))
    try:
        yield _choose([(alias, leaf) for alias, leaf in leaves(backend) if fits(leaf)], what)
    finally:
        backend.close()


def _choose(found: list[tuple[str, SmsBackend]], what: str) -> tuple[str, SmsBackend]:
    if not found:
        raise ConfigurationError(f"there is no {what}; name one with --using")
    if len(found) > 1:
        names = ", ".join(dict.fromkeys(alias or "(no alias)" for alias, _ in found))
        raise ConfigurationError(f"there is more than one {what} ({names}); name one with --using")
    return found[0]
