"""`Sender`: what a user holds."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import attrs

from sumotext_backend.backend import SmsBackend, send_through
from sumotext_backend.frames import hide_frames
from sumotext_backend.models import (
    Message,
    Reason,
    SendResult,
    Verdict,
    amend,
    draw_reference,
)
from sumotext_backend.numbering import check_region, load
from sumotext_backend.plugins import Plugins, load_installed

if TYPE_CHECKING:
    from sumotext_backend.asking import NoAnswer
    from sumotext_backend.events import DeliveryReport
    from sumotext_backend.ledger import Ledger

_NO_LEDGER: Final = Verdict(
    reason=Reason.CONFIGURATION,
    detail="a key needs a ledger, and this Sender has none: give it one, as connect() does; "
    "nothing was sent",
)


@attrs.frozen
class Sender:
    """One backend, the plugins around it, and what is remembered of its sends.

    Without ``plugins`` the installed ones are around it. With a ``ledger`` people who said no are
    not texted, and `Message.key` is kept; without one a message with a key is refused. `connect`
    gives the ledger of the configuration.
    ``region`` is the `Message.region` of messages that have none.
    Usable from several threads at once. Works as a context manager that closes the backend.
    Raises `ConfigurationError` for a region whose numbers cannot be read.
    """

    backend: SmsBackend
    plugins: Plugins | None = attrs.field(default=None, kw_only=True, repr=False)
    region: str | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(check_region)
    )
    ledger: Ledger | None = attrs.field(default=None, kw_only=True, repr=False)
    _deliver: Callable[[Message], SendResult] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Import what looks up numbers, before the clock of a send runs."""
        load()

    @_deliver.default
    def _choose_delivery(self) -> Callable[[Message], SendResult]:
        if self.ledger is None:
            return functools.partial(_send_forgotten, self.backend)
        # Here and not at each send: only a Sender with a ledger needs them.
        from sumotext_backend.ledger.gates import put_gates
        from sumotext_backend.ledger.sending import send_remembered

        gated = put_gates(self.backend, self.ledger)
        return functools.partial(send_remembered, self.ledger, gated)

    @hide_frames
    def send(self, message: Message) -> SendResult:
        """Send ``message`` once at most, unless a plugin holds it back; return what became of it.

        A message without a reference gets one, by which its provider can be asked for it. Raises
        nothing for what a backend, a plugin or a provider does. What ends the program in the
        middle, such as the `SystemExit` of a worker's time-out, shows none of our frames.
        """
        if self.region and message.region is None:
            message = amend(message, region=self.region)
        plugins = load_installed() if self.plugins is None else self.plugins
        name = self.backend.name
        held = plugins.hold(message, name)
        result = SendResult.of(name, message, held) if held else self._deliver(message)
        plugins.observe(message, result)
        return result

    def report(self, result: SendResult) -> DeliveryReport | NoAnswer:
        """Ask the provider that accepted ``result`` what became of the text since then.

        With a ledger it is kept, and what is returned is the best that is known, of what was
        pushed too. Raises nothing for what a network, a provider or a database does: see
        `NoAnswer`.
        """
        from sumotext_backend.reports import report_on

        said = report_on(self.backend, result)
        text_id = result.message_id or result.reference
        if self.ledger is None or text_id is None:
            return said
        from sumotext_backend.ledger.asked import keep_asked

        return keep_asked(self.ledger, said, result.provider, text_id, result.to, result.region)

    def close(self) -> None:
        """Close the backend and the ledger. May be called twice."""
        self.backend.close()
        if self.ledger is not None:
            self.ledger.close()

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


def _send_forgotten(backend: SmsBackend, message: Message) -> SendResult:
    """Send ``message`` where nothing is remembered, and so no key can be kept."""
    if message.key is not None:
        return SendResult.of(backend.name, message, _NO_LEDGER)
    reference = message.reference or draw_reference()
    return send_through(backend, amend(message, reference=reference))
