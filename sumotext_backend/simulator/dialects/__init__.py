"""How each provider's requests are read and answered, one module each, by name of the backend.

A dialect is ``answer(received, sim)``: pure but for what it asks of the `Simulation`. It returns
None for a path that the provider does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sumotext_backend.simulator.dialects import sumotext
from sumotext_backend.simulator.exchange import Answer, Received
from sumotext_backend.simulator.simulation import Simulation

Dialect = Callable[[Received, Simulation], Answer | None]

DIALECTS: Final[Mapping[str, Dialect]] = {
    "sumotext": sumotext.answer_legacy,
    "sumotext-v2": sumotext.answer_v2,
}
"""Each is spoken below ``/{name}``."""

AT_ROOT: Final = ("sumotext", "sumotext-v2")
"""Those that are spoken without a prefix, too."""
