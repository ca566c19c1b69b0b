"""What the command's exit codes mean, and which one a result has."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from sumotext_backend.models import Reason, SendResult


class Exit(enum.IntEnum):
    """The exit codes; 64 to 78 are those of BSD's ``sysexits.h``."""

    words: str

    def __new__(cls, value: int, words: str = "") -> Self:
        """Pair the number with what it means."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    ACCEPTED = 0, "accepted"
    REJECTED = 1, "rejected: surely not sent; do not resend"
    USAGE = 2, "wrong usage, number or text; nothing was sent"
    UNKNOWN = 5, "unknown: the text may have been sent; do not resend"
    NOT_SENT = 75, "surely not sent; safe to retry"
    CONFIGURATION = 78, "wrong configuration; nothing was sent"


TABLE: Final = "\n".join(["Exit codes:", *(f"  {code.value:>2}  {code.words}" for code in Exit)])
"""Every exit code and what it means, as ``--help`` shows them."""

# By the words of `Reason` and `Outcome`: help shows the codes, and does without those modules.
_BY_REASON: Final[Mapping[str, Exit]] = {
    "INVALID_RECIPIENT": Exit.USAGE,
    "INVALID_MESSAGE": Exit.USAGE,
    "UNSUPPORTED": Exit.USAGE,
    "CONFIGURATION": Exit.CONFIGURATION,
}
_BY_OUTCOME: Final[Mapping[str, Exit]] = {
    "ACCEPTED": Exit.ACCEPTED,
    "REJECTED": Exit.REJECTED,
    "FAILED": Exit.NOT_SENT,
    "UNKNOWN": Exit.UNKNOWN,
}


def exit_code(result: SendResult) -> Exit:
    """The exit code of ``result``: by its outcome, unless the user's own input is to be mended."""
    return exit_code_of(result.reason)


def exit_code_of(reason: Reason | None) -> Exit:
    """The exit code of what ended for ``reason``; None is accepted."""
    if reason is None:
        return Exit.ACCEPTED
    return _BY_REASON.get(reason, _BY_OUTCOME[reason.outcome])


class Progress:
    """What is true of the text at this moment, in ``code``, should the command be broken off.

    ``words`` say it where it is about no text.
    """

    def __init__(self) -> None:
        """Nothing was sent yet."""
        self.code = Exit.NOT_SENT
        self.words = ""
