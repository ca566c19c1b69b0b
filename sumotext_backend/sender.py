"""`Sender`: what a user holds."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import attrs

from sumotext_backend.backend import SmsBackend, send_through
from sumotext_backend.models import Message, SendResult
from sumotext_backend.plugins import Plugins, load_installed


@attrs.frozen
class Sender:
    """One backend, and the plugins around it: the installed ones, unless others are given.

    Usable from several threads at once. Works as a context manager that closes the backend.
    """

    backend: SmsBackend
    plugins: Plugins | None = attrs.field(default=None, kw_only=True, repr=False)

    def send(self, message: Message) -> SendResult:
        """Send ``message`` once at most, unless a plugin holds it back; return what became of it.

        Raises nothing for what a backend, a plugin or a provider does.
        """
        plugins = load_installed() if self.plugins is None else self.plugins
        name = self.backend.name
        held = plugins.hold(message, name)
        result = SendResult.of(name, message, held) if held else send_through(self.backend, message)
        plugins.observe(message, result)
        return result

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
