"""Carrier codes are held against the documented list, and what is not on it is a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from sumotext_backend.config import Places, load, make_plan
from sumotext_backend.config.check import check, warnings
from sumotext_backend.providers.sumotext.carriers import CARRIERS, warn_unlisted

PAGE = Path(__file__).parents[3] / "docs/reference/sumotext-carriers.md"


def test_the_list_is_that_of_the_appendix() -> None:
    """Each code once, in capital letters and digits."""
    assert 169 == len(CARRIERS) == len(set(CARRIERS))
    assert {"ATTUS", "VERIZONUS", "TMOBILEUS"} <= set(CARRIERS)
    assert "VZWUS" not in CARRIERS
    assert all(code.isalnum() and code.upper() == code for code in CARRIERS)


def test_the_page_lists_them_all() -> None:
    """In the order of the appendix."""
    block = PAGE.read_text().partition("```text\n")[2].partition("```")[0]

    assert list(CARRIERS) == block.split()


@pytest.mark.parametrize(("code", "meant"), [("ATT", "ATTUS"), ("VERIZON", "VERIZONUS")])
def test_a_code_that_is_not_listed_names_the_closest(code: str, meant: str) -> None:
    """What was probably meant, in one line."""
    assert warn_unlisted(code).endswith(f"; did you mean {meant!r}?")


@pytest.mark.parametrize("code", CARRIERS)
def test_a_listed_code_is_not_odd(code: str) -> None:
    """None of the list is warned of."""
    assert "" == warn_unlisted(code)


@pytest.mark.parametrize("backend", ["sumotext", "sumotext-v2"])
def test_a_code_that_is_not_listed_is_a_warning_and_no_error(backend: str) -> None:
    """The list is of 2014: there may be others by now."""
    account = {"shortcode": "74700", "keyword": "K", "carrier": "ATT"}
    account |= {"apikey": "A"} if backend == "sumotext-v2" else {}
    found = load({"backend": backend, **account})
    words = (
        "provider 'default': option 'carrier': 'ATT' is not in SUMOTEXT's list of carriers, "
        "of 2014; did you mean 'ATTUS'?"
    )

    assert [] == check(found, Places())
    assert [words] == warnings(found, Places())
    assert (words,) == make_plan(found, "5015551234", "hello", Places()).warnings


def test_only_providers_that_may_be_asked_are_warned_of_in_a_plan() -> None:
    """`check` looks at all of them."""
    odd = "sumotext://74700/K?carrier=ATT"
    found = load({"providers": {"default": "null://", "other": odd, "chain": f"null:// || {odd}"}})

    assert () == make_plan(found, "5015551234", "hello", Places()).warnings
    assert 2 == len(warnings(found, Places()))
