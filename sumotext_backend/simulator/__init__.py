"""SUMOTEXT's gateway for people without an account: a real HTTP server on this machine.

It accepts every text, sends none, and keeps what it accepted. Magic numbers make it answer
otherwise (`magic_table`). The server needs the extra `cli`, which is imported when it starts.
"""

from sumotext_backend.simulator.account import Account, WebForm
from sumotext_backend.simulator.behaviour import MAGIC, Behaviour
from sumotext_backend.simulator.server import Simulator, serve
from sumotext_backend.simulator.store import Received, Seen
from sumotext_backend.simulator.tables import magic_table, magic_text

__all__ = [
    "MAGIC",
    "Account",
    "Behaviour",
    "Received",
    "Seen",
    "Simulator",
    "WebForm",
    "magic_table",
    "magic_text",
    "serve",
]
