"""Lists of numbers as other providers export them: CSV with a column of numbers; pure."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from sumotext_backend.msisdn import InvalidNumberError, parse
from sumotext_backend.numbering import DEFAULT_REGION

COLUMNS: Final = frozenset(
    [
        "number",
        "phone",
        "phonenumber",
        "telephone",
        "tel",
        "mobile",
        "cell",
        "msisdn",
        "recipient",
        "to",
        "from",
        "contact",
    ]
)
"""Words by which a column of numbers is known, where nobody names it."""
DELIMITERS: Final = (",", ";", "\t", "|")
"""What stands between two columns: a comma, or what spreadsheets write where one is a decimal."""

_QUOTED: Final = re.compile(r'"[^"]*"')
_SAID: Final = re.compile(r"\ufeff?sep=([,;\t|])\r?\n?", re.IGNORECASE)
"""The line by which spreadsheets are told the delimiter."""
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MARK: Final = "\ufeff"


@attrs.frozen
class BadRow:
    """A row without a number that can be texted: its line in the file, from 1, and why."""

    line: int
    why: str


def read_numbers(
    lines: Iterable[str], column: str = "", region: str = DEFAULT_REGION
) -> Iterator[str | BadRow]:
    """The numbers in the column of that name, in E.164, and the rows that have none.

    ``region`` is where those without country code are dialled. Without ``column`` it is the one
    whose name says that it holds numbers. The first line tells the delimiter. Empty lines are left
    out; what is no CSV is a bad row, and the last one. Raises `LookupError`, which shows no part of
    a row, where nothing is in the file, there is no such column, or more than one.
    """
    given = iter(lines)
    head = take_head(given)
    said = _SAID.fullmatch(head[-1]) if head else None
    delimiter = said[1] if said else _find_delimiter(head[-1] if head else "")
    # Else a quote that nobody ended would swallow rows, and whom they name.
    rows = csv.reader(itertools.chain(head, given), delimiter=delimiter, strict=True)
    full = (row for row in rows if any(map(_strip, row)))
    try:
        if said:
            next(full)
        index = find_column(next(full, []), column)
        for row in full:
            yield _read(row, index, rows.line_num, region)
    except csv.Error:
        yield BadRow(rows.line_num, "it is not CSV; is a quote not ended, or not doubled?")


def take_head(lines: Iterator[str]) -> list[str]:
    """The lines up to the first one that is not empty, which are gone from ``lines``."""
    head = []
    for line in lines:
        head.append(line)
        if _strip(line):
            break
    return head


def _find_delimiter(header: str) -> str:
    plain = _QUOTED.sub("", header)
    return max(DELIMITERS, key=plain.count)


def _strip(cell: str) -> str:
    return cell.strip().strip(_MARK)


def find_column(header: Sequence[str], column: str = "") -> int:
    """The place of the column of numbers. Raises `LookupError`."""
    if not header:
        raise LookupError("nothing is in the file; its first line names the columns")
    found = [index for index, name in enumerate(header) if _is_meant(_strip(name), column)]
    if not found and column:
        raise LookupError("the file has no column of that name in its first line")
    if not found:
        raise LookupError(
            "no column of the first line is called 'number' or 'phone'; name the column"
        )
    if len(found) > 1:
        raise LookupError(f"{len(found)} columns of the first line may be meant; name the column")
    return found[0]


def _is_meant(name: str, column: str) -> bool:
    if column:
        return name.lower() == column.strip().lower()
    return not COLUMNS.isdisjoint(
        re.findall(r"\w+", _CAMEL.sub(" ", name).replace("_", " ").lower())
    )


def _read(row: Sequence[str], index: int, line: int, region: str) -> str | BadRow:
    if index >= len(row):
        return BadRow(line, "it has fewer columns than the first line")
    try:
        return parse(row[index], region).e164
    except InvalidNumberError as error:
        return BadRow(line, str(error))
