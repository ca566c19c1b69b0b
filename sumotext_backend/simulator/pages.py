"""The HTML of gateways: SUMOTEXT's form, and what a status means."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

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
