"""``sumotext consent import``: from the lines of a file to what is printed.

Errors are those of `sumotext_backend.ledger`, `InputError`, and `LookupError` for a programme or a
column that there is not.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from sumotext_backend.events import ConsentChange
from sumotext_backend.render.ledger import Shown, refuse_off
from sumotext_backend.render.moving import is_export, read_words
from sumotext_backend.render.texts import InputError

if TYPE_CHECKING:
    from sumotext_backend.ledger import Ledger
    from sumotext_backend.ledger.imports import BadRow

MAX_BAD_ROWS: Final = 20
"""Bad rows of an import that are listed; of more only the count is."""
_SAYS_ITSELF: Final = (
    "an export says of each word what it is and to which programme; leave out --word, --column, "
    "--programme and --note"
)
_SKIP: Final = "--skip-forgotten leaves them out; nothing was imported"


@attrs.frozen(kw_only=True)
class Import:
    """How a file is read.

    Of a list of numbers the ``column`` by name, what it says of them, ``opt-out`` unless told
    otherwise, and to which ``programme``; of an export whether words on forgotten numbers are left
    out.
    """

    word: str | None = None
    column: str = ""
    programme: str = ""
    note: str = ""
    skip_forgotten: bool = False


def import_consent(ledger: Ledger, lines: Iterable[str], how: Import) -> Shown:
    """Write down what a list of numbers or an export says: all, or nothing where a row is bad."""
    from sumotext_backend.ledger.imports import take_head

    refuse_off(ledger)
    rest = iter(lines)
    head = take_head(rest)
    read = _import_words if is_export(head) else _import_numbers
    return read(ledger, itertools.chain(head, rest), how)


def _import_numbers(ledger: Ledger, lines: Iterable[str], how: Import) -> Shown:
    from sumotext_backend.ledger import Source, Word, write_changes
    from sumotext_backend.ledger.changes import spread
    from sumotext_backend.ledger.imports import BadRow, read_numbers

    if how.skip_forgotten:
        raise InputError("--skip-forgotten is for what 'consent export' prints; leave it out")
    rows = list(read_numbers(lines, how.column, ledger.settings.region))
    if bad := [row for row in rows if isinstance(row, BadRow)]:
        return _refuse_rows(bad, len(rows))
    word = Word.OPTED_IN if how.word == "opt-in" else Word.OPTED_OUT
    changes = (
        ConsentChange(
            number=str(number),
            word=word,
            programme=how.programme,
            source=Source.IMPORT,
            note=how.note,
        )
        for number in dict.fromkeys(rows)
    )
    count = write_changes(ledger, spread(ledger, changes))
    return Shown(_say_written(count), {"imported": count, "bad": []})


def _import_words(ledger: Ledger, lines: Iterable[str], how: Import) -> Shown:
    from sumotext_backend.ledger import merge_changes
    from sumotext_backend.ledger.imports import BadRow

    if how.word or how.column or how.programme or how.note:
        raise InputError(_SAYS_ITSELF)
    rows = list(read_words(lines))
    if bad := [row for row in rows if isinstance(row, BadRow)]:
        return _refuse_rows(bad, len(rows))
    changes = [row for row in rows if isinstance(row, ConsentChange)]
    kept = [change for change in changes if change.number]
    forgotten = len(changes) - len(kept)
    if forgotten and not how.skip_forgotten:
        wrong = f"{_count(forgotten)} on forgotten numbers would bind nobody here; {_SKIP}"
        return Shown("", {"imported": 0, "bad": [], "forgotten": forgotten}, wrong)
    new = merge_changes(ledger, kept)
    said = f"{_say_written(new)}, {len(kept) - new} known, {forgotten} left out"
    fields = {"imported": new, "bad": [], "known": len(kept) - new, "forgotten": forgotten}
    return Shown(said, fields)


def _refuse_rows(bad: Sequence[BadRow], count: int) -> Shown:
    listed = [f"line {row.line}: {row.why}" for row in bad[:MAX_BAD_ROWS]]
    wrong = f"{len(bad)} of {count} rows are bad; nothing was imported"
    found = [{"line": row.line, "why": row.why} for row in bad]
    return Shown("\n".join(listed), {"imported": 0, "bad": found}, wrong)


def _say_written(count: int) -> str:
    return f"{_count(count)} {'was' if count == 1 else 'were'} written down"


def _count(words: int) -> str:
    return "1 word" if words == 1 else f"{words} words"
