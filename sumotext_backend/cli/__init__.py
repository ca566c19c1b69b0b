"""The ``sumotext`` command (extra ``cli``)."""

from __future__ import annotations

import signal
import sys
from typing import Final

EXTRA: Final = frozenset({"click", "platformdirs", "starlette", "uvicorn"})
INSTALL: Final = "install the command with: pip install 'sumotext-backend[cli]'"


def main() -> int:
    """Run the command with the arguments of this process; returns its exit code.

    Importable without the extra ``cli``: then it prints what to install and returns 78.
    SIGTERM ends it as Ctrl-C does, so that it still says whether a text may have been sent.
    """
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from sumotext_backend.cli.app import run
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        words, code = f"{error.name} is not installed; {INSTALL}", 78
    except KeyboardInterrupt:
        words, code = "interrupted: surely not sent; safe to retry", 75
    else:
        return run(sys.argv[1:])
    print(f"sumotext: {words}", file=sys.stderr)  # noqa: T201
    return code
