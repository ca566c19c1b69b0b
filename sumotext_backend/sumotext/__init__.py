"""The SUMOTEXT provider: its legacy HTTP API, and the newer one ("v2")."""

from sumotext_backend.sumotext.backend import SumotextBackend
from sumotext_backend.sumotext.v2 import SumotextV2Backend

__all__ = ["SumotextBackend", "SumotextV2Backend"]
