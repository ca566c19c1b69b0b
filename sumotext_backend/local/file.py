"""`FileBackend`: JSON Lines, one object for each text.

A line is one `write` at the end of the file, under an exclusive lock, so that neither threads nor
processes tear each other's lines. Where only a part could be written, the file is cut back to
its old length. A process that was killed in between leaves half a line; the next one begins on a
line of its own.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Final

import attrs

from sumotext_backend.deadline import limits
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.local import lock
from sumotext_backend.local.base import LocalBackend, accept
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn

# A pipe that nobody reads must not hold a sender for ever; for a file, O_NONBLOCK means nothing.
# Windows has neither of the last two, and can import this all the same.
_FLAGS: Final = (
    os.O_RDWR
    | os.O_APPEND
    | os.O_CREAT
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
MAX_TIMEOUT: Final = 86_400.0  # seconds
_OWNER_ONLY: Final = 0o600
_LOCKED: Final = Verdict(reason=Reason.UNAVAILABLE, detail="another process keeps the file locked")
# These pass by themselves; anything else is for the owner to mend.
_PASSING: Final = {
    errno.ENOSPC,
    errno.EMFILE,
    errno.ENFILE,
    errno.EAGAIN,
    getattr(errno, "EDQUOT", errno.ENOSPC),
}


def _nameable(_: object, field: attrs.Attribute[Path], value: Path) -> None:
    try:
        bad = b"\0" in os.fsencode(value)
    except UnicodeEncodeError:
        bad = True
    if bad:
        raise ConfigurationError(f"option {field.name!r} wants the path of a file")


@attrs.frozen(kw_only=True)
class FileBackend(LocalBackend):
    """Appends one JSON object for each text.

    Its names are ``time``, ``id``, ``to``, ``text``, ``sender`` and ``ref``. The file holds numbers
    and texts in full, and is made readable for its owner only.
    A file that cannot be opened or written, or that another process keeps locked, is ``FAILED``;
    a part of a line that could not be taken back, or an `fsync` that failed, is ``UNKNOWN``.
    Raises `ConfigurationError` where the system has no locks of this kind, as on Windows.
    """

    name: ClassVar[str] = "file"
    dsn: ClassVar[str] = "file:///{path...}"

    path: Path = attrs.field(
        converter=Path,
        validator=_nameable,
        metadata={"help": "the file to append to; its directory must exist"},
    )
    fsync: bool = attrs.field(
        default=False, metadata={"help": "wait until each line is on the disk"}
    )
    timeout: float = attrs.field(
        default=10.0,
        validator=[attrs.validators.gt(0), attrs.validators.le(MAX_TIMEOUT)],
        metadata={"help": "seconds to wait for a file that another process has locked"},
    )

    def __attrs_post_init__(self) -> None:
        """Refuse early what no send could do."""
        if not lock.is_supported():
            raise ConfigurationError(
                "the backend 'file' needs flock, which this system lacks; use 'console' or 'memory'"
            )

    def _take(self, message: Message, number: Msisdn) -> Verdict:
        verdict = accept()
        line = _line(message, number, str(verdict.message_id), datetime.now(UTC))
        try:
            with _open(self.path) as file:
                if not lock.acquire(
                    file, min(time.monotonic() + self.timeout, limits().connect_by)
                ):
                    return _LOCKED
                return _append(file, line) or (_sync(file) if self.fsync else None) or verdict
        except OSError as error:
            reason = Reason.UNAVAILABLE if error.errno in _PASSING else Reason.CONFIGURATION
            wrong = f"option 'path' names a file that cannot be written ({error.strerror})"
        return Verdict(reason=reason, detail=wrong)


def _line(message: Message, number: Msisdn, message_id: str, now: datetime) -> bytes:
    fields = {
        "time": now.isoformat(timespec="milliseconds"),
        "id": message_id,
        "to": number.e164,
        "text": message.text,
        "sender": message.sender,
        "ref": message.ref,
    }
    return json.dumps(fields, default=str).encode("ascii") + b"\n"


@contextmanager
def _open(path: Path) -> Iterator[int]:
    """``path`` opened for this text alone, so that nothing is shared with threads or forks."""
    file = os.open(path, _FLAGS, _OWNER_ONLY)
    try:
        yield file
    finally:
        lock.release(file)
        with suppress(OSError):
            os.close(file)


def _append(file: int, line: bytes) -> Verdict | None:
    """Why ``line`` is not there whole; None where it is. Raises `OSError` if nothing is."""
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        line = b"\n" + line
    if os.write(file, line) == len(line):
        return None
    with suppress(OSError):
        os.ftruncate(file, size)
        part = "the file took only a part of the line, which was taken back"
        return Verdict(reason=Reason.UNAVAILABLE, detail=part)
    return Verdict(reason=Reason.CRASHED, detail="the file holds only a part of the line")


def _sync(file: int) -> Verdict | None:
    """Why ``file`` may not be on the disk; None where it is."""
    try:
        os.fsync(file)
    except OSError as error:
        wrong = f"the line was written, but may not be on the disk ({error.strerror})"
        return Verdict(reason=Reason.CRASHED, detail=wrong)
    return None
