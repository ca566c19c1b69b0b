"""`Route`: a provider under its alias, left alone while its circuit is open."""

from __future__ import annotations

import attrs

from sumotext_backend.backend import SmsBackend, guard
from sumotext_backend.models import Message, Reason, SendResult, Verdict
from sumotext_backend.routing.health import Health


@attrs.frozen(kw_only=True)
class Route(SmsBackend):
    """What a configuration puts into a chain for each alias.

    While the circuit is open nothing is sent: ``FAILED`` / ``UNAVAILABLE``, so that a chain goes
    on and its trail tells why. ``key`` is the name the health is kept under.
    """

    provider: str
    of: SmsBackend
    health: Health | None = None
    key: str = attrs.field()
    name: str = attrs.field(init=False)  # type: ignore[misc]  # of the backend, not the class

    @key.default
    def _provider(self) -> str:
        return self.provider

    @name.default
    def _name(self) -> str:
        return self.of.name

    def send(self, message: Message) -> SendResult:
        """Send ``message``, unless the provider is being left alone."""
        if self.health and self.health.admit(self.key) == "open":
            detail = "left alone after failures; see 'sumotext health'"
            verdict = Verdict(reason=Reason.UNAVAILABLE, detail=detail)
            result = SendResult.of(self.name, message, verdict)
        else:
            result = guard(self.of, message)
            if self.health:
                self.health.record(self.key, result)
        return result if result.provider else attrs.evolve(result, provider=self.provider)

    def close(self) -> None:
        """Close the provider."""
        self.of.close()
