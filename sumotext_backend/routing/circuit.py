"""When a provider is left alone, as pure functions over values.

After failures of the route in a row a circuit opens: the provider is skipped for a cool-down.
Then exactly one send probes it, and its result closes the circuit or opens it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import attrs

from sumotext_backend.models import MAX_WAIT_SECONDS, Reason, SendResult

Admission = Literal["closed", "probe", "open"]
Effect = Literal["closes", "counts", "opens", "nothing"]

EFFECTS: Final[Mapping[Reason, Effect]] = {
    # The provider itself said no, so the route works.
    Reason.NOT_OPTED_IN: "closes",
    Reason.NOT_SUBSCRIBED: "closes",
    Reason.OPTED_OUT: "closes",
    Reason.CONTENT: "closes",
    Reason.REFUSED: "closes",
    # Nobody asked the provider.
    Reason.INVALID_RECIPIENT: "nothing",
    Reason.INVALID_MESSAGE: "nothing",
    Reason.KEY_REUSED: "nothing",
    Reason.NOT_SENT: "nothing",
    Reason.HELD: "nothing",
    Reason.UNSUPPORTED: "nothing",
    Reason.CONFIGURATION: "nothing",
    Reason.UNAVAILABLE: "nothing",
    # The route is broken, whoever the text was for.
    Reason.UNREACHABLE: "counts",
    Reason.TLS: "counts",
    Reason.REFUSED_REQUEST: "counts",
    Reason.SENDER: "counts",
    Reason.THROTTLED: "counts",
    Reason.TIMEOUT: "counts",
    Reason.NO_ANSWER: "counts",
    Reason.SERVER_ERROR: "counts",
    Reason.NO_CREDIT: "opens",
    Reason.UNAUTHORIZED: "opens",  # will not mend itself within a few sends
    # A refusal of the recipient may hide behind it: were it to count, a few people who said no
    # would open the circuit, and the next ones be texted by the provider after it.
    Reason.BAD_ANSWER: "nothing",
    Reason.REDIRECTED: "nothing",  # to a page that says why, perhaps
    Reason.ECHO_MISMATCH: "nothing",
    Reason.CRASHED: "nothing",  # our own code or the program's, and an alarm of the program's
}
"""What a result of each reason does to its provider's circuit."""

FORGET_SECONDS: Final = 86_400.0
"""How long after its cool-down an open circuit is kept that no send has asked for."""

_SLACK: Final = 1.0
"""Seconds; sums of floats are not exact, and clocks are set by less than this all the time."""


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


def judge(result: SendResult) -> Effect:
    """What ``result`` does to its provider's circuit (`EFFECTS`)."""
    if result.reason is None:
        return "closes"
    if result.reason is Reason.THROTTLED and result.retry_after is not None:
        return "opens"
    return EFFECTS.get(result.reason, "nothing")


def admission(circuit: Circuit, now: float, rules: Rules = Rules()) -> Admission:
    """Whether a send may go through: ``closed`` freely, ``probe`` one, ``open`` none.

    A moment that lies further ahead than any can was written by a clock that was wrong, and
    does not count; nor does an opening that lies in the future.
    """
    circuit = forget(circuit, now)
    if not circuit.is_open:
        return "closed"
    if now < circuit.since:
        return "probe"
    cools = now < circuit.open_until <= now + max(rules.cooldown, MAX_WAIT_SECONDS) + _SLACK
    probed = now < circuit.probe_until <= now + rules.lease + _SLACK
    return "open" if cools or probed else "probe"


def forget(circuit: Circuit, now: float) -> Circuit:
    """``circuit``, or a closed one where no send has asked for it for `FORGET_SECONDS`.

    Its provider may be gone from the configuration, or have another key by now.
    """
    last = max(circuit.open_until, circuit.probe_until)
    return CLOSED if circuit.is_open and now > last + FORGET_SECONDS else circuit


def begin_probe(circuit: Circuit, now: float, rules: Rules) -> Circuit:
    """``circuit`` with a probe under way."""
    return attrs.evolve(circuit, probe_until=now + rules.lease, since=min(circuit.since, now))


def end_probe(circuit: Circuit) -> Circuit:
    """``circuit`` with no probe under way, so that the next send may be one."""
    return attrs.evolve(circuit, probe_until=0.0) if circuit.probe_until else circuit


def after(circuit: Circuit, result: SendResult, now: float, rules: Rules) -> Circuit:
    """``circuit`` after ``result``. What says nothing of the route only ends a probe."""
    effect = judge(result)
    if effect == "nothing":
        return end_probe(circuit)
    if effect == "closes":
        return CLOSED
    circuit = forget(circuit, now)
    failures = circuit.failures + 1
    opens = circuit.is_open or failures >= rules.failures or effect == "opens"
    wait = result.retry_after if result.retry_after is not None else rules.cooldown
    return Circuit(
        failures=failures,
        open_until=now + wait if opens else 0.0,
        why=str(result.reason),
        since=min(circuit.since or now, now),
    )
