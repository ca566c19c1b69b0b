"""What a provider's dialect says for the simulator to speak it: values and pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs

from sumotext_backend.callbacks import Callback
from sumotext_backend.models import Reason
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received
from sumotext_backend.simulator.states import Step
from sumotext_backend.simulator.store import Text

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
    ``inbound`` of a text from a handset, and ``consent`` of a yes or a no in it, if that is told
    beside.
    """

    report: Callable[[Text, Step, str], Callback | None]
    inbound: Callable[[Text, str], Callback | None]
    consent: Callable[[Text, str], Callback | None] = lambda _text, _url: None


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
    """One provider's API for texts, of the backend ``name``."""

    name: str
    sends: Sequence[tuple[str, str]]
    """Method and path, a regular expression, of a request to send."""
    read: Read
    respond: Callable[[Sequence[Result], Received], Answer]
    """Says what became of the texts of a request, in their order."""
    words: Mapping[str, Word]
    """Refusals by name of a behaviour; what has no word is accepted, and reported later."""
    login: Callable[[Received], str | None]
    """Finds the secret that a request proves itself by; None where there is none."""
    make_id: Callable[[str], str]
    """Makes an id of 32 hexadecimal digits."""
    teller: Teller
    questions: Sequence[Question] = ()
    shares_id: bool = False
    """Whether all texts of a request have one id."""
    id_field: str = ""
    """The field of a draft in which a client may choose the id."""
    each: bool = False
    """Whether a text is refused for itself; else all of a request are."""
    signs_by_login: bool = False
    """Whether callbacks are signed with what requests prove themselves by."""
    test: Callable[[Draft], str | None] = lambda _draft: None
    """Names what the provider's own test numbers ask for."""


def find_batch(text: Text) -> str:
    """The id that the texts of one request share."""
    return text.id.partition(".")[0]


def find_refusal(results: Sequence[Result]) -> Refusal | None:
    """The first text that is not taken, where the provider refuses all of a request then."""
    return next((each for each in results if isinstance(each, Refusal)), None)


def list_taken(results: Sequence[Result]) -> list[Text]:
    """The texts that were taken."""
    return [each for each in results if isinstance(each, Text)]
