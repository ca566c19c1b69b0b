"""How each provider's requests are read and answered, one module each, by name of the backend.

A dialect is ``answer(received, sim)``: pure but for what it asks of the `Simulation`. It returns
None for a path that the provider does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from sumotext_backend.simulator.dialects import sumotext, sumotext_calls
from sumotext_backend.simulator.dialects.aws import AWS
from sumotext_backend.simulator.dialects.bandwidth import BANDWIDTH
from sumotext_backend.simulator.dialects.clicksend import CLICKSEND
from sumotext_backend.simulator.dialects.dialect import Dialect, Teller
from sumotext_backend.simulator.dialects.elks import ELKS
from sumotext_backend.simulator.dialects.infobip import INFOBIP
from sumotext_backend.simulator.dialects.kannel import KANNEL
from sumotext_backend.simulator.dialects.messagebird import MESSAGEBIRD
from sumotext_backend.simulator.dialects.plivo import PLIVO
from sumotext_backend.simulator.dialects.sinch import SINCH
from sumotext_backend.simulator.dialects.speak import speak
from sumotext_backend.simulator.dialects.telnyx import TELNYX
from sumotext_backend.simulator.dialects.twilio import TWILIO
from sumotext_backend.simulator.dialects.vonage import VONAGE
from sumotext_backend.simulator.exchange import Answer, Received
from sumotext_backend.simulator.simulation import Simulation

Speaker = Callable[[Received, Simulation], Answer | None]

PROVIDERS: Final[Mapping[str, Dialect]] = {
    each.name: each
    for each in (
        *(AWS, BANDWIDTH, CLICKSEND, ELKS, INFOBIP, KANNEL),
        *(MESSAGEBIRD, PLIVO, SINCH, TELNYX, TWILIO, VONAGE),
    )
}
"""All but SUMOTEXT's own, by name of the backend."""

DIALECTS: Final[Mapping[str, Speaker]] = {
    "sumotext": sumotext.answer_legacy,
    "sumotext-v2": sumotext.answer_v2,
    **{name: partial(speak, dialect) for name, dialect in PROVIDERS.items()},
}
"""Each is spoken below ``/{name}``."""

TELLERS: Final[Mapping[str, Teller]] = {
    "sumotext": sumotext_calls.LEGACY,
    "sumotext-v2": sumotext_calls.V2,
    **{name: dialect.teller for name, dialect in PROVIDERS.items()},
}
"""What each tells of its own accord."""

AT_ROOT: Final = ("sumotext", "sumotext-v2")
"""Those that are spoken without a prefix, too."""
