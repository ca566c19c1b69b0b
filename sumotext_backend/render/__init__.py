"""What commands print, and how they end: pure functions, for the command and for Django's."""

from sumotext_backend.render import backends, circuits, dry_run, plans, results, values
from sumotext_backend.render.exits import TABLE, Exit, exit_code

__all__ = [
    "TABLE",
    "Exit",
    "backends",
    "circuits",
    "dry_run",
    "exit_code",
    "plans",
    "results",
    "values",
]
