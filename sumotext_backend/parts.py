"""Parts of one inbound text, joined; pure."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from sumotext_backend.events import InboundMessage


def join_parts(parts: Iterable[InboundMessage]) -> InboundMessage | None:
    """The whole text of ``parts``, which all have the same reference; None while one is missing.

    A part may come twice, and in any order. The id is that of the first part.
    Raises `ValueError` for parts of different texts, and for what is no part.
    """
    found = list(parts)
    wholes = {_describe_whole(each) for each in found}
    if len(wholes) > 1:
        raise ValueError("parts of different texts")
    by_number = {each.part.number: each for each in found if each.part}
    count = max((each.part.count for each in found if each.part), default=0)
    if not by_number or sorted(by_number) != list(range(1, count + 1)):
        return None
    text = "".join(by_number[number].text for number in sorted(by_number))
    return attrs.evolve(by_number[1], text=text, part=None)


def _describe_whole(part: InboundMessage) -> tuple[str, str, str, str, int]:
    if part.part is None:
        raise ValueError("a text that is no part")
    whole = part.part
    return part.alias, part.sender, part.recipient, whole.reference, whole.count
