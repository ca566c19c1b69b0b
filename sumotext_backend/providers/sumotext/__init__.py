"""The SUMOTEXT provider: its legacy HTTP API, and the newer one ("v2")."""

from sumotext_backend.providers.sumotext.legacy import SumotextBackend
from sumotext_backend.providers.sumotext.mt import Mt
from sumotext_backend.providers.sumotext.v2 import SumotextV2Backend

__all__ = ["Mt", "SumotextBackend", "SumotextV2Backend"]
