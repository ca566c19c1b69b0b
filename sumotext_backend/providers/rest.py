"""What most providers' APIs share: a form or JSON is posted, and JSON comes back; pure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from sumotext_backend.http.json_body import parse_object
from sumotext_backend.http.request import Request
from sumotext_backend.http.response import Response
from sumotext_backend.models import Message, Outcome, Reason, Verdict
from sumotext_backend.segments import segment

Reasons = Mapping[str, Reason]
"""A provider's own codes, each with what it means. Codes that are not listed are `REFUSED`."""

GUID: Final = re.compile(
    r"(?![0-]{36})[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE
)
"""The commonest shape of an id; all zeros stand for none."""

MAX_LINE: Final = 300
"""Characters of a refusal in words; more is a page."""

# What is shown and kept of a code; anything else might be somebody's number.
_CODE: Final = re.compile(
    r"[0-9]{1,6}|(?!.*[0-9]{7})[A-Za-z][A-Za-z0-9_.:-]{0,79}", re.ASCII | re.DOTALL
)


def post_form(
    target: str, fields: Mapping[str, str | None], headers: Mapping[str, str] = {}
) -> Request:
    """A POST of ``fields`` as a form in UTF-8, whose response is one JSON object.

    Those that are None are left out.
    """
    body = urlencode(drop_unset(fields)).encode("ascii")
    return _post(target, body, "application/x-www-form-urlencoded", headers)


def post_json(
    target: str, fields: Mapping[str, object], headers: Mapping[str, str] = {}
) -> Request:
    """A POST of ``fields`` as JSON in ASCII, whose response is one JSON object.

    Those that are None are left out.
    """
    body = json.dumps(drop_unset(fields), separators=(",", ":")).encode("ascii")
    return _post(target, body, "application/json", headers)


def _post(target: str, body: bytes, kind: str, headers: Mapping[str, str]) -> Request:
    own = {"Content-Type": kind, "Accept": "application/json"}
    return Request(
        target=target, method="POST", body=body, headers={**own, **headers}, enough=has_object
    )


def has_object(body: bytes) -> bool:
    """Whether ``body`` begins with a complete JSON object: no more need be read."""
    return b"}" in body and parse_object(body) is not None


def drop_unset(fields: Mapping[str, Any]) -> dict[str, Any]:
    """``fields`` without those that are None."""
    return {name: value for name, value in fields.items() if value is not None}


def make_basic_login(user: str, password: str) -> dict[str, str]:
    """The header of HTTP's Basic login."""
    both = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return {"Authorization": f"Basic {both}"}


def make_bearer_login(token: str) -> dict[str, str]:
    """The header of a login by token."""
    return {"Authorization": f"Bearer {token}"}


def escape(part: str) -> str:
    """``part`` as one piece of a path."""
    return quote(part, safe="")


def make_callback(url: str | None, message: Message) -> str | None:
    """``url`` with the reference of ``message``, so that a report tells which text it is about."""
    if url is None or message.reference is None:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}ref={escape(message.reference)}"


def choose_sender(message: Message, name: str, sender: str | None) -> str | None:
    """What ``message`` is sent from, by the backend ``name`` whose option ``sender`` is.

    What the message sets for this backend comes first, then what it sets for any, then what is
    configured; ``sender`` is the first or the last of them already.
    """
    if "sender" in message.options.get(name, ()):
        return sender
    return message.sender or sender


def check_length(text: str, most: int, provider: str) -> Verdict | None:
    """Why ``provider``, which takes ``most`` characters, cannot send ``text``; None if it can."""
    if len(text) <= most:
        return None
    detail = f"the text has {len(text)} characters, {provider} takes {most}"
    return Verdict(reason=Reason.UNSUPPORTED, detail=detail)


def check_segments(text: str, most: int, provider: str) -> Verdict | None:
    """Why ``provider``, which takes ``most`` segments, cannot send ``text``; None if it can."""
    count = segment(text).count
    if count <= most:
        return None
    detail = f"the text has {count} segments, {provider} takes {most}"
    return Verdict(reason=Reason.UNSUPPORTED, detail=detail)


def accept(message_id: object, shape: re.Pattern[str]) -> Verdict:
    """Accepted under ``message_id``, where it is whole: of ``shape``, from end to end."""
    if isinstance(message_id, str) and shape.fullmatch(message_id):
        return Verdict(message_id=message_id)
    return doubt("the response holds no whole id")


def refuse(code: object, reasons: Reasons, words: str = "") -> Verdict:
    """What the provider's error ``code`` means: `REFUSED` where nobody here knows it.

    To be asked only where the response surely is the provider's own refusal. ``words`` are ours,
    never the provider's: its own may hold the number or the text.
    """
    known = find_code(code)
    if known is None:
        detail = "the provider refused, with a code that is not one"
        return Verdict(reason=Reason.REFUSED, detail=detail)
    reason = reasons.get(known, Reason.REFUSED)
    shown = f"{words} (code {known})" if words else f"the provider answered with code {known}"
    return Verdict(reason=reason, detail=shown, raw=known)


def find_code(code: object) -> str | None:
    """``code`` as text, where it is a number of few digits or a word; None otherwise."""
    if isinstance(code, bool) or not isinstance(code, (int, str)):
        return None
    return str(code) if _CODE.fullmatch(str(code)) else None


def doubt(detail: str, raw: str = "") -> Verdict:
    """A response that says neither yes nor no in the provider's language.

    With ``raw``, what there is of its language, it is a doubt under any HTTP status.
    """
    return Verdict(reason=Reason.BAD_ANSWER, detail=detail, raw=raw)


def choose_gravest(verdicts: Iterable[Verdict], *order: Outcome) -> Verdict:
    """The first of ``verdicts``, none of which accepts, of the first outcome that one has.

    Raises `ValueError` where there is none.
    """
    return min(verdicts, key=lambda each: order.index(each.reason.outcome) if each.reason else 0)


def make_reasons(groups: Mapping[Reason, str]) -> Reasons:
    """A table of codes from ``{reason: "code code …"}``."""
    return {code: reason for reason, codes in groups.items() for code in codes.split()}


def make_target(path: str, fields: Mapping[str, str]) -> str:
    """``path`` with ``fields`` as its query, in UTF-8."""
    return f"{path}?{urlencode(fields, quote_via=quote)}"


def list_objects(value: object) -> list[dict[str, Any]]:
    """The objects in a list of JSON; none where it is not a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def refuse_field(name: str, reason: Reason) -> Verdict:
    """Refused, as the provider does not take the field ``name`` of the request."""
    return Verdict(reason=reason, detail=f"the field {name!r} was refused", raw=name)


def find_line(response: Response) -> str | None:
    """The body of ``response``, where it came whole and is one line of plain words; else None."""
    line = response.body.decode("utf-8", "replace").strip()
    plain = response.ended and line.isprintable() and "<" not in line
    return line if plain and 0 < len(line) <= MAX_LINE else None
