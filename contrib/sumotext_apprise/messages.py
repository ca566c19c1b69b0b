"""From an object of Apprise's shape to messages. Needs no Apprise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sumotext_apprise.targets import e164, list_numbers
from sumotext_backend import Message

_ABSENT: Final = object()


def messages_from(
    obj: object, targets: object = None, *, region: str | None = None
) -> list[Message]:
    """One `Message` for each number that ``obj``, or ``targets`` in its place, names.

    ``obj`` has ``body``, and may have ``title`` and ``targets``, as attributes or as keys of a
    mapping; its ``notify_type`` is not texted. Targets are a number, text with commas, or a list.
    A number that is there twice is texted once; what is not a number stays, to be REJECTED when
    sent. ``region`` is where numbers without country code are dialled: the `Message.region`.
    Raises `TypeError` for an object of another shape, `ValueError` for no target at all.
    """
    body = _part(obj, "body")
    if body is _ABSENT:
        raise TypeError(f"a {type(obj).__name__} has no body, so it is not a notification")
    given = _part(obj, "targets") if targets is None else targets
    numbers: dict[str, str] = {}
    for each in list_numbers(None if given is _ABSENT else given, region):
        numbers.setdefault(e164(each, region) or each, each)
    if not numbers:
        raise ValueError("the notification names no target; pass targets=")
    text = text_of(body, _part(obj, "title"))
    return [Message(number, text, region=region) for number in numbers.values()]


def text_of(body: object, title: object = "") -> str:
    """Body and title as one text: the title, if there is one, on a line of its own.

    Line ends become LF: Apprise writes CR LF, and the CR would be texted.
    """
    words = [str(part) for part in (title, body) if part not in (None, _ABSENT, "")]
    return "\n".join(words).replace("\r\n", "\n")


def _part(obj: Any, name: str) -> object:
    if isinstance(obj, Mapping):
        return obj.get(name, _ABSENT)
    return getattr(obj, name, _ABSENT)
