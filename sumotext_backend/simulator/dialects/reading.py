"""What the dialects read alike out of requests; pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Received
from sumotext_backend.simulator.store import Text


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


def find_objects(value: object) -> list[dict[str, Any]]:
    """What is in a list of JSON, as objects; none where it is no list."""
    return [find_object(each) for each in value] if isinstance(value, list) else []


def find_text(value: object) -> str:
    """``value`` where it is text, or a whole number; else nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def find_texts(value: object) -> list[str]:
    """What is in a list of JSON, as texts; none where it is no list."""
    return [find_text(each) for each in value] if isinstance(value, list) else []


def read_fields(value: object, *names: str) -> dict[str, str]:
    """Those fields of an object of JSON, as texts; empty where they are none."""
    given = find_object(value)
    return {name: find_text(given.get(name)) for name in names}


def read_field(value: object, name: str) -> str:
    """One field of an object of JSON, as text; empty where it is none."""
    return read_fields(value, name)[name]


def add_plus(number: str) -> str:
    """``number`` in E.164, of digits that lack the plus; a short code or a name as it is."""
    return f"+{number}" if re.fullmatch(r"[1-9][0-9]{7,14}", number) else number


def find_missing(needed: Mapping[str, object]) -> str | None:
    """The first name whose value is empty; None where all are there."""
    return next((name for name, value in needed.items() if not value), None)


def find_lack(drafts: Iterable[Draft]) -> str | None:
    """The name of what the first of ``drafts`` lacks; None where all have what a text needs."""
    for draft in drafts:
        needed = {"no-recipient": draft.recipient, "no-sender": draft.sender, "no-text": draft.body}
        if missing := find_missing(needed):
            return missing
    return None


def select(
    texts: Sequence[Text], asked: Mapping[str, str], fields: Mapping[str, str]
) -> list[Text]:
    """The texts that are as ``asked``, the newest first.

    ``fields`` are those of a text by the names that they are asked for under.
    """
    wanted = {field: asked[name] for name, field in fields.items() if name in asked}
    return [
        text
        for text in reversed(texts)
        if all(getattr(text, field) == value for field, value in wanted.items())
    ]
