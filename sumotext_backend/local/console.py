"""`ConsoleBackend`: one line on the console for each text."""

from __future__ import annotations

import sys
from typing import ClassVar, Literal, TextIO

import attrs

from sumotext_backend.local.base import LocalBackend, accept
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.options import one_of
from sumotext_backend.redact import mask
from sumotext_backend.segments import segment


@attrs.frozen(kw_only=True)
class ConsoleBackend(LocalBackend):
    """Prints one line for each text: its number masked, its length and segments, and its id.

    ``show_text`` prints number and text in full, whatever cannot be printed escaped.
    A stream that is gone before the line is ``FAILED``; one that breaks while it is written
    leaves a doubt, so that is ``UNKNOWN``.
    """

    name: ClassVar[str] = "console"
    dsn: ClassVar[str] = "console://"

    # A program's own output stays clean this way.
    stream: Literal["stderr", "stdout"] = attrs.field(
        default="stderr",
        validator=one_of,
        metadata={"help": "where to print"},
    )
    show_text: bool = attrs.field(
        default=False, metadata={"help": "print the number and the text in full"}
    )

    def _take(self, message: Message, number: Msisdn) -> Verdict:
        verdict = accept()
        line = f"[sms {verdict.message_id}] {self._describe(message.text, number)}\n"
        # Looked up for each text: programs and tests put other streams there.
        stream: TextIO | None = getattr(sys, self.stream)
        if stream is None or getattr(stream, "closed", False):
            detail = f"{self.stream} is closed, so nothing can be printed"
            return Verdict(reason=Reason.UNAVAILABLE, detail=detail)
        broken = _write(stream, line)
        return Verdict(reason=Reason.CRASHED, detail=broken) if broken else verdict

    def _describe(self, text: str, number: Msisdn) -> str:
        if self.show_text:
            # repr() escapes what a terminal would act upon.
            return f"to {number.e164}: {text!r}"
        cut = segment(text)
        return f"to {mask(number.e164)}: {len(text)} characters, {cut.count} x {cut.encoding}"


def _write(stream: TextIO, line: str) -> str:
    """Why ``line`` may not have been printed whole; empty where it surely was.

    It is written by one call, so that threads do not print into each other's lines.
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.write(line.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        return f"the line may not have been printed whole ({why})"
    return ""
