"""Options that one message sets: declared with the others, read and validated as they are."""

from __future__ import annotations

from typing import Any, ClassVar

import attrs
import pytest

from sumotext_backend import Message, Reason
from sumotext_backend.local import NullBackend
from sumotext_backend.models import Verdict
from sumotext_backend.overrides import message_options, overridable, override


def _check_even(_: object, field: attrs.Attribute[int], value: int) -> None:
    if value % 2:
        raise ValueError(f"{value} is odd")


@attrs.frozen(kw_only=True)
class Even(NullBackend):
    """Takes an even number per message."""

    name: ClassVar[str] = "even"

    count: int = attrs.field(
        default=2, validator=_check_even, metadata={"help": "a count", "per_message": True}
    )
    fixed: str = attrs.field(default="a", metadata={"help": "the configuration's alone"})
    _state: list[int] = attrs.field(init=False, factory=list)


def overridden(backend: Even, **options: Any) -> Even | Verdict:
    """``backend`` with ``options`` of a message."""
    return override(backend, Message("1", "a", options={"even": options}))


def test_what_is_not_declared_stays_the_configurations() -> None:
    """Only fields whose metadata says so."""
    assert ["count"] == list(overridable(Even))
    assert {} == overridable(NullBackend)


def test_a_message_without_options_costs_nothing() -> None:
    """The backend itself is used, also where the options are another's."""
    backend = Even()

    assert override(backend, Message("1", "a")) is backend
    assert override(backend, Message("1", "a", options={"other": {"count": 4}})) is backend


def test_an_option_is_read_as_a_configurations() -> None:
    """Text is a number where one is wanted; the rest of the backend stays."""
    backend = Even(fixed="b")
    twin = overridden(backend, count="4")

    assert Even(count=4, fixed="b") == twin
    assert Even(fixed="b") == backend


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cuont": 4}, "unknown option 'cuont'; did you mean 'count'?"),
        ({"fixed": "b"}, "option 'fixed' cannot be set by a message (it may set: count)"),
        ({"count": "many"}, "option 'count' wants a whole number"),
        ({"count": 31337}, "(ValueError)"),
        ({"5015551234": 4}, "unknown option (not shown)"),
        ({7: 4}, "unknown option"),
    ],
)
def test_what_cannot_be_is_a_matter_of_configuration(options: Any, words: str) -> None:
    """It names the backend and the option, and never the value."""
    verdict = override(Even(), Message("1", "a", options={"even": options}))

    assert isinstance(verdict, Verdict)
    assert Reason.CONFIGURATION is verdict.reason
    assert words in verdict.detail
    assert "'even'" in verdict.detail
    assert "31337" not in verdict.detail


def test_a_caller_names_no_backend() -> None:
    """A value goes to each that declares the option, and to no other."""
    backends = [Even(), NullBackend()]

    assert {"even": {"count": 4}} == message_options(backends, "count", 4)
    assert {} == message_options(backends, "fixed", "b")
