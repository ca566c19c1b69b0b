"""What is kept on disk between processes: private files, and SQLite over them."""

from sumotext_backend.state.files import StateError, exists
from sumotext_backend.state.key import load_key
from sumotext_backend.state.sqlite import StateBusyError, open_database

__all__ = ["StateBusyError", "StateError", "exists", "load_key", "open_database"]
