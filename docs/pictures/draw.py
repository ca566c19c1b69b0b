"""Draws: rows of words, boxes and lines, one below the other, as SVG.

A row is its markup, drawn from y = 0, and its height. All is made for a phone's width, since a
picture that a phone makes smaller is one that nobody can read.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final, NamedTuple

WIDTH: Final = 440
LINE: Final = 19
_LETTERS: Final = 57
"""How many letters of 14 pixels fit beside the axis."""

_LIGHT: Final = {
    "ink": "#1f2328",
    "soft": "#57606a",
    "paper": "#ffffff",
    "rule": "#8c959f",
    "accepted": "#116329",
    "rejected": "#a40e26",
    "failed": "#7d4e00",
    "unknown": "#622cbc",
}
_DARK: Final = {
    "ink": "#e6edf3",
    "soft": "#adb8c4",
    "paper": "#161b22",
    "rule": "#7d8590",
    "accepted": "#56d364",
    "rejected": "#ff938a",
    "failed": "#e3b341",
    "unknown": "#d2a8ff",
}


class Row(NamedTuple):
    """A part of a picture: its markup, and the pixels that it takes."""

    markup: str
    height: int


def write_text(words: str, x: int, y: int, cls: str = "") -> str:
    """One line of words, whose base line is at ``y``."""
    return f'<text x="{x}" y="{y}" class="{cls}">{escape(words)}</text>'


def write_lines(words: str, x: int, cls: str = "", letters: int = _LETTERS) -> Row:
    """Words in as many lines as they need."""
    lines = textwrap.wrap(words, letters - x // 8)
    texts = [write_text(line, x, LINE * (n + 1) - 5, cls) for n, line in enumerate(lines)]
    return Row("".join(texts), LINE * len(lines))


def draw_box(head: str, words: str, cls: str = "") -> Row:
    """A box with a head, and words below it."""
    inside = write_lines(words, 36, "soft")
    height = 34 + inside.height
    shape = f'<rect x="20" y="1" width="400" height="{height - 2}" rx="7" class="box {cls}"/>'
    head = write_text(head, 36, 23, f"head {cls}")
    return Row(f"{shape}{head}{move(inside.markup, 26)}", height)


def draw_arrow(words: str, cls: str = "") -> Row:
    """An arrow down to the next row, and what it means."""
    beside = write_lines(words, 64, cls)
    height = beside.height + 22
    line = f'<path d="M44 3V{height - 5}" class="line" marker-end="url(#tip)"/>'
    return Row(f"{line}{move(beside.markup, 9)}", height)


def draw_moment(words: str, cls: str = "") -> Row:
    """A point on the axis of time."""
    dot = f'<circle cx="26" cy="13" r="6" class="dot {cls}"/>'
    return Row(f"{dot}{write_text(words, 48, 18, f'head {cls}')}", 26)


def draw_mark(words: str) -> Row:
    """The moment that divides all others: a line across."""
    line = '<path d="M8 16H432" class="mark"/>'
    below = write_text(words, 48, 38, "head")
    return Row(f"{line}{below}", 46)


def draw_span(head: str, words: str, cls: str) -> Row:
    """What lies between two moments."""
    inside = write_lines(words, 72, "soft")
    height = LINE + inside.height + 14
    bar = f'<rect x="23" y="0" width="6" height="{height}" class="bar {cls}"/>'
    return Row(f"{bar}{write_text(head, 72, 21, f'head {cls}')}{move(inside.markup, 24)}", height)


def draw_loop(start: int, end: int, x: int) -> str:
    """An arrow from a row at ``start`` back up to one at ``end``, along the edge at ``x``."""
    edge = 20 if x < WIDTH // 2 else 420
    line = f"M{edge} {start}H{x}V{end}H{edge - 3 if edge == 20 else edge + 3}"
    return f'<path d="{line}" class="line" marker-end="url(#tip)"/>'


def move(markup: str, y: int) -> str:
    """``markup``, so many pixels further down."""
    return f'<g transform="translate(0,{y})">{markup}</g>' if markup else ""


def stack(rows: Iterable[Row]) -> Row:
    """Rows, one below the other."""
    markup, y = [], 0
    for row in rows:
        markup.append(move(row.markup, y))
        y += row.height
    return Row("\n".join(markup), y)


def list_tops(rows: Sequence[Row]) -> list[int]:
    """Where each of the rows begins."""
    return [sum(row.height for row in rows[:n]) for n in range(len(rows))]


def make_svg(name: str, title: str, told: str, row: Row) -> str:
    """The picture; ``told`` is all that it shows, for who does not see it."""
    height = row.height + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'aria-labelledby="{name}-title {name}-told">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n'
        f'<desc id="{name}-told">{escape(told)}</desc>\n'
        f"<style>{_write_style()}</style>\n{_TIP}\n"
        f'<rect width="{WIDTH}" height="{height}" rx="8" class="paper"/>\n'
        f"{move(row.markup, 10)}\n</svg>\n"
    )


_TIP: Final = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" '
    'orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>'
)


def _write_style() -> str:
    return "".join(_list_rules())


def _list_rules() -> Iterator[str]:
    yield f".picture{{{_write_colours(_LIGHT)}}}"
    yield f"@media (prefers-color-scheme:dark){{.picture{{{_write_colours(_DARK)}}}}}"
    # The page has a switch of its own, which knows better than the system.
    for theme, colours in (("light", _LIGHT), ("dark", _DARK)):
        yield f'body[data-theme="{theme}"] .picture{{{_write_colours(colours)}}}'
    yield ".picture text{font:14px system-ui,sans-serif;fill:var(--ink)}"
    yield ".picture .soft{fill:var(--soft)}.picture text.head{font-weight:600}"
    yield ".picture .paper{fill:var(--paper)}.picture .tip,.picture .dot{fill:var(--rule)}"
    yield ".picture .box{fill:none;stroke:var(--rule);stroke-width:1.5}"
    yield ".picture .line{fill:none;stroke:var(--rule);stroke-width:1.5}"
    yield ".picture .mark{stroke:var(--ink);stroke-width:3;stroke-dasharray:8 5}"
    yield ".picture .bar{fill:var(--rule)}"
    for name in ("accepted", "rejected", "failed", "unknown"):
        yield f".picture text.{name},.picture .bar.{name},.picture .dot.{name}"
        yield f"{{fill:var(--{name})}}.picture .box.{name}{{stroke:var(--{name})}}"


def _write_colours(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())
