"""Makes the pictures of the documentation: ``python docs/pictures/make.py``.

Each is made from what it shows: a chain that sends, the rules of a circuit; else from the words
below. A test makes them again and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

sys.path.append(str(Path(__file__).parent))

from draw import (
    Row,
    draw_arrow,
    draw_box,
    draw_loop,
    draw_mark,
    draw_moment,
    draw_span,
    list_tops,
    make_svg,
    stack,
    write_lines,
)

from sumotext_backend import Message, Outcome, Reason, SendResult
from sumotext_backend.local import MemoryBackend
from sumotext_backend.routing import Fallback, Rules
from sumotext_backend.routing.circuit import EFFECTS

FOLDER: Final = Path(__file__).parent
HELLO: Final = Message("5015551234", "hello")


class Picture(NamedTuple):
    """A drawing, its title, and all that it shows in words."""

    title: str
    told: str
    row: Row


MEANS: Final = {
    Outcome.ACCEPTED: "the provider took it and gave an id",
    Outcome.REJECTED: "surely not sent, and about this person or text",
    Outcome.FAILED: "surely not sent, and about the route",
    Outcome.UNKNOWN: "it may be out, and nobody can find out",
}


def send_by_chain(*reasons: str) -> SendResult:
    """A text by a chain of providers that fail so; the last ones accept."""
    aliases = ("main", "backup", "reserve")
    fails = dict(zip(aliases, reasons, strict=False))
    chain = [MemoryBackend(reason=Reason[fails[a]] if a in fails else None) for a in aliases]
    return Fallback(chain=tuple(chain)).send(HELLO)


def goes_on(outcome: Outcome) -> bool:
    """Whether a chain asks the next provider after every reason of ``outcome``."""
    if outcome is Outcome.ACCEPTED:
        return len(send_by_chain().attempts) > 1
    asked = {len(send_by_chain(each).attempts) > 1 for each in Reason if each.outcome is outcome}
    if len(asked) != 1:
        raise ValueError(f"a chain does not treat every {outcome} alike: draw that")
    return asked.pop()


def draw_chain() -> Picture:
    """A send by a chain whose first provider is down."""
    attempts = send_by_chain("UNREACHABLE").attempts
    rows, told = [draw_box("your program", 'sms.send(Message(number, "Your table is ready."))')], []
    for alias, attempt in zip(("main", "backup"), attempts, strict=True):
        says = " / ".join(filter(None, (attempt.outcome, attempt.reason)))
        then = "ask the next" if goes_on(attempt.outcome) else "stop"
        words = f"{MEANS[attempt.outcome]}: {then}"
        rows.append(draw_arrow("asks the next" if told else "asks"))
        rows.append(draw_box(f"{alias}: {says}", words, attempt.outcome.lower()))
        told.append(f"{alias} is asked: {says}: {words}.")
    result = "one text, one result, with the whole trail"
    rows += [draw_arrow("gives back"), draw_box("SendResult", result)]
    told = ["Your program sends a text.", *told, f"It gets back a SendResult: {result}."]
    return Picture("A chain at work while its first provider is down", " ".join(told), stack(rows))


def draw_walk() -> Picture:
    """What a chain does after each outcome."""
    order = sorted(Outcome, key=goes_on, reverse=True)
    rows, told = [draw_box("ask the next provider", "in the order of the chain")], []
    rows.append(draw_arrow("it ends as exactly one of four outcomes"))
    for outcome in order:
        then = "ask the next" if goes_on(outcome) else "stop"
        words = f"{MEANS[outcome]}: {then}"
        rows += [draw_box(outcome, words, outcome.lower()), Row("", 8)]
        told.append(f"{outcome}, {words}.")
    tops = list_tops(rows)
    loops = [
        draw_loop(tops[2 + 2 * n] + 26, 26, 6) for n, each in enumerate(order) if goes_on(each)
    ]
    row = stack(rows)
    ask = "Ask the next provider, in the order of the chain; what comes back is one of four."
    words = f"{ask} {' '.join(told)}"
    return Picture("How a chain walks", words, Row(row.markup + "".join(loops), row.height))


def draw_circuit() -> Picture:
    """The states of a provider's circuit."""
    rules = Rules()
    opening = " or ".join(each for each, effect in EFFECTS.items() if effect == "opens")
    opens = f"{rules.failures} failures of the route in a row, or one {opening}"
    cools = f"after {rules.cooldown:g} s, or the wait that the provider asked for"
    closes = "it went through, or the provider itself said no: closed again"
    again = "it failed: open again"
    states = {
        "closed": "every text may go to the provider",
        "open": "the provider is left alone; a chain asks the next one",
        "probe": "exactly one text tries it",
    }
    closed, opened, probe = (draw_box(name, words) for name, words in states.items())
    rows = [closed, draw_arrow(opens), opened, draw_arrow(cools), probe]
    tops = list_tops(rows)
    loops = draw_loop(tops[4] + 24, 24, 6) + draw_loop(tops[4] + 24, tops[2] + 24, 434)
    ends = [write_lines(f"left: {closes}", 22, "soft"), write_lines(f"right: {again}", 22, "soft")]
    row = stack([*rows, Row("", 8), *ends])
    told = "; ".join(f"{name}: {words}" for name, words in states.items())
    moves = (
        f"From closed to open: {opens}. From open to probe: {cools}. From probe: {closes}; {again}"
    )
    return Picture(
        "The circuit of a provider", f"{told}. {moves}.", Row(row.markup + loops, row.height)
    )


