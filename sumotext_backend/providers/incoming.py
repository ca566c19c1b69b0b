"""Events out of the fields of callbacks; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from sumotext_backend.callbacks import Callback
from sumotext_backend.events import (
    ConsentSource,
    DeliveryReport,
    DeliveryStatus,
    Event,
    InboundMessage,
    OptOut,
    Part,
)
from sumotext_backend.exceptions import CallbackError
from sumotext_backend.keywords import add_consent
from sumotext_backend.outcomes import Reason
from sumotext_backend.providers.reading import (
    Fields,
    find,
    find_id,
    find_text,
    gather,
    take_number,
)
from sumotext_backend.providers.rest import Reasons, find_code

Statuses = Mapping[str, DeliveryStatus]
"""A provider's own words for the states of a text, in lower case."""

REFERENCE: Final = "ref"
"""The field in which our callbacks' address has a message's reference: see `rest`."""

MAX_WORD_CHARACTERS: Final = 200
MAX_PARTS: Final = 255
"""Of one text; the header of a part has a byte for it."""

_NO_CODE: Final = ("", "0", "000")


def make_statuses(groups: Mapping[DeliveryStatus, str]) -> Statuses:
    """A table of words from ``{status: "word word …"}``."""
    return {word: status for status, words in groups.items() for word in words.split()}


@attrs.frozen(kw_only=True)
class Meanings:
    """What a provider's words and codes in reports mean.

    A state that is not among ``statuses`` is ``UNKNOWN``. A code of ``reasons`` tells why
    a text was not delivered; one of ``overrides`` what became of it, whatever the state.
    """

    statuses: Statuses
    reasons: Reasons = attrs.field(factory=dict)
    overrides: Statuses = attrs.field(factory=dict)

    def judge(self, state: str, code: str | None) -> tuple[DeliveryStatus, Reason | None]:
        """The status, and why it is not a better one."""
        status = self.statuses.get(state.lower(), DeliveryStatus.UNKNOWN)
        if status is DeliveryStatus.DELIVERED or code is None:
            return status, None
        return self.overrides.get(code, status), self.reasons.get(code)


def report(  # noqa: PLR0913 - what a report says, each by its name
    callback: Callback,
    meanings: Meanings,
    *,
    state: str,
    provider_id: str | None,
    code: str = "",
    words: str = "",
    reference: str | None = None,
    number: str = "",
    at: dt.datetime | None = None,
    final: bool = False,
) -> Iterator[Event]:
    """A report on one text, and an `OptOut` of ``number`` where that is why it failed.

    ``state`` is looked up in the tables; ``words`` say the same for people, if there are any.

    The reference is that of the address, or else ``reference``, the provider's own field for it.
    ``final`` tells that the provider says that no other comes, whatever the status.
    Raises `CallbackError` where nothing says which text it is about.
    """
    reference = find_reference(callback) or reference
    if not (provider_id or reference):
        raise CallbackError("a report that does not say which text it is about")
    known = None if code in _NO_CODE else find_code(code)
    status, reason = meanings.judge(state, known)
    yield DeliveryReport(
        alias=callback.alias,
        status=status,
        provider_id=provider_id,
        reference=reference,
        reason=reason,
        code=known,
        word=(words or state)[:MAX_WORD_CHARACTERS],
        at=at,
        final=final or status.is_final,
    )
    if reason is Reason.OPTED_OUT and number:
        source = ConsentSource.REPORT
        yield OptOut(alias=callback.alias, number=number, source=source, at=at)


def find_reference(callback: Callback) -> str | None:
    """The reference in the address that we gave the provider; None where there is none."""
    return find_id(gather(callback.query), REFERENCE)


def receive(  # noqa: PLR0913 - which field holds what, each by its name
    callback: Callback,
    fields: Fields,
    *,
    sender: str = "from",
    recipient: str = "to",
    text: str = "text",
    provider_id: str = "id",
    keyword: str = "",
    part: Part | None = None,
    at: dt.datetime | None = None,
) -> InboundMessage:
    """A text from a handset; the arguments are the names of the ``fields``, but for the last two.

    Raises `CallbackError` where one of them, other than text and keyword, is missing.
    """
    return InboundMessage(
        alias=callback.alias,
        sender=take_number(fields, sender),
        recipient=take_number(fields, recipient),
        text=find_text(fields, text),
        provider_id=find_id(fields, provider_id),
        keyword=find(fields, keyword),
        part=part,
        at=at,
    )


def read_part(reference: str, number: str, count: str) -> Part | None:
    """The part that these say; None where they say that it is the only one.

    Raises `CallbackError` where they cannot be.
    """
    if not count or count == "1":
        return None
    if not (reference and _is_small(number) and _is_small(count) and int(number) <= int(count)):
        raise CallbackError("a part of a text that does not say which")
    return Part(reference=reference, number=int(number), count=int(count))


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_PARTS


def collect(events: Iterable[Event]) -> list[Event]:
    """``events``, each text followed by what it says of consent."""
    return add_consent(list(events))
