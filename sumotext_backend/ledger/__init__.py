"""The ledger: what is remembered of people, of keys and of doubts.

In one SQLite file by default, in PostgreSQL where several machines send.
"""

from typing import TYPE_CHECKING

from sumotext_backend.events import ConsentChange
from sumotext_backend.lazy import attach
from sumotext_backend.ledger.changes import (
    list_changes,
    list_consent,
    opt_in,
    opt_out,
    show_consent,
    write_changes,
)
from sumotext_backend.ledger.consent import Consent, Source, Word
from sumotext_backend.ledger.database import LedgerError, LedgerVersionError
from sumotext_backend.ledger.doubts import NotADoubtError, list_doubts, settle
from sumotext_backend.ledger.history import Entry, Note, find_entry, list_entries
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.lookups import LookupBook
from sumotext_backend.ledger.memory import MemoryDatabase
from sumotext_backend.ledger.merging import merge_changes
from sumotext_backend.ledger.postgres import PostgresDatabase
from sumotext_backend.ledger.retention import Purged, forget, purge
from sumotext_backend.ledger.settings import ConsentOptions, LedgerOptions, Settings
from sumotext_backend.ledger.shared import share_ledger
from sumotext_backend.ledger.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from sumotext_backend.ledger.resolve import resolve_doubts

__all__ = [
    "Consent",
    "ConsentChange",
    "ConsentOptions",
    "Entry",
    "Ledger",
    "LedgerError",
    "LedgerOptions",
    "LedgerVersionError",
    "LookupBook",
    "MemoryDatabase",
    "NotADoubtError",
    "Note",
    "PostgresDatabase",
    "Purged",
    "Settings",
    "Source",
    "SqliteDatabase",
    "Word",
    "find_entry",
    "forget",
    "list_changes",
    "list_consent",
    "list_doubts",
    "list_entries",
    "merge_changes",
    "opt_in",
    "opt_out",
    "purge",
    "resolve_doubts",
    "settle",
    "share_ledger",
    "show_consent",
    "write_changes",
]

# It needs what sends, which a program that only looks need not import.
if not TYPE_CHECKING:
    __getattr__ = attach(__name__, {"resolve_doubts": "sumotext_backend.ledger.resolve"})