class Span(NamedTuple):
    """What holds between two moments: its head, what it means, and the outcome it stands for."""

    head: str
    words: str
    outcome: Outcome


MARK: Final = "the mark: it is connected, nothing is written"
SEND: Final[tuple[str | Span, ...]] = (
    "send() is called",
    Span(
        "look up, connect, TLS", "what breaks here is FAILED: surely nothing left", Outcome.FAILED
    ),
    MARK,
    Span("write the request", "what breaks here is UNKNOWN: a byte may have left", Outcome.UNKNOWN),
    Span("wait for the answer", "silence, or a cut: UNKNOWN", Outcome.UNKNOWN),
    "a whole, valid answer is read",
    Span("the provider's word counts", "ACCEPTED, REJECTED or FAILED", Outcome.ACCEPTED),
    "send() returns a result",
)
LOST: Final = "a mark without a process; the key then gives UNKNOWN / CRASHED"
CRASH: Final[tuple[str | Span, ...]] = (
    "send() is called with a key",
    Span("A: before the mark", "nothing is known, nothing left; then a first send", Outcome.FAILED),
    "the key is claimed",
    Span("B: marked, not written", LOST, Outcome.UNKNOWN),
    "the request is written",
    Span("C: written, no answer", LOST, Outcome.UNKNOWN),
    "the answer is read",
    Span("D: read, not committed", LOST, Outcome.UNKNOWN),
    "the result is committed",
    Span("E: committed", "the stored result, stored=True; no request", Outcome.ACCEPTED),
    "send() returns",
)


def draw_time(title: str, parts: tuple[str | Span, ...]) -> Picture:
    """Moments, and what holds between them, from top to bottom."""
    told = (part if isinstance(part, str) else f"{part.head}: {part.words}" for part in parts)
    return Picture(title, f"From first to last: {'; '.join(told)}.", stack(map(_draw_part, parts)))


def _draw_part(part: str | Span) -> Row:
    if isinstance(part, Span):
        return draw_span(part.head, part.words, part.outcome.lower())
    return draw_mark(part) if part is MARK else draw_moment(part)


def list_pictures() -> Iterator[tuple[str, str]]:
    """Each picture's name, and its SVG."""
    pictures = {
        "chain": draw_chain(),
        "walk": draw_walk(),
        "circuit": draw_circuit(),
        "mark": draw_time("Where the mark lies in a send", SEND),
        "crash": draw_time("The moments of a crash of a send with a key", CRASH),
    }
    for name, picture in pictures.items():
        yield name, make_svg(name, *picture)


def main() -> None:
    """Write all of them."""
    for name, svg in list_pictures():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
