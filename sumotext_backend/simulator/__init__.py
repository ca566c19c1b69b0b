"""The gateway to look at: a real HTTP server on this machine, with an inbox in the browser.

It accepts every text, sends none, and keeps what it accepted. Magic numbers make it answer
otherwise (`magic_table`). The server needs the extra `cli`, which is imported when it starts.
"""

from sumotext_backend.simulator.account import Account, WebForm
from sumotext_backend.simulator.behaviour import MAGIC, Behaviour
from sumotext_backend.simulator.exchange import Received
from sumotext_backend.simulator.living import Pace
from sumotext_backend.simulator.server import Simulator, serve
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Text
from sumotext_backend.simulator.tables import dialect_table, magic_table, magic_text
from sumotext_backend.simulator.traffic import Called, Seen

__all__ = [
    "MAGIC",
    "Account",
    "Behaviour",
    "Called",
    "Pace",
    "Received",
    "Seen",
    "Simulator",
    "State",
    "Step",
    "Text",
    "WebForm",
    "dialect_table",
    "magic_table",
    "magic_text",
    "serve",
]
