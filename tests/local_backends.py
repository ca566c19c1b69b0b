"""What the tests of the backends for development share: a message, and a backend by its DSN."""

from __future__ import annotations

from sumotext_backend import (
    Message,
    SmsBackend,
    dsn,
)
from sumotext_backend.options import make

NUMBER = "+15015551234"
TEXT = "hello from the shop"
MESSAGE = Message("501-555-1234", TEXT, ref="order 7")


def from_dsn(cls: type[SmsBackend], text: str) -> SmsBackend:
    """The backend that a DSN describes."""
    return make(cls, dsn.read(dsn.parse(text), cls.dsn), "the DSN")
