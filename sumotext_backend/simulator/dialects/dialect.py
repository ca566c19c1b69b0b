"""What a provider's dialect says for the simulator to speak it: values and pure functions."""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

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


def make_guid(digits: str) -> str:
    """32 hexadecimal digits as a GUID."""
    return str(uuid.UUID(digits))


def find_batch(text: Text) -> str:
    """The id that the texts of one request share."""
    return text.id.partition(".")[0]


def find_refusal(results: Sequence[Result]) -> Refusal | None:
    """The first text that is not taken, where the provider refuses all of a request then."""
    return next((each for each in results if isinstance(each, Refusal)), None)


def list_taken(results: Sequence[Result]) -> list[Text]:
    """The texts that were taken."""
    return [each for each in results if isinstance(each, Text)]


def read_basic(received: Received) -> tuple[str, str] | None:
    """User and password of HTTP's Basic login; None where there is none."""
    kind, _, both = received.header("authorization").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(both, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def read_password(received: Received) -> str | None:
    """The password of HTTP's Basic login; None where there is none."""
    login = read_basic(received)
    return login[1] if login and all(login) else None


def read_token(kind: str) -> Callable[[Received], str | None]:
    """How to find the token after ``kind`` in the header Authorization."""

    def read(received: Received) -> str | None:
        found, _, token = received.header("authorization").partition(" ")
        return token.strip() or None if found.lower() == kind.lower() else None

    return read


def find_object(value: object) -> dict[str, Any]:
    """``value`` where it is an object of JSON, else an empty one."""
    return value if isinstance(value, dict) else {}


def find_list(value: object) -> list[Any]:
    """``value`` where it is a list of JSON, else an empty one."""
    return value if isinstance(value, list) else []


def find_text(value: object) -> str:
    """``value`` where it is text, or a whole number, that can be texted; else nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    # A lone surrogate may stand in JSON but in no text.
    return value if isinstance(value, str) and _is_whole(value) else ""


def _is_whole(text: str) -> bool:
    return not re.search(r"[\ud800-\udfff]", text)


def add_plus(number: str) -> str:
    """``number`` in E.164, of digits that lack the plus; a short code or a name as it is."""
    return f"+{number}" if re.fullmatch(r"[1-9][0-9]{7,14}", number) else number


def drop_plus(number: str) -> str:
    """``number`` without its plus."""
    return number.removeprefix("+")


def write_time(at: datetime) -> str:
    """``at`` in ISO 8601, to the millisecond, with a Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_plain_time(at: datetime) -> str:
    """``at`` in UTC, to the second, as most forms have it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def changed_at(text: Text) -> datetime:
    """When the text came into the state that it is in."""
    return text.trail[-1].at


def call_form(url: str, fields: Mapping[str, str | None]) -> Callback:
    """A POST of ``fields`` as a form; those that are None are left out."""
    return Callback(
        method="POST", url=url, headers=_FORM, body=urlencode(_drop_unset(fields)).encode()
    )


def call_query(url: str, fields: Mapping[str, str | None]) -> Callback:
    """A GET of ``url`` with ``fields`` in its query; those that are None are left out."""
    mark = "&" if urlsplit(url).query else "?"
    return Callback(method="GET", url=f"{url}{mark}{urlencode(_drop_unset(fields))}")


def call_json(url: str, value: object) -> Callback:
    """A POST of ``value`` as JSON."""
    return Callback(method="POST", url=url, headers=_JSON, body=json.dumps(value).encode())


def _drop_unset(fields: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value is not None}


_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
_JSON: Final = {"Content-Type": "application/json"}
