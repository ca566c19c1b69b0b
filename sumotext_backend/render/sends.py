"""What is printed of the sends that a ledger keeps, and of the doubts among them.

Errors are those of `sumotext_backend.ledger`, and `LookupError` for a moment that is none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import inf
from typing import TYPE_CHECKING, Any, Final

from sumotext_backend.render import entries as words
from sumotext_backend.render.ledger import Shown
from sumotext_backend.render.moments import read_moment

if TYPE_CHECKING:
    from sumotext_backend.backend import SmsBackend
    from sumotext_backend.ledger import Entry, Ledger

_NONE: Final = {
    "off": 'no send is kept, and no doubt: [ledger] record is "off"',
    "all": "no such send is kept",
}
_NONE_NEEDED: Final = (
    'no such send is kept; one that was accepted is, where it had a key or [ledger] record is "all"'
)


def export_sends(ledger: Ledger, *, numbers: bool) -> Iterator[dict[str, Any]]:
    """Every send that is kept, the oldest first."""
    from sumotext_backend.ledger.history import export_entries

    for entry in export_entries(ledger):
        yield words.entry_object(entry, numbers=numbers)


def list_doubts(ledger: Ledger, since: str, *, numbers: bool) -> Shown:
    """The doubts, those among them that broke off unnoticed."""
    from sumotext_backend.ledger import list_doubts as read

    found = read(ledger, _moment(since))
    none = _say_no_doubt(ledger, "there is no doubt")
    return _entries(found, words.entry_words, none, numbers=numbers)


def _say_no_doubt(ledger: Ledger, none: str) -> str:
    return _NONE["off"] if ledger.settings.record == "off" else none


def show_doubt(ledger: Ledger, ref: str, *, numbers: bool, text: bool) -> Shown:
    """One doubt, or what became of it."""
    from sumotext_backend.ledger import NotADoubtError, find_entry
    from sumotext_backend.ledger.doubts import find_text

    entry = find_entry(ledger, ref)
    if entry is None:
        raise NotADoubtError("there is no send of that reference; see 'sumotext doubts list'")
    said, fields = (
        words.doubt_words(entry, numbers=numbers),
        words.entry_object(entry, numbers=numbers),
    )
    if text:
        kept = find_text(ledger, ref)
        said += f"\n  text    {kept or '(not kept)'}"
        fields["text"] = kept
    return Shown(said, fields)


def settle_doubt(ledger: Ledger, ref: str, *, sent: bool, note: str) -> Shown:
    """End a doubt by a person's word."""
    from sumotext_backend.ledger import settle

    entry = settle(ledger, ref, sent=sent, note=note)
    return Shown(words.doubt_words(entry, numbers=False), words.entry_object(entry, numbers=False))


def resolve_doubts(
    ledger: Ledger, backends: Mapping[str, SmsBackend], since: str, *, numbers: bool
) -> Shown:
    """Ask what became of each doubt, and settle those of which there is a record."""
    from sumotext_backend.ledger import resolve_doubts as ask_all

    answers = list(ask_all(ledger, backends, _moment(since)))
    lines = [words.answer_words(entry, said, numbers=numbers) for entry, said in answers]
    rows = [words.answer_object(entry, said, numbers=numbers) for entry, said in answers]
    none = _say_no_doubt(ledger, "there are no doubts")
    return Shown("\n".join(lines) or none, {"doubts": rows})


def list_log(
    ledger: Ledger, *, number: str = "", since: str = "", outcome: str = "", numbers: bool
) -> Shown:
    """The sends that are kept, the youngest first."""
    from sumotext_backend.ledger import list_entries
    from sumotext_backend.ledger.history import MAX_LISTED
    from sumotext_backend.msisdn import parse

    e164 = parse(number, ledger.settings.region).e164 if number else ""
    found = list_entries(ledger, e164=e164, outcome=outcome.upper(), since=_moment(since))
    none = _NONE.get(ledger.settings.record, _NONE_NEEDED)
    return _entries(found, words.entry_words, none, numbers=numbers, most=MAX_LISTED)


def _entries(
    found: Iterable[Entry], say: Callable[..., str], none: str, *, numbers: bool, most: float = inf
) -> Shown:
    entries = list(found)
    lines = [say(each, numbers=numbers) for each in entries]
    more = len(entries) >= most
    if more:
        lines.append(f"(there may be more than {most}: narrow it down by --since or --number)")
    rows = [words.entry_object(each, numbers=numbers) for each in entries]
    return Shown("\n".join(lines), {"sends": rows, "more": more}, note="" if rows else none)


def _moment(text: str) -> float:
    if not text:
        return 0.0
    try:
        return read_moment(text, time.time())
    except ValueError as error:
        wrong = str(error)
    raise LookupError(wrong)
