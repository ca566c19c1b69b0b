"""Tables of many columns, or of long words: a phone can show each row as a list, column and value.

Each cell gets the name of its column; the style sheet shows it where there is no room for columns.
A column without a name gets one for who hears the table read.
"""

from __future__ import annotations

from typing import Final

from docutils import nodes
from sphinx.application import Sphinx

MANY: Final = 4
"""Columns from which a phone has no room for them."""
FEW: Final = 2
"""Columns that it has room for, whatever they hold."""
ROOM: Final = 48
"""Characters of the longest words of all columns that it has room for, beside each other."""


def name_columns(app: Sphinx, document: nodes.document) -> None:
    """Write into the cells of each wide table what their columns are called."""
    for table in document.findall(nodes.table):
        heads = [entry.astext() for head in table.findall(nodes.thead) for entry in head[0]]
        name_nameless(table)
        if not is_wide(table, len(heads)):
            continue
        table["classes"].append("wide")
        for row in (row for body in table.findall(nodes.tbody) for row in body):
            for head, entry in zip(heads, row, strict=False):
                name_cell(head, entry)


def is_wide(table: nodes.table, columns: int) -> bool:
    """Whether a phone has no room for the columns of ``table``."""
    if columns <= FEW:
        return False
    rows = [[find_longest(cell) for cell in row] for row in table.findall(nodes.row)]
    return columns >= MANY or sum(map(max, zip(*rows, strict=True))) > ROOM


def find_longest(cell: nodes.Element) -> int:
    """The length of the longest word in ``cell``."""
    return max(map(len, cell.astext().split()), default=0)


def name_nameless(table: nodes.table) -> None:
    """Give an empty head a word that is heard and not seen."""
    for head in table.findall(nodes.thead):
        for entry in head.findall(nodes.entry):
            if not entry.astext():
                entry[:] = [nodes.paragraph("", "", nodes.inline("", "what", classes=["heard"]))]


def name_cell(head: str, entry: nodes.Element) -> None:
    """Put ``head`` before what is in the cell."""
    if head and len(entry):
        entry.insert(0, nodes.inline("", head, classes=["column"]))


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of it."""
    app.connect("doctree-read", name_columns)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
