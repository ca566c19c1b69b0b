"""`Sender`: what a user holds."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import attrs

from sumotext_backend.backend import SmsBackend, send_through
from sumotext_backend.models import Message, SendResult


@attrs.frozen
class Sender:
    """One backend and what stands around it.

    Usable from several threads at once. Works as a context manager that closes the backend.
    """

    backend: SmsBackend

    def send(self, message: Message) -> SendResult:
        """Send ``message`` once at most; every outcome is returned.

        Raises `ConfigurationError` where the backend finds that it cannot work at all.
        """
        return send_through(self.backend, message)

    def close(self) -> None:
        """Close the backend. May be called twice."""
        self.backend.close()

    def __enter__(self) -> Self:
        """Return the sender itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the backend."""
        self.close()
