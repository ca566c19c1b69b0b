"""What the command prints of a result, a text or a request that was not made: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sumotext_backend.backend import SmsBackend
from sumotext_backend.models import Outcome, Reason, SendResult
from sumotext_backend.redact import mask
from sumotext_backend.render.dry_run import ShownRequest
from sumotext_backend.segments import Segmentation, segment
from sumotext_backend.transliteration import as_sent

_NEXT: Final[Mapping[Outcome, str]] = {
    Outcome.REJECTED: "do not resend, here or elsewhere: it is about this number or text",
    Outcome.FAILED: "safe to retry: the text was surely not sent",
    Outcome.UNKNOWN: "do not resend: the text may have been sent; see 'sumotext doubts'",
}
_NOT_KEPT: Final = "do not resend: the text may have been sent, and nobody can find out"
_OFF: Final = (
    "do not resend: the text may have been sent; look for it at the provider, as no doubt is kept "
    'here ([ledger] record is "off")'
)
_KEY_REUSED: Final = "give this text a key of its own"
_STORED: Final = "the first result under this key; nothing was sent now"

Rows = Iterable[tuple[str, str]]


def table(headline: str, rows: Rows) -> str:
    """``headline`` and below it the rows that have words, their labels as a column."""
    kept = [(label, words) for label, words in rows if words]
    width = max(len(label) for label, _ in kept)
    return "\n".join([headline, *(f"  {label:<{width}}  {words}" for label, words in kept)])


def cut(text: str, backend: SmsBackend | None = None) -> Segmentation | None:
    """How ``text`` is cut into segments, as ``backend`` sends it.

    None for one that no encoding can carry.
    """
    try:
        return segment(as_sent(text, backend))
    except ValueError:
        return None


def size(cuts: Segmentation | None) -> str:
    """``"1 (GSM-7, 5 units, room for 155 more)"``."""
    if cuts is None:
        return ""
    return f"{cuts.count} ({cuts.encoding}, {cuts.units} units, room for {cuts.units_left} more)"


def summary(
    result: SendResult,
    cuts: Segmentation | None,
    place: str,
    *,
    kept: bool = True,
    record: str = "needed",
) -> str:
    """``result`` for a person, the outcome on the first line, the number masked.

    ``place`` is the backend as the person knows it. ``kept`` is False in the sandbox, and
    ``record`` what the ledger is set to.
    """
    asked = list(_list_asked(result))
    told = [each.detail for each in asked]
    rows = [
        ("id", result.message_id or ""),
        ("to", mask(result.to)),
        ("segments", size(cuts)),
        ("backend", place),
        *(("tried", _attempt(each)) for each in asked),
        ("detail", "" if result.detail in told else result.detail),
        ("stored", _STORED if result.stored else ""),
        ("next", advice(result, kept=kept, record=record)),
    ]
    return table(_name_end(result), rows)


def name_provider(result: SendResult) -> str:
    """The provider that ``result`` is of, by its alias if it has one: ``"main (sumotext)"``."""
    named = result.provider not in ("", result.backend)
    return f"{result.provider} ({result.backend})" if named else result.backend


def advice(result: SendResult, *, kept: bool = True, record: str = "needed") -> str:
    """What to do next with a text that was not accepted; empty for one that was.

    ``kept`` and ``record`` are those of `summary`.
    """
    if result.reason is Reason.KEY_REUSED:
        return _KEY_REUSED
    if result.outcome is Outcome.UNKNOWN and (not kept or record == "off"):
        return _OFF if kept else _NOT_KEPT
    wait = f", after {result.retry_after:g} s" if result.retry_after else ""
    return _NEXT.get(result.outcome, "") + wait


def _name_end(result: SendResult) -> str:
    return f"{result.outcome} ({result.reason})" if result.reason else str(result.outcome)


def _list_asked(result: SendResult) -> Iterator[SendResult]:
    """The attempts of single providers, in order, however deep the chains are nested."""
    for attempt in result.attempts:
        yield from _list_asked(attempt) if attempt.attempts else [attempt]


def _attempt(attempt: SendResult) -> str:
    took = "" if attempt.duration is None else f" after {_seconds(attempt.duration)}"
    why = f"; {attempt.detail}" if attempt.detail else ""
    return f"{name_provider(attempt)}: {_name_end(attempt)}{took}{why}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def as_object(result: SendResult, cuts: Segmentation | None, *, sandbox: bool) -> dict[str, object]:
    """``result`` for a program: its `to_dict` with the number in full, and the segments."""
    return {**result.to_dict(), **size_object(cuts), "sandbox": sandbox}


def size_object(cuts: Segmentation | None) -> dict[str, object]:
    """How many segments, in which encoding, for a program."""
    return {
        "segments": cuts.count if cuts else None,
        "encoding": cuts.encoding if cuts else None,
    }


def dry_run_words(
    to: str, request: ShownRequest | None, cuts: Segmentation | None, place: str
) -> str:
    """What would have been sent, for a person; no value of the query is shown."""
    rows = [
        ("to", mask(to)),
        ("segments", size(cuts)),
        ("backend", place),
        ("request", _line(request) if request else "this backend cannot show its request"),
    ]
    return table("DRY RUN: nothing was sent", rows)


def _line(request: ShownRequest) -> str:
    query = "&".join(f"{name}=…" for name in request.parameters)
    body = f" with a body of {request.body_bytes} bytes" if request.body_bytes else ""
    return f"{request.method} {request.url}{'?' if query else ''}{query}{body}"


def dry_run_object(
    to: str, backend: str, request: ShownRequest | None, cuts: Segmentation | None, *, sandbox: bool
) -> dict[str, object]:
    """What would have been sent, for a program; ``outcome`` is null, as there is none."""
    return {
        "dry_run": True,
        "outcome": None,
        "reason": None,
        "message_id": None,
        "to": to,
        "backend": backend,
        **size_object(cuts),
        "sandbox": sandbox,
        "request": request
        and {
            "method": request.method,
            "url": request.url,
            "parameters": list(request.parameters),
            "body_bytes": request.body_bytes,
        },
    }
