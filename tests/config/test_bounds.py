"""A configuration has a size: what is larger is one clear line, and soon."""

from __future__ import annotations

import time

import pytest

from sumotext_backend import ConfigurationError, connect
from sumotext_backend.config import Places
from sumotext_backend.expression import MAX_PROVIDERS


def wrong(source: object) -> str:
    """What `connect` says."""
    with pytest.raises(ConfigurationError) as caught:
        connect(source, places=Places())  # type: ignore[arg-type]
    return str(caught.value)


@pytest.mark.parametrize("mark", [" || ", " && "])
def test_a_line_of_ten_thousand_providers_is_refused(mark: str) -> None:
    """With the position of the first that is too many."""
    begun = time.monotonic()
    line = wrong(mark.join(["null://"] * 10_000))

    position = len(f"null://{mark}") * MAX_PROVIDERS + 1
    assert f"the DSN: more than 1000 providers in one line, at character {position}" == line
    assert time.monotonic() - begun < 5


def test_a_list_of_ten_thousand_providers_is_refused() -> None:
    """In a table, too."""
    line = wrong({"backend": "fallback", "chain": ["null://"] * 10_000})

    assert "provider 'default': option 'chain' names more than 1000 providers" == line


def test_as_many_as_may_be_are_soon_there() -> None:
    """The work grows with the number of providers, and not with its square."""
    begun = time.monotonic()
    sender = connect(" || ".join(["null://"] * MAX_PROVIDERS), places=Places())

    assert MAX_PROVIDERS == len(sender.backend.chain)  # type: ignore[attr-defined]
    assert time.monotonic() - begun < 5


def test_tables_inside_each_other_have_a_depth() -> None:
    """However they were made."""
    nested: object = "null://"
    for _ in range(200):
        nested = {"backend": "retry", "of": nested}

    assert wrong(nested).endswith("more than 20 providers inside each other")
