"""The SUMOTEXT provider: its legacy HTTP API, and the newer one ("v2").

Beside sending: `look_up` finds the carrier of a number, `change_group` changes a group of the
keyword, and `opt_in` begins an opt-in by a web form.
"""

from sumotext_backend.providers.sumotext.changes import change_group, opt_in
from sumotext_backend.providers.sumotext.legacy import SumotextBackend
from sumotext_backend.providers.sumotext.lookup import look_up, recall
from sumotext_backend.providers.sumotext.lookup_wire import Carrier
from sumotext_backend.providers.sumotext.mt import Mt
from sumotext_backend.providers.sumotext.v2 import SumotextV2Backend

__all__ = [
    "Carrier",
    "Mt",
    "SumotextBackend",
    "SumotextV2Backend",
    "change_group",
    "look_up",
    "opt_in",
    "recall",
]
