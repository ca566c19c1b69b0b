"""`NullBackend`: accepts and forgets."""

from __future__ import annotations

from typing import ClassVar

import attrs

from sumotext_backend.local.base import LocalBackend, accept
from sumotext_backend.models import Message, Verdict
from sumotext_backend.msisdn import Msisdn


@attrs.frozen(kw_only=True)
class NullBackend(LocalBackend):
    """Accepts every text that a provider could send, and forgets it."""

    name: ClassVar[str] = "null"
    dsn: ClassVar[str] = "null://"

    def _take(self, message: Message, number: Msisdn) -> Verdict:
        return accept()
