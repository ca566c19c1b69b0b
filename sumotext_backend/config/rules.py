"""What the composites do, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sumotext_backend.backend import SmsBackend, recipient
from sumotext_backend.models import Message
from sumotext_backend.redact import mask

if TYPE_CHECKING:
    from sumotext_backend.routing import Circuit, Fallback, Redirect, RoundRobin, Rules


def of(backend: SmsBackend) -> str:
    """What a composite does with its providers, and what ends it."""
    from sumotext_backend.routing import Fallback, Redirect, Retry, RoundRobin

    if isinstance(backend, RoundRobin):
        return f"each text begins with the next in turn; {_chain(backend)}"
    if isinstance(backend, Fallback):
        return _chain(backend)
    if isinstance(backend, Retry):
        return (
            f"up to {backend.tries} tries within {backend.timeout:g} s, "
            "again only after UNREACHABLE or THROTTLED"
        )
    return _redirect(backend) if isinstance(backend, Redirect) else "decides by itself"


def _chain(chain: Fallback | RoundRobin) -> str:
    doubt = chain.on_unknown == "may_text_twice"
    after = ["FAILED", *chain.also_after, *(["UNKNOWN, which may text twice"] if doubt else [])]
    ends = ["ACCEPTED", "any REJECTED" if not chain.also_after else "any other REJECTED"]
    ends += [] if doubt else ["UNKNOWN"]
    return (
        f"the next is asked only after {' or '.join(after)}; "
        f"{' or '.join(ends)} ends it, and so do {chain.timeout:g} s"
    )


def _redirect(redirect: Redirect) -> str:
    own = "numbers on the allow-list get their own texts" if redirect.allow else ""
    rest = "one number gets every text" if redirect.to else "every other text is held back"
    return f"{own}; {rest}" if own else rest


def redirected(redirect: Redirect, message: Message) -> tuple[str, str]:
    """Why a redirect holds ``message`` back, or whom it goes to instead; both may be empty."""
    if getattr(recipient(message), "e164", None) in redirect.allow:
        return "", ""
    if redirect.to is None:
        return "held back: the number is not on the allow-list", ""
    return "", f"goes to {mask(redirect.to)} instead"


def admitted(circuit: Circuit, now: float, thresholds: Rules) -> tuple[str, str]:
    """Why a provider is passed over, or what is to be known of it; both may be empty."""
    from sumotext_backend.routing.circuit import admission

    state = admission(circuit, now, thresholds)
    if state == "open":
        left = max(circuit.open_until, circuit.probe_until) - now
        why = f"after {circuit.failures} failures, the last {circuit.why}"
        return f"left alone for {left:.0f} s more {why}", ""
    return "", "the next text is the probe of its recovery" if state == "probe" else ""
