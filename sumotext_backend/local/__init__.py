"""Backends for development: no text leaves the machine.

Each checks a message as a provider's backend does, so that what is refused in production is
refused here.
"""

from sumotext_backend.local.console import ConsoleBackend
from sumotext_backend.local.file import FileBackend
from sumotext_backend.local.memory import MemoryBackend, Outbox, record
from sumotext_backend.local.null import NullBackend

__all__ = ["ConsoleBackend", "FileBackend", "MemoryBackend", "NullBackend", "Outbox", "record"]
