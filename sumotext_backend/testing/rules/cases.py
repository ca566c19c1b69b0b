"""Texts and numbers that the contract gives to every backend."""

from __future__ import annotations

from typing import Final

ODD_TEXTS: Final = {
    "one letter": "a",
    "one full text": "a" * 160,
    "ten texts": "ten of them " * 120,
    "far too long": "a" * 20_000,
    "emoji": "up \U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd",
    "line ends": "a\r\nb\n\nc\r",
    "controls": "a\x00b\x1b[31m\x7f",
    "markup": '&lt;a href="x?y=1&z=2">\'%00 + %41 {mobile} \\u0041#',
    "blank": "   ",
}
ODD_NUMBERS: Final = {
    "written": "(501) 555-1234",
    "abroad": "+44 20 7946 0958",
    "full-width": "\uff15\uff10\uff11\uff15\uff15\uff15\uff11\uff12\uff13\uff14",
    "line end": "5015551234\r\nX-Injected: 1",
    "surrogate": "\ud800",
    "controls": "\x00",
    "long": "1" * 5_000,
}
NO_NUMBERS: Final = {"empty": "", "a word": "hello", "a plus": "+", "too long": "9" * 40}
NO_TEXTS: Final = {"empty": "", "a lone surrogate": "half of a pair: \ud83d"}
WHOLE_TEXTS: Final = {
    "161 letters": "".join(chr(ord("a") + number % 26) for number in range(161)),
    "two segments of UCS-2": "\u0142" * 71,
    **{name: text for name, text in ODD_TEXTS.items() if name != "far too long"},
}
"""Texts that must leave as they are, where they leave at all."""

THREADS: Final = 8
SENDS: Final = 20
"""By each thread."""
