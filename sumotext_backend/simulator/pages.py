"""The simulator's HTML."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import Final

from sumotext_backend.simulator.magic import MAGIC, Magic

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
"""What follows the first line of every answer, and is to be ignored."""


def status_page(status: int) -> str:
    """A page that says what ``status`` means."""
    phrase = HTTPStatus(status).phrase
    return f"<!DOCTYPE html>\n<html><body><h1>{status} {phrase}</h1></body></html>\n"


def index() -> str:
    """The page for people: where the texts are, and the magic numbers."""
    rows = "\n".join(map(_row, MAGIC))
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>SUMOTEXT simulator</title></head>
<body>
<h1>SUMOTEXT simulator</h1>
<p>It accepts every text and sends none.</p>
<p><a href="messages">Accepted texts</a>, <a href="requests">all requests</a> (JSON).</p>
<h2>Magic numbers</h2>
<p>The area code may be any.</p>
<table>
<tr><th>Number</th><th>What the gateway does</th><th>Outcome</th><th>Reason</th></tr>
{rows}
</table>
</body>
</html>
"""


def _row(magic: Magic) -> str:
    cells = (magic.number, magic.does, magic.outcome, magic.reason or "")
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
