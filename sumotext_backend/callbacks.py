"""`Callback`, one request that a provider makes to us, and `Reply`, what it gets; pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Final, Protocol, runtime_checkable
from urllib.parse import parse_qsl

import attrs

from sumotext_backend.events import Event
from sumotext_backend.exceptions import CallbackError
from sumotext_backend.frozen import freeze

MAX_BODY_BYTES: Final = 262_144
"""Of a callback; Infobip sends up to a hundred reports at once."""

MAX_QUERY_CHARACTERS: Final = 16_384
MAX_FIELDS: Final = 500
"""In a query or a form."""

Pairs = list[tuple[str, str]]


def _fold_names(headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Headers by their names in lower case; those that come twice are joined by a comma."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    folded: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        folded[key] = f"{folded[key]},{value}" if key in folded else value
    frozen: Mapping[str, str] = freeze(folded)
    return frozen


def _write_large(method: str) -> str:
    return method.upper()


@attrs.frozen(kw_only=True)
class Callback:
    """One request from a provider, as it was made to our public address.

    ``url`` is that address in full, with its query, as the provider wrote it: signatures cover it.
    ``headers`` may be a mapping or pairs, and are kept by their names in lower case. ``alias`` is
    the provider's name in the configuration, which events bear. ``certificate`` is the PEM file
    that the receiver fetched from where `NamesCertificate` says. Its repr shows the method alone.
    """

    method: str = attrs.field(converter=_write_large)
    url: str = attrs.field(repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict, converter=_fold_names, repr=False)
    body: bytes = attrs.field(default=b"", repr=False)
    alias: str = ""
    certificate: bytes = attrs.field(default=b"", repr=False)

    @property
    def path(self) -> str:
        """The path, as it was written."""
        rest = self.url.partition("://")[2].partition("?")[0]
        return "/" + rest.partition("/")[2]

    @property
    def query(self) -> Pairs:
        """The decoded pairs of the query, empty values too, in their order.

        Raises `CallbackError` where it is too long.
        """
        query = self.url.partition("?")[2]
        if len(query) > MAX_QUERY_CHARACTERS:
            raise CallbackError(f"the query has more than {MAX_QUERY_CHARACTERS} characters")
        return split_pairs(query)

    def header(self, name: str) -> str:
        """The value of the header ``name``, in any case; empty where there is none."""
        return self.headers.get(name.lower(), "")


def split_pairs(query: str) -> Pairs:
    """The decoded pairs of a query or form; bytes that are not UTF-8 become lone surrogates.

    Raises `CallbackError` for more than `MAX_FIELDS`.
    """
    try:
        return parse_qsl(
            query, keep_blank_values=True, errors="surrogateescape", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise CallbackError(f"more than {MAX_FIELDS} fields") from None


@attrs.frozen(kw_only=True)
class Reply:
    """What a provider wants to get in answer to a callback that was taken."""

    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict, converter=freeze, hash=False)
    body: bytes = b""


class Authenticity(enum.Enum):
    """What is known of who made a callback."""

    PROVEN = "proven"
    """Signed, or logged in, with a key that the provider and we alone have."""
    UNPROVEN = "unproven"
    """No key is configured, or the provider signs nothing: its address alone speaks for it."""
    WRONG = "wrong"
    """The proof is missing, wrong or too old: not to be read."""


@runtime_checkable
class ReadsCallbacks(Protocol):
    """A backend whose provider's callbacks can be read; all of it is pure."""

    def read_callback(self, callback: Callback) -> list[Event]:
        """What ``callback`` tells, which is nothing where it is of no interest here.

        Raises `CallbackError`, and nothing else, where it cannot be read.
        """
        ...

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """Whether ``callback`` is the provider's; ``now`` in seconds since 1970. Never raises."""
        ...

    def reply_to(self, callback: Callback) -> Reply:
        """What the provider wants in answer to ``callback``, once it is stored."""
        ...


@runtime_checkable
class NamesCertificate(Protocol):
    """A backend whose callbacks name the certificate that they are signed with."""

    def find_certificate_url(self, callback: Callback) -> str | None:
        """The https address of the certificate, which is to be fetched and put into ``callback``.

        None where it names none that may be trusted; `authenticate` says WRONG then.
        """
        ...
