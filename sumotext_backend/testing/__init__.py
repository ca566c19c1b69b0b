"""Tools for tests of programs that send texts (extra `testing`).

`HostileGateway` is a server on this machine that commits the faults of `FAULTS`.
`Reply`, `Raw` and `Fault` are what it plays, `Request` what it was asked.
`BackendContract` and `HttpBackendContract` are the rules that every backend keeps, as classes of
tests for pytest, which is imported only where one of them is asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sumotext_backend.testing.contract import BackendContract
    from sumotext_backend.testing.contract_http import HttpBackendContract
    from sumotext_backend.testing.hostile.faults import FAULTS, fault, fault_table, of_row
    from sumotext_backend.testing.hostile.gateway import HostileGateway
    from sumotext_backend.testing.hostile.request import Request
    from sumotext_backend.testing.hostile.script import Fault, Raw, Reply

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

_HOMES: Final = {
    "contract": ("BackendContract",),
    "contract_http": ("HttpBackendContract",),
    "hostile.faults": ("FAULTS", "fault", "fault_table", "of_row"),
    "hostile.gateway": ("HostileGateway",),
    "hostile.request": ("Request",),
    "hostile.script": ("Fault", "Raw", "Reply"),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import ``name`` when it is asked for: pytest loads the fixtures below in every run."""
        if name not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = importlib.import_module(f"{__name__}.{_HOME_OF[name]}")
        return globals().setdefault(name, getattr(module, name))

    def __dir__() -> list[str]:
        """Every public name, imported or not."""
        return sorted({*globals(), *__all__})
