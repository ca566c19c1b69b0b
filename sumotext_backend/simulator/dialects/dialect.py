"""What a provider's dialect says for the simulator to speak it: values and pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs

from sumotext_backend.callbacks import Callback
from sumotext_backend.models import Reason
from sumotext_backend.simulator.exchange import Answer, Received
from sumotext_backend.simulator.simulation import Draft
from sumotext_backend.simulator.store import Step, Text

Parts = Mapping[str, str]
"""What a path's named groups matched."""


@attrs.frozen
class Word:
    """One refusal in a provider's words, and what a client should make of it.

    ``code`` is the provider's own, and empty where it has none; ``text`` is what it says.
    """

    status: int
    code: int | str
    text: str
    reason: Reason


@attrs.frozen
class Refusal:
    """Why one text, or with ``draft`` None the whole request, is not taken."""

    word: Word
    draft: Draft | None = None


Result = Text | Refusal


@attrs.frozen
class Teller:
    """What a provider tells of its own accord, at a URL.

    ``report`` tells of a new state of a text, or returns None where the provider does not;
    ``inbound`` of a text from a handset.
    """

    report: Callable[[Text, Step, str], Callback | None]
    inbound: Callable[[Text, str], Callback | None]


Read = Callable[[Received, Parts], "Sequence[Draft] | str"]
"""The texts that a request asks to send, or the name of a word for why there are none."""


@attrs.frozen
class Question:
    """Where the provider is asked for texts, by a GET of ``path``, and how they are shown.

    Of a path with the group ``id`` they are the texts of that id, one at least; else all.
    """

    path: str
    show: Callable[[Sequence[Text], Received], Answer]


@attrs.frozen(kw_only=True)
class Dialect:
    """One provider's API for texts, of the backend ``name``.

    ``sends`` are method and path, a regular expression, of a request to send; ``read`` finds its
    texts, and ``respond`` answers what became of them, in the same order. ``words`` are refusals by
    name of a behaviour; what has no word is accepted, and reported later. ``login`` is the secret
    that a request proves itself by, None where there is none. ``make_id`` makes an id of 32
    hexadecimal digits, ``shares_id`` where all texts of a request have one; ``id_field`` names the
    field in which a client may choose it. With ``each`` a text is refused for itself, else all of a
    request are. ``test`` names what the provider's own test numbers ask for. ``teller`` is what it
    tells of its own accord.
    """

    name: str
    sends: Sequence[tuple[str, str]]
    read: Read
    respond: Callable[[Sequence[Result], Received], Answer]
    words: Mapping[str, Word]
    login: Callable[[Received], str | None]
    make_id: Callable[[str], str]
    teller: Teller
    shares_id: bool = False
    id_field: str = ""
    each: bool = False
    questions: Sequence[Question] = ()
    test: Callable[[Draft], str | None] = lambda _draft: None


def find_batch(text: Text) -> str:
    """The id that the texts of one request share."""
    return text.id.partition(".")[0]


def find_refusal(results: Sequence[Result]) -> Refusal | None:
    """The first text that is not taken, where the provider refuses all of a request then."""
    return next((each for each in results if isinstance(each, Refusal)), None)


def list_taken(results: Sequence[Result]) -> list[Text]:
    """The texts that were taken."""
    return [each for each in results if isinstance(each, Text)]
