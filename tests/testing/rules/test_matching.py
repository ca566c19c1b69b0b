"""How the contract finds a number and a text in what has left."""

from __future__ import annotations

import pytest

from sumotext_backend.testing.rules.matching import has_number, has_text


@pytest.mark.parametrize(
    "written",
    [
        "+15015551234",
        "15015551234",
        "5015551234",
        "0015015551234",
        "(501) 555-1234",
        "tel:5015551234",
    ],
)
def test_a_number_in_the_forms_of_providers(written: str) -> None:
    """E.164 with and without a plus, national, with a prefix, with punctuation, as a URI."""
    assert has_number(["hello", written], "+15015551234")


@pytest.mark.parametrize(
    "written",
    ["+15015551235", "55512", "5551234x", "call 5015551234", "+445015551234", "", "150155512345"],
)
def test_what_is_not_that_number(written: str) -> None:
    """Another number, a short code, a text that holds the number."""
    assert not has_number([written], "+15015551234")


def test_a_national_number_with_a_trunk_prefix() -> None:
    """A zero before it is the trunk's, not the number's."""
    assert has_number(["020 7946 0958"], "+442079460958")


def test_a_text_is_unchanged() -> None:
    """To its last character."""
    assert has_text(["to", "hello "], "hello ")
    assert not has_text(["hello", "hello world"], "hello ")
