"""A text as a request describes it, before anybody took it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import attrs

from sumotext_backend.redact import mask


def new_id() -> str:
    """A GUID in capitals that is new."""
    return str(uuid.uuid4()).upper()


def clean(text: str) -> str:
    """``text`` with ``?`` for each lone surrogate, which JSON can hold and no text."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _clean_values(fields: Mapping[str, str]) -> Mapping[str, str]:
    return {name: clean(value) for name, value in fields.items()}


@attrs.frozen(kw_only=True)
class Draft:
    """A text as a request describes it; without an ``id`` of the provider's shape it is a GUID."""

    dialect: str
    sender: str = attrs.field(repr=mask, converter=clean)
    recipient: str = attrs.field(repr=mask, converter=clean)
    body: str = attrs.field(repr=False, converter=clean)
    id: str = attrs.field(factory=new_id)
    reference: str | None = attrs.field(
        default=None, repr=False, converter=attrs.converters.optional(clean)
    )
    callback_url: str | None = attrs.field(
        default=None, repr=False, converter=attrs.converters.optional(clean)
    )
    fields: Mapping[str, str] = attrs.field(factory=dict, repr=False, converter=_clean_values)
