"""Lists of numbers as other providers export them: CSV with a column of numbers; pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from sumotext_backend.msisdn import InvalidNumberError, parse

COLUMNS: Final = ("number", "phone", "msisdn", "mobile", "recipient", "to", "from", "contact")
"""Words by which a column of numbers is known, the surest first, where nobody names it."""


@attrs.frozen
class BadRow:
    """A row without a number that can be texted: its line in the file, from 1, and why."""

    line: int
    why: str


def read_numbers(lines: Iterable[str], column: str = "") -> Iterator[str | BadRow]:
    """The numbers in the column of that name, in E.164, and the rows that have none.

    Without ``column`` it is the one whose name says that it holds numbers. Empty lines are left
    out. Raises `LookupError`, which shows no part of a row, where there is no such column.
    """
    rows = csv.reader(lines)
    header = next(rows, [])
    index = find_column(header, column)
    for row in rows:
        if any(cell.strip() for cell in row):
            yield _read(row, index, rows.line_num)


def find_column(header: Sequence[str], column: str = "") -> int:
    """The place of the column of numbers. Raises `LookupError`."""
    names = [name.strip().lstrip("\ufeff").lower() for name in header]
    if column:
        if column.lower() in names:
            return names.index(column.lower())
        raise LookupError("the file has no column of that name in its first line")
    for word in COLUMNS:
        for index, name in enumerate(names):
            if word in name.replace("_", " ").split():
                return index
    raise LookupError("no column of the first line is called 'number' or 'phone'; name it")


def _read(row: Sequence[str], index: int, line: int) -> str | BadRow:
    if index >= len(row):
        return BadRow(line, "it has fewer columns than the first line")
    try:
        return parse(row[index]).e164
    except InvalidNumberError as error:
        return BadRow(line, str(error))
