"""SUMOTEXT's legacy page: a GET, and a line before a form.

Source: SUMOTEXT's public legacy documentation (2014).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import attrs

from sumotext_backend.models import Reason
from sumotext_backend.simulator.behaviour import Behaviour, behaviour_of
from sumotext_backend.simulator.pages import FORM
from sumotext_backend.simulator.protocols.dialect import FIELDS, Dialect, Fields, Page, Request


@attrs.frozen
class Line:
    """The first line, ``echo:word``, as formats of ``mobile`` and ``smsid``.

    ``cut`` ends the response after ``word``.
    """

    word: str
    echo: str = "{mobile}"
    cut: bool = False


ACCEPTED: Final = Line("{smsid}")
LINES: Final[Mapping[str, Line]] = {
    "not-opted-in": Line("NOTOPT"),
    "opted-out": Line("NOTOPT"),
    "not-found": Line("NOTFOUND"),
    "not-a-number": Line("NOTFOUND"),
    "no-ip": Line("NOTIP"),
    "error-no-ip": Line("NOTIP", echo="ERROR"),
    "cut-id": Line("{smsid:.18}", cut=True),
    # The number of the documentation's sample answer.
    "other-number": Line("{smsid}", echo="2125551212"),
    "unknown-code": Line("NOTACTIVE"),
}
"""What it says, by name of the behaviour; whatever is not here is an id."""

# [open] What the gateway answers to a parameter that is missing or empty is not documented.
_INCOMPLETE: Final = Behaviour(
    name="incomplete", does="the form and nothing else", reason=Reason.BAD_ANSWER, page=True
)


def read(request: Request) -> Fields:
    """The five parameters, in lower case."""
    return {name: request.query.get(name, "") for name in FIELDS}


def choose(fields: Fields) -> Behaviour:
    """What is done for ``fields``."""
    return behaviour_of(fields["mobile"]) if all(fields.values()) else _INCOMPLETE


def respond(behaviour: Behaviour, fields: Fields, smsid: str) -> Page:
    """A line, then the form."""
    line = LINES.get(behaviour.name, ACCEPTED)
    mobile = fields["mobile"]
    # Nothing but digits is echoed of what is not a number: it would be part of a page.
    shown = re.sub(r"[^0-9]", "", mobile)[:15] if behaviour.name == "not-a-number" else mobile
    words = f"{line.echo}:{line.word}".format(mobile=shown, smsid=smsid)
    return Page(words if line.cut else f"{words}\r\n{FORM}")


LEGACY: Final = Dialect(
    method="GET",
    path="/secure/sumoSend.aspx",
    read=read,
    choose=choose,
    respond=respond,
    # NOTOPT does not tell who never said yes from who said no.
    reasons={"opted-out": Reason.NOT_OPTED_IN},
)
