"""What the commands print of the ledger: pure functions, for people and for programs.

Numbers are masked unless ``numbers`` is True; one that was forgotten is not there at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sumotext_backend.asking import Found, NoAnswer
from sumotext_backend.redact import mask
from sumotext_backend.render.moments import write_moment
from sumotext_backend.render.results import advice

if TYPE_CHECKING:
    from sumotext_backend.events import ConsentChange
    from sumotext_backend.ledger import Consent, Entry
    from sumotext_backend.ledger.resolve import Answer

Fields = dict[str, Any]
FORGOTTEN = "(forgotten)"


def show_number(number: str, *, numbers: bool) -> str:
    """``number``, or what may be shown of it."""
    return (number if numbers else mask(number)) if number else FORGOTTEN


def change_object(change: ConsentChange, *, numbers: bool) -> Fields:
    """One word of consent, for a program."""
    return {
        "number": show_number(change.number, numbers=numbers),
        "programme": change.programme,
        "word": str(change.word),
        "provider": change.provider,
        "reason": change.reason,
        "source": str(change.source),
        "note": change.note,
        "at": write_moment(change.at),
    }


def change_words(change: ConsentChange, *, numbers: bool) -> str:
    """One word of consent, in a line."""
    by = f" by {change.provider}" if change.provider else ""
    why = f" ({change.reason})" if change.reason else ""
    note = f': "{change.note}"' if change.note else ""
    number = show_number(change.number, numbers=numbers)
    where = f"{change.programme}, from {change.source}"
    return f"{write_moment(change.at)}  {number}  {change.word}{by}{why} [{where}]{note}"


def consent_words(known: Mapping[str, Consent]) -> list[str]:
    """What holds for one person, a line for each programme."""
    return [f"{programme}: {_holds(each)}" for programme, each in known.items()]


def _holds(known: Consent) -> str:
    if known.opted_out:
        return f"opted out (known by {known.opted_out}); no provider is asked"
    if known.refused_by:
        who = ", ".join(f"{name} ({why})" for name, why in known.refused_by.items())
        return f"refused by {who}; nobody else is asked"
    return "may be texted"


def consent_object(known: Mapping[str, Consent]) -> Fields:
    """What holds for one person, for a program."""
    return {
        programme: {"opted_out": each.opted_out or None, "refused_by": dict(each.refused_by)}
        for programme, each in known.items()
    }


def entry_object(entry: Entry, *, numbers: bool) -> Fields:
    """One send, for a program."""
    result = entry.result.to_dict() if entry.result else {}
    return {
        "reference": entry.reference,
        "number": show_number(entry.number, numbers=numbers),
        "key": bool(entry.key),
        "state": entry.state,
        "outcome": entry.outcome or None,
        "reason": entry.reason or None,
        "provider": entry.provider,
        "message_id": entry.message_id,
        "created_at": write_moment(entry.created_at),
        "updated_at": write_moment(entry.updated_at),
        "settled": entry.settled or None,
        "detail": result.get("detail", ""),
        "attempts": [_attempt(each) for each in result.get("attempts", ())],
        "notes": [
            {"word": n.word, "source": n.source, "note": n.note, "at": write_moment(n.at)}
            for n in entry.notes
        ],
    }


def _attempt(fields: Mapping[str, Any]) -> Fields:
    names = ("provider", "backend", "outcome", "reason", "detail", "duration")
    return {name: fields[name] for name in names}


def entry_words(entry: Entry, *, numbers: bool) -> str:
    """One send, in a line."""
    ended = entry.outcome or entry.state
    why = f" ({entry.reason})" if entry.reason else ""
    by = f" by {entry.provider}" if entry.provider else ""
    number = show_number(entry.number, numbers=numbers)
    tried = [f"{a.provider or a.backend} {a.outcome}" for a in _trail(entry)]
    trail = f"  [{', '.join(tried)}]" if tried else ""
    when = write_moment(entry.created_at)
    return f"{when}  {entry.reference}  {number}  {ended}{why}{by}{trail}"


def _trail(entry: Entry) -> Iterable[Any]:
    return entry.result.attempts if entry.result else ()


def doubt_words(entry: Entry, *, numbers: bool) -> str:
    """One doubt, with all that is known of it and what may be done."""
    lines = [entry_words(entry, numbers=numbers)]
    if entry.result:
        told = (("detail", entry.result.detail), ("next", advice(entry.result)))
        lines += [f"  {label:<6}  {words}" for label, words in told if words]
    for each in entry.notes:
        note = f": {each.note}" if each.note else ""
        lines.append(f"  note    {each.word} by {each.source}{note}")
    if entry.outcome == "UNKNOWN":
        lines.append(
            f"  settle  sumotext doubts settle {entry.reference} --sent|--not-sent --note …"
        )
    return "\n".join(lines)


def answer_words(entry: Entry, said: Answer, *, numbers: bool) -> str:
    """What a provider said of a doubt, in a line."""
    number = show_number(entry.number, numbers=numbers)
    return f"{write_moment(entry.created_at)}  {entry.reference}  {number}  {_say(said)}"


def _say(said: Answer) -> str:
    if said is None:
        return "still a doubt: no record, which proves nothing"
    if isinstance(said, NoAnswer):
        return f"still a doubt: {said.detail} ({said.reason})"
    state = f", {said.report.status}" if said.report else ""
    return f"settled: it was sent, as {said.provider_id}{state}"


def answer_object(entry: Entry, said: Answer, *, numbers: bool) -> Fields:
    """The same for a program."""
    found = isinstance(said, Found)
    return {
        "reference": entry.reference,
        "number": show_number(entry.number, numbers=numbers),
        "settled": found,
        "message_id": said.provider_id if isinstance(said, Found) else None,
        "said": _say(said),
    }


def table_words(fields: Mapping[str, object]) -> str:
    """Labels and values as two columns."""
    width = max(map(len, fields), default=0)
    return "\n".join(f"{label:<{width}}  {value}" for label, value in fields.items())
