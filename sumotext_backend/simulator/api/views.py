"""What the API says of a text: JSON, in brief for lists and in full for one."""

from __future__ import annotations

from typing import Any

from sumotext_backend.segments import segment
from sumotext_backend.simulator.exchange import Received
from sumotext_backend.simulator.simulation import Simulation, normalize
from sumotext_backend.simulator.store import Text
from sumotext_backend.simulator.traffic import Seen


def in_brief(text: Text) -> dict[str, Any]:
    """``text`` as a list shows it."""
    return {
        "id": text.id,
        "provider": text.dialect,
        "direction": text.direction,
        "at": text.at.isoformat(timespec="microseconds"),
        "from": text.sender,
        "to": text.recipient,
        "handset": normalize(text.handset),
        "text": text.body,
        "segments": text.segments,
        "encoding": text.encoding,
        "state": text.state,
        "detail": text.trail[-1].detail,
    }


def in_full(text: Text, sim: Simulation) -> dict[str, Any]:
    """``text`` with all that ``sim`` knows of it."""
    cuts = segment(text.body)
    return in_brief(text) | {
        "reference": text.reference,
        "callback_url": text.callback_url,
        "fields": dict(text.fields),
        "units": cuts.units,
        "units_left": cuts.units_left,
        "parts": list(cuts.parts),
        "forced_by": list(cuts.forced_by),
        "trail": [
            {"at": step.at.isoformat(), "state": step.state, "detail": step.detail}
            for step in text.trail
        ],
        "called": [
            {"at": each.at.isoformat(), "status": each.status, "made": each.made}
            for each in (*sim.called,)
            if each.text_id == text.id
        ],
        "request": _describe(text.request) if text.request else None,
    }


def _describe(request: Received) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": request.prefix + request.path,
        "query": [list(pair) for pair in request.query],
        "headers": [list(pair) for pair in request.headers],
        "body": request.body.decode("utf-8", "replace"),
    }


def describe_request(seen: Seen) -> dict[str, Any]:
    """One request to send, accepted or not."""
    return {
        "at": seen.received_at.isoformat(),
        "provider": seen.dialect,
        "method": seen.method,
        "to": seen.mobile,
        "name": seen.name,
        "outcome": seen.outcome,
        "reason": seen.reason,
        "request": _describe(seen.request) if seen.request else None,
    }
