"""What the adapters for Django raise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

from sumotext_backend import ConfigurationError, Outcome, SendResult, SmsError


class SettingsError(ConfigurationError, ImproperlyConfigured):
    """A setting is wrong: which one, and how to mend it, in one line."""


class NotAcceptedError(SmsError):
    """Some texts were not accepted; ``results`` has one `SendResult` for each that was tried.

    They are in the order in which they were sent, the accepted ones among them. Only those whose
    outcome is ``FAILED`` may be sent again.
    """

    def __init__(self, results: Iterable[SendResult]) -> None:
        """Keep ``results`` as the only argument, so that the error pickles."""
        self.results = tuple(results)
        super().__init__(self.results)

    def __str__(self) -> str:
        """How many, and their outcomes and reasons; no number and no text."""
        bad = [one for one in self.results if one.outcome is not Outcome.ACCEPTED]
        kinds = Counter(f"{one.outcome} ({one.reason})" for one in bad)
        words = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
        return f"{len(bad)} of {len(self.results)} texts were not accepted: {words}"


class MisconfiguredError(NotAcceptedError, SettingsError):
    """A text was not sent because a setting or an option of a message is wrong."""

    def __str__(self) -> str:
        """As `NotAcceptedError`, with what is wrong."""
        details = [one.detail for one in self.results if one.reason == "CONFIGURATION"]
        return "; ".join([super().__str__(), *dict.fromkeys(filter(None, details))])
