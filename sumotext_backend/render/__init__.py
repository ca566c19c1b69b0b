"""What commands read and print, and how they end: for the command and for Django's.

A name is imported when it is first asked for: ``--help`` needs the exit codes alone.
"""

from typing import TYPE_CHECKING, Final

from sumotext_backend.lazy import attach

if TYPE_CHECKING:
    from sumotext_backend.render import (
        backends,
        circuits,
        dry_run,
        imports,
        inbound,
        ledger,
        lists,
        plans,
        results,
        schema,
        sends,
        texts,
        values,
    )
    from sumotext_backend.render.exits import TABLE, Exit, exit_code

__all__ = [
    "TABLE",
    "Exit",
    "backends",
    "circuits",
    "dry_run",
    "exit_code",
    "imports",
    "inbound",
    "ledger",
    "lists",
    "plans",
    "results",
    "schema",
    "sends",
    "texts",
    "values",
]

_HOMES: Final = {
    **{name: f"{__name__}.{name}:" for name in __all__},
    **dict.fromkeys(("TABLE", "Exit", "exit_code"), f"{__name__}.exits"),
}
if not TYPE_CHECKING:
    __getattr__ = attach(__name__, _HOMES)
