"""What decides which provider comes after which: what each is asked, in its class of tests.

``facts`` there has an answer as the provider documents it, an HTTP status and a body; words
instead say why there is none. ``account`` is a DSN to whose end ``base_url`` goes.
"""

from __future__ import annotations

from typing import Any, Final

Fact = tuple[int, Any] | str

ACCEPTED: Final = "taken; a report tells"
OTHERWISE: Final = "not documented"
BEHIND: Final = "taken; the aggregator tells"

STOPPED: Final = "Said STOP"
WRONG_NUMBER: Final = "Wrong number"
WRONG_SENDER: Final = "Sender not yours"
NO_CREDIT: Final = "No credit"
