"""What backends can do, found out by asking them: the feature matrix of the documentation."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from typing import Final

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.models import Message, Outcome
from sumotext_backend.testing.contract import BackendContract
from sumotext_backend.testing.contract_http import HttpBackendContract

ABROAD: Final = "+447700900958"
"""A mobile number of the UK, from a range that is kept for fiction."""
LONGEST: Final = 10_000
"""Characters: more than any phone takes."""
LETTERS: Final = ("a", "\N{CYRILLIC SMALL LETTER ZHE}")
"""One of GSM-7, and one that makes a text UCS-2."""
_SENDER: Final = "246810"
_NONE: Final = "—"


@attrs.frozen(kw_only=True)
class Features:
    """One row of the matrix, each part as the page shows it."""

    backend: str
    protocol: str
    dsn: str
    longest: str
    longest_unicode: str
    number: str
    abroad: str
    sender: str
    refusals: str


HEADS: Final = {
    "backend": "Backend",
    "protocol": "Protocol",
    "dsn": "DSN",
    "longest": "Longest text",
    "longest_unicode": "In UCS-2",
    "number": "Number as",
    "abroad": "Numbers outside +1",
    "sender": "Sender per text",
    "refusals": "Refusals told apart",
}


def features(contract: BackendContract) -> Features:
    """What the backend of ``contract`` does with some texts, on this machine."""
    with contract.opened() as backend:
        longest, unicode = (_find_longest(contract, backend, letter) for letter in LETTERS)
        return Features(
            backend=f"`{backend.name}`",
            dsn=f"`{backend.dsn}`" if backend.dsn else _NONE,
            longest=longest,
            longest_unicode=unicode,
            number=_number(contract, backend),
            abroad=_yes(_accepts(backend, Message(ABROAD, "hello"))),
            sender=_sender(contract, backend),
            protocol=_protocol(contract),
            refusals=_refusals(contract),
        )


def feature_table(contracts: Iterable[BackendContract]) -> str:
    """A Markdown table with one row for each of ``contracts``."""
    rows = [attrs.asdict(features(contract)) for contract in contracts]
    lines = [list(HEADS.values()), ["---"] * len(HEADS)]
    lines += [[row[name] for name in HEADS] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _find_longest(contract: BackendContract, backend: SmsBackend, letter: str) -> str:
    """How many of ``letter`` the longest text has that is accepted."""
    found = bisect.bisect_left(
        range(1, LONGEST + 1), 1, key=lambda length: not _takes(contract, backend, letter * length)
    )
    return f"{found} or more" if found == LONGEST else str(found)


def _takes(contract: BackendContract, backend: SmsBackend, text: str) -> bool:
    return _accepts(backend, contract.message(text))


def _accepts(backend: SmsBackend, message: Message) -> bool:
    return backend.send(message).outcome is Outcome.ACCEPTED


def _protocol(contract: BackendContract) -> str:
    """The requests seen so far; none for a backend that is no HTTP backend."""
    if not isinstance(contract, HttpBackendContract):
        return _NONE
    return f"HTTP {contract.gateway.requests[-1].method}"


def _number(contract: BackendContract, backend: SmsBackend) -> str:
    """How the number of a message stands in the request."""
    if not isinstance(contract, HttpBackendContract):
        return _NONE
    backend.send(contract.message())
    values = {*contract.gateway.requests[-1].values}
    digits = contract.number.removeprefix("+")
    forms = [f"+{digits}", digits, digits.removeprefix("1")]
    return next((f"`{form}`" for form in forms if form in values), _NONE)


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
    certain = [each for each in contract.refused() if each.outcome is not Outcome.UNKNOWN]
    return ", ".join(f"`{reason}`" for reason in certain)


def _yes(found: bool) -> str:  # noqa: FBT001 - what it shows
    return "yes" if found else "no"
