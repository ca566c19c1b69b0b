"""What SUMOTEXT calls on its customer's server: unsigned GETs.

Source: SUMOTEXT's public legacy documentation (2014), and its pages on the newer API (2015). The
legacy gateway tells nothing of a text's state; it is asked.
"""

from __future__ import annotations

from typing import Final

from sumotext_backend.callbacks import Callback
from sumotext_backend.keywords import read_keyword
from sumotext_backend.simulator.dialects import writing
from sumotext_backend.simulator.dialects.dialect import Teller
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Text

_DELIVERED: Final = ("4", "Message successfully delivered to handset.")
_FAILED: Final = ("5", "Failed. We are unable to deliver this message.")


def report(text: Text, step: Step, url: str) -> Callback | None:
    """The newer API's report of a text that is delivered, or failed."""
    if step.state in (State.SUBMITTED, State.ENROUTE):
        return None
    code, words = _DELIVERED if step.state is State.DELIVERED else _FAILED
    return writing.call_query(url, {"sumoid": text.id, "mtcode": code, "mtdescription": words})


def inbound(text: Text, url: str) -> Callback:
    """A text from a handset (MO)."""
    return writing.call_query(
        url,
        {
            "mobile": text.sender,
            "carrier": text.fields.get("carrier", ""),
            "smsid": text.id,
            "shortcode": text.recipient,
            "key": text.fields.get("key", ""),
            "msg": text.body,
        },
    )


def consent(text: Text, url: str) -> Callback | None:
    """The CRM callback of an opt-out or opt-in; what tells them apart is the text."""
    if read_keyword(text.body) is None:
        return None
    return writing.call_query(
        url,
        {
            "country": "USA",
            "shortcode": text.recipient,
            "key": text.fields.get("key", ""),
            "mobile": text.sender,
            "carrierId": text.fields.get("carrier", ""),
            "msg": text.body,
        },
    )


LEGACY: Final = Teller(lambda _text, _step, _url: None, inbound, consent)
V2: Final = Teller(report, inbound, consent)
