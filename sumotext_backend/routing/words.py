"""What the composites do, in words for people."""

from __future__ import annotations

from sumotext_backend.backend import SmsBackend
from sumotext_backend.models import Message
from sumotext_backend.redact import mask
from sumotext_backend.routing.circuit import admission
from sumotext_backend.routing.fallback import Chain, Fallback
from sumotext_backend.routing.redirect import Redirect
from sumotext_backend.routing.retry import Retry
from sumotext_backend.routing.roundrobin import RoundRobin
from sumotext_backend.routing.route import Route


def describe_rule(backend: SmsBackend) -> str:
    """What a composite does with its providers, and what ends it."""
    if isinstance(backend, RoundRobin):
        return f"each text begins with the next in turn; {_describe_chain(backend)}"
    if isinstance(backend, Fallback):
        return _describe_chain(backend)
    if isinstance(backend, Retry):
        return (
            f"up to {backend.tries} tries within {backend.timeout:g} s, "
            "again only after UNREACHABLE or THROTTLED"
        )
    return _describe_numbers(backend) if isinstance(backend, Redirect) else "decides by itself"


def _describe_chain(chain: Chain) -> str:
    doubt = chain.on_unknown == "may_text_twice"
    after = ["FAILED", *chain.also_after, *(["UNKNOWN, which may text twice"] if doubt else [])]
    ends = ["ACCEPTED", "any REJECTED" if not chain.also_after else "any other REJECTED"]
    ends += [] if doubt else ["UNKNOWN"]
    return (
        f"the next is asked only after {' or '.join(after)}; "
        f"{' or '.join(ends)} ends it, and so do {chain.timeout:g} s"
    )


def _describe_numbers(redirect: Redirect) -> str:
    own = "numbers on the allow-list get their own texts" if redirect.allow else ""
    rest = "one number gets every text" if redirect.to else "every other text is held back"
    return f"{own}; {rest}" if own else rest


def describe_redirect(redirect: Redirect, message: Message) -> tuple[str, str]:
    """Why a redirect holds ``message`` back, or whom it goes to instead; both may be empty."""
    turned = redirect.turn(message)
    if turned is None:
        return "held back: the number is not on the allow-list", ""
    return "", "" if turned is message else f"goes to {mask(turned.to)} instead"


def describe_circuit(route: Route) -> tuple[str, str]:
    """Why a provider is left alone, or what is to be known of it; both may be empty."""
    if route.health is None:
        return "", ""
    now, circuit = route.health.clock(), route.health.circuit(route.key)
    state = admission(circuit, now, route.health.rules)
    if state == "open":
        left = max(circuit.open_until, circuit.probe_until) - now
        why = f"after {circuit.failures} failures, the last {circuit.why}"
        return f"left alone for {left:.0f} s more {why}", ""
    return "", "the next text is the probe of its recovery" if state == "probe" else ""
