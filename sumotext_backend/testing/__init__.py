"""Tools for tests of programs that send texts (extra `testing`).

`HostileGateway` is a server on this machine that commits the faults of `FAULTS`.
`Reply`, `Raw` and `Fault` are what it plays, `Request` what it was asked.
`BackendContract` and `HttpBackendContract` are the rules that every backend keeps, as classes of
tests for pytest, which is imported only where one of them is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sumotext_backend.testing.hostile.faults import FAULTS, fault, fault_table, of_row
from sumotext_backend.testing.hostile.gateway import HostileGateway
from sumotext_backend.testing.hostile.request import Request
from sumotext_backend.testing.hostile.script import Fault, Raw, Reply

if TYPE_CHECKING:
    from sumotext_backend.testing.contract import BackendContract
    from sumotext_backend.testing.contract_http import HttpBackendContract

__all__ = [
    "FAULTS",
    "BackendContract",
    "Fault",
    "HostileGateway",
    "HttpBackendContract",
    "Raw",
    "Reply",
    "Request",
    "fault",
    "fault_table",
    "of_row",
]


def __getattr__(name: str) -> object:
    """Return a contract; both import pytest, which the gateway does without."""
    if name == "BackendContract":
        from sumotext_backend.testing.contract import BackendContract

        return BackendContract
    if name == "HttpBackendContract":
        from sumotext_backend.testing.contract_http import HttpBackendContract

        return HttpBackendContract
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
