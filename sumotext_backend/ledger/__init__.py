"""The ledger: what is remembered of people, of keys and of doubts.

In one SQLite file by default, in PostgreSQL where several machines send.
"""

from sumotext_backend.events import ConsentChange
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
from sumotext_backend.ledger.ledger import Ledger, Settings
from sumotext_backend.ledger.memory import MemoryDatabase
from sumotext_backend.ledger.postgres import PostgresDatabase
from sumotext_backend.ledger.retention import Purged, forget, purge
from sumotext_backend.ledger.sqlite import SqliteDatabase

__all__ = [
    "Consent",
    "ConsentChange",
    "Entry",
    "Ledger",
    "LedgerError",
    "LedgerVersionError",
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
    "opt_in",
    "opt_out",
    "purge",
    "settle",
    "show_consent",
    "write_changes",
]
