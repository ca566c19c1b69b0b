"""The page on what of SUMOTEXT is handled where names what is there, and leaves nothing out."""

from __future__ import annotations

import functools
import importlib
import re
from pathlib import Path

import pytest

from sumotext_backend.providers.sumotext import groups, lookup_wire, report_wire, v2_wire
from sumotext_backend.providers.sumotext.legacy_wire import SEND_MT

PAGE = Path(__file__).parents[3] / "docs/reference/sumotext-coverage.md"
HOME = "sumotext_backend.providers.sumotext"
HANDLER = re.compile(r"`((?:sumotext_backend\.http\.)?[a-z_0-9]+\.[A-Za-z_.0-9]+)`")
FILES = (".aspx", ".toml")


@functools.cache
def page() -> str:
    """The page."""
    return PAGE.read_text("utf-8")


def handlers() -> list[str]:
    """The names of functions on it."""
    return sorted({name for name in HANDLER.findall(page()) if not name.endswith(FILES)})


@pytest.mark.parametrize("name", handlers())
def test_a_handler_is_there(name: str) -> None:
    """A name on the page is one in the code."""
    whole = name if name.startswith("sumotext_backend") else f"{HOME}.{name}"
    parts = whole.split(".")
    if whole.startswith(HOME):
        module, attributes = ".".join(parts[:4]), parts[4:]
    else:
        module, attributes = "sumotext_backend.http", parts[2:]

    assert functools.reduce(getattr, attributes, importlib.import_module(module))


@pytest.mark.parametrize(
    "endpoint",
    [
        SEND_MT,
        report_wire.REPORT,
        lookup_wire.LOOKUP,
        groups.GROUPS,
        groups.OPT_IN,
        v2_wire.SEND_MT.lstrip("/"),
        lookup_wire.LOOKUP_V2.lstrip("/"),
    ],
)
def test_every_endpoint_is_on_the_page(endpoint: str) -> None:
    """What we ask for somebody can look up."""
    assert endpoint in page()


def test_the_page_has_enough_handlers_to_be_worth_checking() -> None:
    """The check would pass on an empty page."""
    assert len(handlers()) > 12
