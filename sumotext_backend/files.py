"""Files that a configuration names, read without ever waiting for one."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

MAX_FILE_BYTES: Final = 1_000_000
"""A configuration, a secret or a bundle of certificates has fewer."""

# Opening a FIFO waits for its other end without this. Windows has neither.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def read_file(path: str | Path, max_bytes: int = MAX_FILE_BYTES) -> bytes:
    """The content of the regular file ``path``.

    Raises `OSError` whose ``strerror`` says why there is none, without the path: it cannot be
    opened, it is a folder, a FIFO or a device, or it has more than ``max_bytes``.
    """
    _check_kind(Path(path).stat().st_mode)  # to open a device may do something
    fd = os.open(path, _FLAGS)
    try:
        _check_kind(os.fstat(fd).st_mode)
        with open(fd, "rb", closefd=False) as file:
            content = file.read(max_bytes + 1)
    finally:
        os.close(fd)
    if len(content) > max_bytes:
        raise OSError(errno.EFBIG, f"it has more than {max_bytes} bytes")
    return content


def may_block(path: str | Path) -> bool:
    """Whether to open ``path`` may wait: it is a FIFO, a device or a socket."""
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _check_kind(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
