"""The secret of a state folder, under which values are hashed that nobody is to guess."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from sumotext_backend.state.files import StateError, prepare_file

FILE: Final = "secret.key"
KEY_BYTES: Final = 32


def load_key(folder: Path) -> bytes:
    """The secret of ``folder``, `KEY_BYTES` long; made where it is missing.

    All processes of a user get the same one. Raises `StateError` where it cannot be used.
    """
    import secrets

    path = folder / FILE
    try:
        prepare_file(path, partial(secrets.token_bytes, KEY_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise StateError(error.strerror or type(error).__name__) from None
    if len(key) != KEY_BYTES:
        raise StateError(f"{FILE} beside it is not a key; remove it")
    return key
