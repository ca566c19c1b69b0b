"""Assertions that several rules share. Each says in plain words what is wrong."""

# ruff: noqa: S101 - a rule is an assertion

from __future__ import annotations

from collections.abc import Sequence

from sumotext_backend.models import Outcome, SendResult


def describe(result: SendResult) -> str:
    """How ``result`` ended, in a few words: ``FAILED / TLS: no handshake``."""
    reason = f" / {result.reason}" if result.reason else ""
    return f"{result.outcome}{reason}: {result.detail}".rstrip(": ")


def assert_accepted(result: SendResult) -> None:
    """Check that a text which may go was accepted."""
    assert result.outcome is Outcome.ACCEPTED, f"a text that may go ended as {describe(result)}"


def assert_no_leak(places: Sequence[str]) -> None:
    """Check that number, text and secrets were found in none of ``places``."""
    assert not places, f"number, text or secret is shown in: {', '.join(places)}"
