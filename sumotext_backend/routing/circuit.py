"""When a provider is left alone, as pure functions over values.

After failures of the route in a row a circuit opens: the provider is skipped for a cool-down.
Then exactly one send probes it, and its result closes the circuit or opens it again.
"""

from __future__ import annotations

from typing import Final, Literal

import attrs

from sumotext_backend.models import Outcome, Reason, SendResult

Admission = Literal["closed", "probe", "open"]

# Nobody asked the provider.
_SAYS_NOTHING: Final = (
    Reason.HELD,
    Reason.INVALID_MESSAGE,
    Reason.INVALID_RECIPIENT,
    Reason.UNSUPPORTED,
    Reason.CONFIGURATION,
    Reason.UNAVAILABLE,
)


@attrs.frozen(kw_only=True)
class Rules:
    """When a circuit opens, and for how long.

    ``failures`` in a row open it for ``cooldown`` seconds. A probe has ``lease`` seconds to
    report before another may be made, since its process may have died.
    """

    failures: int = 5
    cooldown: float = 30.0
    lease: float = 120.0


@attrs.frozen
class Circuit:
    """The state of one provider. Moments are of `time.time`, since processes share them.

    ``open_until`` 0 means closed. ``probe_until`` is when a probe under way is given up.
    ``why`` is the last `Reason` that counted against the provider.
    """

    failures: int = 0
    open_until: float = 0.0
    probe_until: float = 0.0
    why: str = ""
    since: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the provider is being left alone, its cool-down over or not."""
        return self.open_until > 0


CLOSED: Final = Circuit()


def admission(circuit: Circuit, now: float) -> Admission:
    """Whether a send may go through: ``closed`` freely, ``probe`` one, ``open`` none."""
    if not circuit.is_open:
        return "closed"
    if now < circuit.since:
        return "probe"  # the clock was set back: nobody knows how long ago that was
    return "open" if now < max(circuit.open_until, circuit.probe_until) else "probe"


def probing(circuit: Circuit, now: float, rules: Rules) -> Circuit:
    """``circuit`` with a probe under way."""
    return attrs.evolve(circuit, probe_until=now + rules.lease, since=min(circuit.since, now))


def after(circuit: Circuit, result: SendResult, now: float, rules: Rules) -> Circuit:
    """``circuit`` after ``result``.

    ``REJECTED`` is about a recipient and shows that the route works. ``UNKNOWN`` counts as a
    failure of the route. A result for which nobody asked the provider only ends a probe.
    """
    if result.reason in _SAYS_NOTHING:
        return attrs.evolve(circuit, probe_until=0.0)
    if result.outcome in (Outcome.ACCEPTED, Outcome.REJECTED):
        return CLOSED
    failures = circuit.failures + 1
    opens = circuit.is_open or failures >= rules.failures or _at_once(result)
    wait = result.retry_after if result.retry_after is not None else rules.cooldown
    return Circuit(
        failures=failures,
        open_until=now + wait if opens else 0.0,
        why=str(result.reason),
        since=min(circuit.since or now, now),
    )


def _at_once(result: SendResult) -> bool:
    return result.reason is Reason.UNAUTHORIZED or (
        result.reason is Reason.THROTTLED and result.retry_after is not None
    )
