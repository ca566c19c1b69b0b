"""Access logs without the addresses that providers call."""

from __future__ import annotations

import logging

import pytest

from sumotext_backend.inbound import HideCallbacks, make_path
from tests.inbound.cases import SECRET

PATH = make_path(SECRET, "main")
QUERY = "text=canary&from=%2B15015551234"


def shown(msg: str, *args: object) -> str:
    """What a record says once it is filtered."""
    record = logging.LogRecord("x", logging.INFO, "", 0, msg, args, None)
    assert HideCallbacks().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    "target", [PATH, f"{PATH}/", f"{PATH}?{QUERY}", f"{PATH}/?{QUERY}", f"/hooks{PATH}?{QUERY}"]
)
def test_token_and_query_are_gone(target: str) -> None:
    """In the ways in which servers write a request down."""
    for line in (
        shown('%s - "%s %s HTTP/%s" %d', "127.0.0.1", "GET", target, "1.1", 200),
        shown('"%s" %s %s', f"GET {target} HTTP/1.1", 200, 0),
        shown(f'127.0.0.1 "GET {target} HTTP/1.1" 200'),
    ):
        assert "/main/•••" in line
        assert "200" in line
        assert not any(each in line for each in ("canary", "5551234", PATH))


def test_gunicorns_atoms_have_no_query_either() -> None:
    """Whichever of them the format names."""
    atoms = {"U": PATH, "q": QUERY, "r": f"GET {PATH}?{QUERY} HTTP/1.1", "{x}e": QUERY, "s": "200"}
    line = shown("%(r)s %(U)s %(q)s %({x}e)s %(s)s", atoms)

    assert "GET /main/••• HTTP/1.1 /main/••• ••• ••• 200" == line


@pytest.mark.parametrize(
    "target",
    ["/", "/about?q=1", "/orders/1234567890123456789012345", "/static/a.css", "/main/short"],
)
def test_all_else_stays(target: str) -> None:
    """Other pages of the same server."""
    assert f"GET {target} 200" == shown("GET %s 200", target)
    assert f"{target} q=1" == shown("%(U)s %(q)s", {"U": target, "q": "q=1"})
