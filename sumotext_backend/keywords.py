"""The words by which people take their consent back by text, and give it again; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from sumotext_backend.events import (
    ConsentSource,
    CrmUpdate,
    Event,
    InboundMessage,
    InfoRequest,
    OptIn,
    OptOut,
    PollReply,
)

STOP_WORDS: Final = frozenset(
    {"STOP", "QUIT", "CANCEL", "UNSUBSCRIBE", "END", "REVOKE", "OPTOUT", "STOPALL"}
)
START_WORDS: Final = frozenset({"START", "UNSTOP"})

MAX_CHARACTERS: Final = 1000
"""A longer text is no keyword, whatever stands around it."""

MAX_WORDS: Final = 8
"""Of a text in which a word for stop is looked for beside a keyword."""

_NO_LETTERS: Final = re.compile(r"[\W_]+")
_UNSEEN: Final = ("Cf", "Mn", "Me")
"""Marks such as the direction of writing, and accents, which people leave out."""
_BETWEEN: Final = re.compile(r"[\s_-]+")


def read_keyword(text: str, more: Iterable[str] = ()) -> Literal["stop", "start"] | None:
    """What ``text`` asks for, where it is one of the words and nothing else; None otherwise.

    Case, accents, and punctuation and white space around it do not matter. A word for stop may be
    written in pieces (`opt-out`, `s.t.o.p.`), and there may be several; one for start may not.
    ``more`` are the owner's own words for stop.
    """
    words = _split(text)
    known = STOP_WORDS.union(map(_fold, more))
    if words and ("".join(words) in known or known.issuperset(words)):
        return "stop"
    return "start" if len(words) == 1 and words[0] in START_WORDS else None


def _fold(text: str) -> str:
    return "".join(_split(text))


def _split(text: str) -> list[str]:
    """The words of ``text`` in capitals, without what is around them; a sign may be all there is.

    None of a text that is too long for a keyword.
    """
    if len(text) > MAX_CHARACTERS:
        return []
    plain = unicodedata.normalize("NFKD", text)
    shown = "".join(each for each in plain if unicodedata.category(each) not in _UNSEEN).upper()
    sign = shown.strip()
    return [each for each in _NO_LETTERS.split(shown) if each] or ([sign] if sign else [])


def add_consent(events: Sequence[Event], more: Iterable[str] = ()) -> list[Event]:
    """``events``, and after each text that is a keyword the `OptOut` or `OptIn` that it means.

    A text that the person's word stands behind already gets no second one, so that asking again
    with ``more`` words adds only what these say. A no is added behind a yes, too: of two words on
    one text nobody knows which is meant.
    """
    words = tuple(more)
    added: list[Event] = []
    missing: OptOut | OptIn | None = None
    for event in events:
        told = isinstance(event, OptOut | OptIn) and missing and event.number == missing.number
        if missing and not told:
            added.append(missing)
        added.append(event)
        if not told:
            missing = find_consent(event, words)
        elif isinstance(event, OptOut) or isinstance(missing, OptIn):
            missing = None
    return [*added, missing] if missing else added


def find_consent(event: Event, more: Iterable[str] = ()) -> OptOut | OptIn | None:
    """What ``event``, a whole text, says of its sender's consent; None where it says nothing.

    A vote may take consent away, and never gives it: a poll may well ask whether to start.
    """
    match event:
        case InboundMessage(part=None, sender=number, text=text):
            pass
        case InfoRequest(sender=number, text=text) | CrmUpdate(number=number, text=text):
            pass
        case PollReply(sender=number, reply=text):
            pass
        case _:
            return None
    at = event.at if isinstance(event, InboundMessage) else None
    source = ConsentSource.TEXT
    if _says_stop(text, _name_keyword(event), more):
        return OptOut(alias=event.alias, number=number, source=source, at=at)
    if read_keyword(text) != "start" or isinstance(event, PollReply):
        return None
    keyword = _find_programme(event)
    return OptIn(alias=event.alias, number=number, source=source, keyword=keyword, at=at)


def _says_stop(text: str, keyword: str, more: Iterable[str]) -> bool:
    """Whether ``text`` is a word for stop, alone or beside the ``keyword`` that it was put to."""
    words = tuple(more)
    if read_keyword(text, words) == "stop":
        return True
    known, parts = _fold(keyword), _BETWEEN.split(text.strip())
    if not known or len(parts) > MAX_WORDS:
        return False
    cuts = [(" ".join(parts[:n]), " ".join(parts[n:])) for n in range(1, len(parts))]
    beside = [rest for word, rest in (*cuts, *(cut[::-1] for cut in cuts)) if _fold(word) == known]
    return any(read_keyword(rest, words) == "stop" for rest in beside)


def _name_keyword(event: InboundMessage | InfoRequest | CrmUpdate | PollReply) -> str:
    return event.lead if isinstance(event, InfoRequest) else event.keyword


def _find_programme(event: InboundMessage | InfoRequest | CrmUpdate) -> str:
    """The keyword that a yes is about; some providers put the word for start itself there."""
    keyword = "" if isinstance(event, InfoRequest) else event.keyword
    return "" if read_keyword(keyword) else keyword
