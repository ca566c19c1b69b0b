"""What backends can do, found out by asking them: the feature matrix of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.models import Message, Outcome
from sumotext_backend.testing.contract import BackendContract
from sumotext_backend.testing.contract_http import HttpBackendContract

ABROAD: Final = "+442079460958"
"""A number of the UK, from a range that is kept for fiction."""
LENGTHS: Final = (160, 1530, 10_000)
"""Characters: one segment, ten segments, more than any phone takes."""
_SENDER: Final = "246810"
_NONE: Final = "—"


@attrs.frozen(kw_only=True)
class Features:
    """One row of the matrix, each part as the page shows it."""

    backend: str
    protocol: str
    dsn: str
    longest: str
    unicode: str
    abroad: str
    sender: str
    refusals: str


TABLES: Final = {
    "What it takes": ("backend", "longest", "unicode", "abroad", "sender"),
    "Which refusals it tells apart": ("backend", "refusals"),
    "How it is written": ("backend", "protocol", "dsn"),
}
"""The columns of each table; one with all of them is wider than any screen."""
HEADS: Final = {
    "backend": "Backend",
    "protocol": "HTTP",
    "dsn": "DSN",
    "longest": "Longest text",
    "unicode": "Emoji",
    "abroad": "Outside +1",
    "sender": "Own sender",
    "refusals": "Refusals",
}


def features(contract: BackendContract) -> Features:
    """What the backend of ``contract`` does with some texts, on this machine."""
    with contract.opened() as backend:
        takes = [length for length in LENGTHS if _takes(contract, backend, "a" * length)]
        return Features(
            backend=f"`{backend.name}`",
            dsn=f"`{backend.dsn}`" if backend.dsn else _NONE,
            longest=f"{max(takes)}+" if takes else _NONE,
            unicode=_yes(_takes(contract, backend, "\U0001f44d")),
            abroad=_yes(_accepts(backend, Message(ABROAD, "hello"))),
            sender=_sender(contract, backend),
            protocol=_protocol(contract),
            refusals=_refusals(contract),
        )


def feature_table(contracts: Iterable[BackendContract]) -> str:
    """Markdown: a section for each of `TABLES`, its table with a row for each of ``contracts``."""
    rows = [attrs.asdict(features(contract)) for contract in contracts]
    return "\n".join(f"## {title}\n\n{_table(columns, rows)}" for title, columns in TABLES.items())


def _table(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """A table; a row of which nothing but its name is known is left out."""
    lines = [[row[name] for name in columns] for row in rows]
    told = [line for line in lines if {*line[1:]} != {_NONE}]
    heads = [HEADS[name] for name in columns]
    return "".join(f"| {' | '.join(line)} |\n" for line in [heads, ["---"] * len(heads), *told])


def _takes(contract: BackendContract, backend: SmsBackend, text: str) -> bool:
    return _accepts(backend, contract.message(text))


def _accepts(backend: SmsBackend, message: Message) -> bool:
    return backend.send(message).outcome is Outcome.ACCEPTED


def _protocol(contract: BackendContract) -> str:
    """The requests seen so far; none for a backend that is no HTTP backend."""
    if not isinstance(contract, HttpBackendContract):
        return _NONE
    return contract.gateway.requests[-1].method


def _sender(contract: BackendContract, backend: SmsBackend) -> str:
    """Whether the sender of a message is in the request."""
    if not isinstance(contract, HttpBackendContract):
        return _NONE
    backend.send(attrs.evolve(contract.message(), sender=_SENDER))
    last = contract.gateway.requests[-1]
    return _yes(_SENDER.encode() in last.head + last.body)


def _refusals(contract: BackendContract) -> str:
    if not isinstance(contract, HttpBackendContract):
        return _NONE
    return ", ".join(f"`{reason}`" for reason in contract.refused())


def _yes(found: bool) -> str:  # noqa: FBT001 - what it shows
    return "yes" if found else "no"
