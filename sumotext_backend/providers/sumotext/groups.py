"""Groups of a keyword, and opt-ins by a web form: what changes something at SUMOTEXT; pure.

Source: SUMOTEXT's public legacy documentation (2014). Each is one GET that must not be made
twice, so each ends as a send does: accepted, refused, surely not done, or nobody knows.
A group cannot be read, and a single member not be removed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, get_args

import attrs

from sumotext_backend.http import Request, Response
from sumotext_backend.models import Reason, Verdict
from sumotext_backend.providers.rest import doubt, make_target
from sumotext_backend.providers.sumotext.line import (
    UNREGISTERED,
    has_line,
    is_unregistered,
    take_line,
)

Action = Literal["add", "delete", "clear", "addmember"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
DESTRUCTIVE: Final = ("delete", "clear")
"""Actions that cannot be undone."""

GROUPS: Final = "/secure/sumoGroup.aspx"
OPT_IN: Final = "/mOptinMO.aspx"
MAX_FIELDS: Final = 11
"""Fields of profile data that a web form may have."""

_ANSWER: Final = re.compile(r"Action +([A-Za-z]+) +(?:(OK)|Error *:.*)", re.ASCII | re.IGNORECASE)


@attrs.frozen
class Programme:
    """What people opt in to: a keyword of a short code, in the country of the short code."""

    shortcode: str
    keyword: str = attrs.field(repr=False)
    country: str = "USA"

    @property
    def fields(self) -> dict[str, str]:
        """The parameters that name it."""
        return {"country": self.country, "shortcode": self.shortcode, "key": self.keyword}


def make_request(programme: Programme, action: Action, group: str, mobile: str = "") -> Request:
    """The request of ``action``; ``mobile`` is 10 digits, and empty but for ``addmember``."""
    own = {"group": group, "action": action, "mobile": mobile}
    return Request(target=make_target(GROUPS, programme.fields | own), enough=has_line)


def read(response: Response, action: Action) -> Verdict:
    """What the first line says of ``action``. Never raises.

    ``raw`` is the gateway's own line, which may hold a number.
    """
    line = take_line(response.body, ended=response.ended)
    if line is not None and is_unregistered(line):
        return Verdict(reason=Reason.UNAUTHORIZED, detail=UNREGISTERED)
    found = _ANSWER.fullmatch(line or "")
    if found is None:
        return doubt("the answer's first line says neither OK nor an error")
    if found[1].lower() != action:
        return doubt("the answer is about another action", raw=found[0])
    if found[2]:
        return Verdict(raw=found[0])
    return Verdict(reason=Reason.REFUSED, detail="the gateway refused the action", raw=found[0])


def make_opt_in(programme: Programme, mobile: str, fields: Sequence[str] = ()) -> Request:
    """The request that begins an opt-in of ``mobile``, 10 digits, with the form's ``fields``.

    All parameters are there, as the gateway wants it, unused ones empty. Raises `ValueError` for
    more than `MAX_FIELDS` fields.
    """
    if len(fields) > MAX_FIELDS:
        raise ValueError(f"a web form has {MAX_FIELDS} fields at most")
    texts = (*fields, *[""] * (MAX_FIELDS - len(fields)))
    own = {f"txt{index}": text for index, text in enumerate(texts, 1)}
    query = programme.fields | {"phone": mobile} | own
    return Request(target=make_target(OPT_IN, query))


def read_opt_in(response: Response) -> Verdict:
    """What an answer says of an opt-in: nothing but a refusal. Never raises.

    What it answers otherwise is not documented, and so proves nothing.
    """
    line = take_line(response.body, ended=response.ended)
    if line is not None and is_unregistered(line):
        return Verdict(reason=Reason.UNAUTHORIZED, detail=UNREGISTERED)
    return doubt("the gateway answered, and does not document what its answers mean")
