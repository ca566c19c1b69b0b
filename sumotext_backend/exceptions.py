"""Everything this package raises.

The only question a caller has after a send that did not go well is
*may I send it again?*, so the tree answers it::

    SmsError
    ├── ConfigurationError           (also a ValueError) nothing was sent; mend the configuration
    │   ├── NothingConfiguredError   no provider is configured anywhere
    │   └── UnknownBackendError      no installed backend has that name
    ├── CallbackError                (also a ValueError) what a provider sent us cannot be read
    └── SendError                    raised by SendResult.raise_for_outcome(), carries .result
        ├── RejectedError            surely not sent, and about this recipient or text: never resend
        ├── NotSentError             surely not sent, and about the route: safe to resend
        └── OutcomeUnknownError      may have been sent: do not resend

No message holds a phone number, a text, a keyword, a secret or a query string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sumotext_backend.models import SendResult


class SmsError(Exception):
    """The root of every error of this package."""


class ConfigurationError(SmsError, ValueError):
    """A configuration is wrong: what, where and how to mend it, in one line.

    ``problem`` is what is wrong, and the text of the error is ``file: place: problem``. ``file``
    is where it was written (``"sumotext.toml"``, ``"$SMS_DSN"``), ``place`` what it is about
    there (``"provider 'main'"``, ``"[health]"``), ``alias`` the provider and ``option`` the
    option. What does not apply or is not known is empty.
    """

    def __init__(
        self,
        problem: str = "",
        *,
        file: str = "",
        place: str = "",
        alias: str = "",
        option: str = "",
    ) -> None:
        """Keep ``problem`` as the only argument, so that the error pickles."""
        super().__init__(problem)
        self.problem = problem
        self.file, self.place, self.alias, self.option = file, place, alias, option

    def at(self, *, file: str = "", place: str = "", alias: str = "", option: str = "") -> Self:
        """This error, told where it is: what is known already stays, as it is closer.

        The error itself is returned, to be raised on without another as its context.
        """
        self.file = self.file or file
        self.place = self.place or place
        self.alias = self.alias or alias
        self.option = self.option or option
        return self

    def __str__(self) -> str:
        """File, place and what is wrong, in one line."""
        return ": ".join(part for part in (self.file, self.place, self.problem) if part)


class NothingConfiguredError(ConfigurationError):
    """No provider is configured: neither in code nor in any place that is looked at."""


class UnknownBackendError(ConfigurationError):
    """No installed distribution offers a backend of that name."""


class CallbackError(SmsError, ValueError):
    """What a provider sent us cannot be read: it is cut, or not in the provider's own form.

    One line without anything of what was sent.
    """


class SendError(SmsError):
    """A send did not end as ``ACCEPTED``; ``result`` is the whole `SendResult`."""

    def __init__(self, result: SendResult) -> None:
        """Keep ``result`` as the only argument, so that the error pickles."""
        super().__init__(result)
        self.result = result

    def __str__(self) -> str:
        """Backend, outcome, reason and detail; no number and no text."""
        result = self.result
        words = f"{result.backend}: {result.outcome}"
        words += f" ({result.reason})" if result.reason else ""
        return f"{words}: {result.detail}" if result.detail else words


class RejectedError(SendError):
    """Surely not sent, and about this recipient or this text: never resend."""


class NotSentError(SendError):
    """Surely not sent, and about the route: safe to resend."""


class OutcomeUnknownError(SendError):
    """The text may have been sent and nobody can find out: do not resend."""


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """``"; did you mean 'x'?"`` for the closest of ``words``, or ``""`` where none is close."""
    close = _closest(word, words, 0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def is_misspelt(word: str, words: Iterable[str]) -> bool:
    """Whether ``word`` is so like one of ``words`` that it tells nothing else, nothing secret."""
    return bool(_closest(word, words, 0.75))


def _closest(word: str, words: Iterable[str], cutoff: float) -> list[str]:
    import difflib

    return difflib.get_close_matches(word[:100], list(words), n=1, cutoff=cutoff)
