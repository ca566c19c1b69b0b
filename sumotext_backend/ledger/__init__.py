"""The ledger: what is remembered of people, of keys and of doubts.

In one SQLite file by default, in PostgreSQL where several machines send.
"""

from sumotext_backend.ledger.consent import Consent, Source, Word
from sumotext_backend.ledger.database import LedgerError, LedgerVersionError
from sumotext_backend.ledger.doubts import NotADoubtError, list_doubts, settle
from sumotext_backend.ledger.history import Entry, Note, find_entry, list_entries
from sumotext_backend.ledger.ledger import Ledger, Settings

__all__ = [
    "Consent",
    "Entry",
    "Ledger",
    "LedgerError",
    "LedgerVersionError",
    "NotADoubtError",
    "Note",
    "Settings",
    "Source",
    "Word",
    "find_entry",
    "list_doubts",
    "list_entries",
    "settle",
]
