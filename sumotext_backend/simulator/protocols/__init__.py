"""The protocols that the simulator speaks, one module each: how a request is read and answered."""

from typing import Final

from sumotext_backend.simulator.protocols.legacy import LEGACY
from sumotext_backend.simulator.protocols.v2 import V2

LEGACY_DIALECTS: Final = (LEGACY,)
V2_DIALECTS: Final = (V2,)
DIALECTS: Final = (*LEGACY_DIALECTS, *V2_DIALECTS)
