"""The simulator's HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from http import HTTPStatus
from typing import Final

from sumotext_backend.simulator.behaviour import MAGIC, Behaviour
from sumotext_backend.simulator.store import Received

MAX_TEXTS: Final = 100
"""How many texts the page for people shows."""

FORM: Final = """<!DOCTYPE html>
<html>
<head><title>Send</title></head>
<body>
<form method="get" action="sumoSend.aspx">
<input name="mobile"><input name="carrier"><input name="shortcode"><input name="key">
<textarea name="msg"></textarea><input type="submit" value="Send">
</form>
</body>
</html>
"""
"""What follows the first line of every response, and is to be ignored."""


def status_page(status: int) -> str:
    """A page that says what ``status`` means."""
    phrase = HTTPStatus(status).phrase
    return f"<!DOCTYPE html>\n<html><body><h1>{status} {phrase}</h1></body></html>\n"


def index(messages: Sequence[Received]) -> str:
    """The page for people: the last of ``messages``, newest first, and the magic numbers."""
    texts = "\n".join(_text(each) for each in reversed(messages[-MAX_TEXTS:]))
    rows = "\n".join(map(_magic, MAGIC))
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>SUMOTEXT simulator</title></head>
<body>
<h1>SUMOTEXT simulator</h1>
<p>It accepts every text and sends none.</p>
<h2>Accepted texts</h2>
<p>The newest first, {MAX_TEXTS} at most.
All of them as <a href="messages">JSON</a>, and <a href="requests">all requests</a>.</p>
<table>
<tr><th>Time (UTC)</th><th>To</th><th>From</th><th>Text</th></tr>
{texts}
</table>
<h2>Magic numbers</h2>
<p>The area code may be any.</p>
<table>
<tr><th>Number</th><th>What the gateway does</th><th>Outcome</th><th>Reason</th></tr>
{rows}
</table>
</body>
</html>
"""


def _text(text: Received) -> str:
    time = text.received_at.isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
    return _row(time, text.mobile, text.shortcode, text.msg)


def _magic(magic: Behaviour) -> str:
    return _row(magic.number, magic.does, magic.outcome, magic.reason or "")


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
