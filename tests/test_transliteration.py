"""Typographic characters written plainly, where that makes a text GSM-7, and nothing else."""

# Characters that look like others are what this is about.
# ruff: noqa: RUF001

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import ConfigurationError, Message
from sumotext_backend.config import connect, load, make_plan
from sumotext_backend.providers import Prepared, TelnyxBackend, prepare
from sumotext_backend.segments import is_gsm, segment
from sumotext_backend.transliteration import find_replacements, transliterate

TYPOGRAPHY = "‘’‚‛“”„‟‐‑‒–—―…‹›«»′″•−\u00a0\u2009\u202f\u3000\u200b\u2060\ufeff\u00ad\u2028"
"""Quotes, dashes, an ellipsis, guillemets, primes, a bullet, spaces, and what nobody sees."""
LETTERS = "áêőłЖя日本語한ךαあşİ"
UNTOUCHED = "\U0001f44d🎉™©½²→≤×₿‰´`\t☎"
TEXT = "“Don’t wait…” – it’s 5\u00a0€"


@pytest.mark.parametrize("character", TYPOGRAPHY, ids=lambda each: f"U+{ord(each):04X}")
def test_each_typographic_character_is_written_plainly(character: str) -> None:
    """One of them in a text makes it UCS-2; without it, it is GSM-7."""
    text = f"a{character}b"

    assert "UCS-2" == segment(text).encoding
    assert "GSM-7" == segment(transliterate(text)).encoding
    assert [character] == [*find_replacements(text)]


def test_a_text_of_all_of_them() -> None:
    """What stands there reads as before."""
    assert "\"Don't wait...\" - it's 5 €" == transliterate(TEXT)


@pytest.mark.parametrize("character", [*LETTERS, *UNTOUCHED])
def test_letters_and_symbols_are_never_touched(character: str) -> None:
    """Nor is anything else in a text that needs UCS-2 for one of them."""
    for text in (character, f"“{character}”…", f"{TEXT} {character}"):
        assert text == transliterate(text)


@given(st.text(alphabet=st.one_of(st.sampled_from(TYPOGRAPHY), st.characters(codec="utf-8"))))
def test_a_text_is_gsm_afterwards_or_as_it_was(text: str) -> None:
    """Of any text, and no letter or digit of it is lost."""
    written = transliterate(text)
    kept = [each for each in text if unicodedata.category(each)[0] in "LN"]

    assert written == text or (is_gsm(written) and not is_gsm(text))
    assert kept == [each for each in written if unicodedata.category(each)[0] in "LN"]
    assert bool(text) == bool(written)
    assert written == transliterate(written)


@given(st.text(alphabet=st.sampled_from("abc’…—\u00a0x "), max_size=400))
def test_it_never_costs_a_segment(text: str) -> None:
    """A text has as many segments afterwards, or fewer."""
    assert segment(transliterate(text)).count <= segment(text).count


@pytest.mark.parametrize("on", [True, False])
def test_a_provider_does_so_where_it_is_asked_to(on: bool) -> None:
    """Off unless said; the message stays as it was."""
    options = {"transliterate": True} if on else {}
    backend = TelnyxBackend(api_key="KEY1", sender="+15015550000", **options)
    message = Message("5015551234", TEXT)
    prepared = prepare(backend, message)

    assert isinstance(prepared, Prepared)
    assert on == (b"Don't wait..." in (prepared.request.body or b""))
    assert TEXT == message.text


def test_a_plan_counts_the_segments_of_each_provider() -> None:
    """Of a chain one may, and the other not."""
    account = {"backend": "telnyx", "api_key": "KEY1", "sender": "+15015550000"}
    providers = {
        "default": {"backend": "fallback", "chain": ["plain", "fine"]},
        "plain": {**account, "transliterate": True},
        "fine": account,
    }
    made = make_plan(load({"providers": providers}), "5015551234", "’" * 100)

    assert [1, 2] == [step.segments for step in made.steps]


def test_without_the_extra_it_says_what_to_install() -> None:
    """Where the option is set, in one line; the control is left alone."""
    dsn = "telnyx://KEY1@74700"
    code = (
        "import sys; sys.modules['anyascii'] = None\n"
        "from sumotext_backend.config import connect\n"
        f"connect('{dsn}')\n"
        f"connect('{dsn}?transliterate=true')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    line = ended.stderr.strip().splitlines()[-1]

    assert line.endswith(
        "option 'transliterate' needs anyascii: pip install 'sumotext-backend[transliterate]'"
    )
    assert connect(f"{dsn}?transliterate=true")
    with pytest.raises(ConfigurationError, match="'transliterate' wants true or false"):
        connect(f"{dsn}?transliterate=perhaps")
