"""Files and folders that only their user may read, and that nobody else has put there."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sumotext_backend.exceptions import SmsError


class StateError(SmsError):
    """A file of the state cannot be used. Its text says why in a few words and holds no path."""


def prepare_folder(folder: Path) -> None:
    """Make ``folder`` where it is missing, for its user alone (0700).

    One that is there keeps its mode, as its user may share it on purpose. Raises `StateError`
    for a symbolic link and for a folder of another user (root's is trusted), `OSError` where
    none can be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse(folder.lstat(), stat.S_ISDIR, "its folder", trusted=0)


def prepare_file(path: Path, make: Callable[[], bytes] = bytes) -> None:
    """Make the file ``path`` where it is missing, with what ``make()`` gives, for its user (0600).

    One that is there is closed to others. Raises `StateError` for a symbolic link, for anything
    but a file, and for a file of another user, `OSError` where none can be made.
    """
    prepare_folder(path.parent)
    if not exists(path):
        _create(path, make())
    found = path.lstat()
    _refuse(found, stat.S_ISREG, "it")
    if stat.S_IMODE(found.st_mode) & 0o077:
        path.chmod(0o600)


def exists(path: Path) -> bool:
    """Whether anything is at ``path``. Raises `StateError` where that cannot be found out."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StateError(error.strerror or type(error).__name__) from None
    return True


def refuse_link(path: Path) -> None:
    """Raise `StateError` where ``path`` is a symbolic link."""
    if path.is_symlink():
        raise StateError(f"{path.name} is a symbolic link")


def _create(path: Path, content: bytes) -> None:
    """Put a whole file at ``path`` in one step; one that came first stays.

    It is never open under its own name: closing a file drops all locks that SQLite has on it in
    this process.
    """
    import tempfile

    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink()


def _refuse(
    found: os.stat_result, is_right: Callable[[int], bool], what: str, *, trusted: int | None = None
) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise StateError(f"{what} is a symbolic link")
    if not is_right(found.st_mode):
        raise StateError(f"{what} is something else than expected")
    mine = getattr(os, "geteuid", lambda: found.st_uid)()  # Windows has no such number
    if found.st_uid not in (mine, trusted):
        raise StateError(f"{what} belongs to another user")
