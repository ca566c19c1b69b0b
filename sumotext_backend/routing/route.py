"""`Route`: a provider under its alias, left alone while its circuit is open."""

from __future__ import annotations

from operator import attrgetter

import attrs

from sumotext_backend.backend import SmsBackend, guard
from sumotext_backend.models import Message, Reason, SendResult, Verdict, amend
from sumotext_backend.routing.health import Health


@attrs.frozen(kw_only=True)
class Route(SmsBackend):
    """What a configuration puts into a chain for each alias.

    While the circuit is open nothing is sent: ``FAILED`` / ``UNAVAILABLE``, so that a chain goes
    on and its trail tells why. ``key`` is what the health knows the provider by: the alias, or
    the alias, a colon and a hash of all its options. ``is_alias`` tells that ``provider`` is an
    alias, and not only the name of a backend that was given none. ``name`` is that of ``of``.
    """

    provider: str
    of: SmsBackend
    health: Health | None = None
    key: str = attrs.field(repr=False)
    is_alias: bool = True
    name = property(attrgetter("of.name"))

    @key.default
    def _provider(self) -> str:
        return self.provider

    def send(self, message: Message) -> SendResult:
        """Send ``message``, unless the provider is being left alone."""
        result = self._watch(self.health, message) if self.health else guard(self.of, message)
        return result if result.provider else amend(result, provider=self.provider)

    def _watch(self, health: Health, message: Message) -> SendResult:
        state = health.admit(self.key)
        if state == "open":
            detail = "left alone after failures; see 'sumotext health'"
            verdict = Verdict(reason=Reason.UNAVAILABLE, detail=detail)
            return SendResult.of(self.name, message, verdict)
        try:
            result = guard(self.of, message)
        except BaseException:  # the program's own alarm, Ctrl-C: nobody learned anything
            if state == "probe":
                health.give_up(self.key)
            raise
        health.record(self.key, result)
        return result

    def close(self) -> None:
        """Close the provider."""
        self.of.close()
