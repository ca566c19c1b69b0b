"""The one walker over composites."""

from __future__ import annotations

from typing import ClassVar

import attrs

from sumotext_backend import SmsBackend, connect
from sumotext_backend.local import MemoryBackend, NullBackend
from sumotext_backend.routing import (
    Fallback,
    Redirect,
    Retry,
    Route,
    children,
    leaves,
    replace,
    unwrap,
    walk,
)

MAIN, BACKUP, LAST = MemoryBackend(), NullBackend(), MemoryBackend(reason="TLS")
INNER = Retry(of=Route(provider="backup", of=BACKUP))
TREE = Fallback(
    chain=(
        Route(provider="main", of=MAIN),
        Route(provider="pair", of=INNER),
        Redirect(of=LAST, to="5015551234"),
    )
)


@attrs.frozen(kw_only=True)
class Strange(MemoryBackend):
    """A composite of somebody else's, that may hold nobody."""

    name: ClassVar[str] = "strange"

    inside: SmsBackend | None = None


def test_children_are_what_a_backend_holds() -> None:
    """In order; whatever its option is called, and none that is not set."""
    assert list(TREE.chain) == children(TREE)
    assert [MAIN] == children(TREE.chain[0])
    assert [] == children(MAIN)
    assert [] == children(Strange())
    assert [MAIN] == children(Strange(inside=MAIN))


def test_leaves_are_those_that_send_under_their_aliases() -> None:
    """The nearest alias, or the one that was given for the whole."""
    assert [("main", MAIN), ("backup", BACKUP), ("default", LAST)] == list(leaves(TREE, "default"))
    assert [("", MAIN)] == list(leaves(MAIN))


def test_a_walk_meets_all_but_the_routes() -> None:
    """A route is no more than a name."""
    assert ["fallback", "memory", "retry", "null", "redirect", "memory"] == [
        each.name for each in walk(TREE)
    ]
    assert INNER is unwrap(Route(provider="a", of=Route(provider="b", of=INNER)))


def test_replacing_leaves_the_rest_as_it_is() -> None:
    """Aliases, options and order; what holds nobody is itself."""

    def silence(backend: SmsBackend) -> SmsBackend:
        return replace(backend, silence) if children(backend) else NullBackend()

    silent = silence(TREE)

    assert [("main", "null"), ("backup", "null"), ("", "null")] == [
        (alias, leaf.name) for alias, leaf in leaves(silent)
    ]
    assert MAIN is replace(MAIN, silence)


def test_a_configuration_makes_such_a_tree() -> None:
    """Its aliases are those of the leaves."""
    providers = {"default": "a || retry(b)", "a": "memory://", "b": "null://"}
    with connect({"providers": providers}) as sender:
        found = [(alias, leaf.name) for alias, leaf in leaves(sender.backend)]

    assert [("a", "memory"), ("b", "null")] == found
