"""The proof that rules never call half an answer accepted; pure."""

from __future__ import annotations

from typing import Final

from sumotext_backend.http.response import Response
from sumotext_backend.models import Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers.gateway.rules import Rules, read

_STRANGERS: Final = (
    "error",
    "502 Bad Gateway",
    "OK",
    "<html><body>OK</body></html>",
    "Please log in",
    "0",
    "404 page not found",
    "maintenance",
)
"""First lines of what is not the provider's answer."""


def find_unsafe(rules: Rules, sample: str) -> str | None:
    """Why ``rules`` may call half an answer accepted, shown on ``sample``; None if they do not.

    ``sample`` is an accepting answer. It must be accepted whole; its beginnings must not be,
    unless under its own id, or under a beginning of that where a server says that the answer ends
    there: what else is read as an id then stands before it. Nor may an answer without the id be
    accepted, nor the words of others.
    """
    body = sample.encode()
    whole = _judge(rules, body, ended=True)
    if whole.reason or not whole.message_id:
        return "the option 'sample' is not accepted by the rules; they must accept it whole"
    for length in range(len(body)):
        half = _judge(rules, body[:length], ended=False).message_id
        short = _judge(rules, body[:length], ended=True).message_id
        if half not in (None, whole.message_id) or not whole.message_id.startswith(short or ""):
            return (
                f"the rules accept a part of the sample, its first {length} bytes; "
                "write out what stands before the id"
            )
    emptied = sample.replace(whole.message_id, "")
    if _judge(rules, emptied.encode(), ended=True).reason is None:
        return "the rules accept the sample without its id; say more of what an id is"
    if rules.answer != "json" and _accepts_anything(rules):
        return "the rules accept words that are not the provider's; write out what it says"
    return None


def _accepts_anything(rules: Rules) -> bool:
    return any(_judge(rules, words.encode(), ended=True).reason is None for words in _STRANGERS)


def _judge(rules: Rules, body: bytes, *, ended: bool) -> Verdict:
    response = Response(status=200, body=body, ended=ended)
    return read(rules, response, Msisdn("+15015551234"))
