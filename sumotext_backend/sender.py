"""`Sender`: what a user holds."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import attrs

from sumotext_backend.backend import SmsBackend, send_through
from sumotext_backend.frames import hide_frames
from sumotext_backend.models import Message, SendResult
from sumotext_backend.numbering import check_region
from sumotext_backend.plugins import Plugins, load_installed


@attrs.frozen
class Sender:
    """One backend, and the plugins around it: the installed ones, unless others are given.

    ``region`` is the `Message.region` of messages that have none.
    Usable from several threads at once. Works as a context manager that closes the backend.
    Raises `ConfigurationError` for a region whose numbers cannot be read.
    """

    backend: SmsBackend
    plugins: Plugins | None = attrs.field(default=None, kw_only=True, repr=False)
    region: str | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(check_region)
    )

    @hide_frames
    def send(self, message: Message) -> SendResult:
        """Send ``message`` once at most, unless a plugin holds it back; return what became of it.

        Raises nothing for what a backend, a plugin or a provider does. What ends the program in
        the middle, such as the `SystemExit` of a worker's time-out, shows none of our frames.
        """
        if self.region and message.region is None:
            message = attrs.evolve(message, region=self.region)
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
