"""Lists of numbers as other providers export them: CSV with a column of numbers; pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from sumotext_backend.msisdn import InvalidNumberError, parse
from sumotext_backend.numbering import DEFAULT_REGION

COLUMNS: Final = frozenset(
    ("number", "phone", "msisdn", "mobile", "recipient", "to", "from", "contact")
)
"""Words by which a column of numbers is known, where nobody names it."""


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
    whose name says that it holds numbers. Empty lines are left out; what is no CSV is a bad row,
    and the last one. Raises `LookupError`, which shows no part of a row, where there is no such
    column, or more than one.
    """
    # Else a quote that nobody ended would swallow rows, and whom they name.
    rows = csv.reader(lines, strict=True)
    try:
        header = next(rows, [])
        index = find_column(header, column)
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _read(row, index, rows.line_num, region)
    except csv.Error:
        yield BadRow(rows.line_num, "it is not CSV; is a quote not ended, or not doubled?")


def find_column(header: Sequence[str], column: str = "") -> int:
    """The place of the column of numbers. Raises `LookupError`."""
    names = [name.strip().lstrip("\ufeff").lower() for name in header]
    found = [index for index, name in enumerate(names) if _is_meant(name, column.lower())]
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
        return name == column
    return not COLUMNS.isdisjoint(name.replace("_", " ").split())


def _read(row: Sequence[str], index: int, line: int, region: str) -> str | BadRow:
    if index >= len(row):
        return BadRow(line, "it has fewer columns than the first line")
    try:
        return parse(row[index], region).e164
    except InvalidNumberError as error:
        return BadRow(line, str(error))
