"""Tools for tests of programs that send texts (extra `testing`).

`HostileGateway` is a server on this machine that commits the faults of `FAULTS`.
"""

from sumotext_backend.testing.faults import FAULTS, fault, fault_table, of_row
from sumotext_backend.testing.hostile import HostileGateway
from sumotext_backend.testing.request import Request
from sumotext_backend.testing.steps import Fault, Raw

__all__ = [
    "FAULTS",
    "Fault",
    "HostileGateway",
    "Raw",
    "Request",
    "fault",
    "fault_table",
    "of_row",
]
