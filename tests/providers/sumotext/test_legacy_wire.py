"""The gateway's text: query out, verdict in."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sumotext_backend import Outcome, Reason
from sumotext_backend.models import Verdict
from sumotext_backend.providers.sumotext import Mt, legacy_wire

MOBILE = "5015551234"
SMSID = "ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0"
ACCEPTED = f"{MOBILE}:{SMSID}"

plain_text = st.text(st.characters(exclude_categories=["Cs"]))


def judge(line: str | bytes, *, ended: bool = False, strict: bool = False) -> Verdict:
    """The verdict on a body about MOBILE."""
    body = line.encode() if isinstance(line, str) else line
    return legacy_wire.read(body, MOBILE, ended=ended, strict_echo=strict)


def outcome(verdict: Verdict) -> Outcome:
    """The outcome that a verdict stands for."""
    return verdict.reason.outcome if verdict.reason else Outcome.ACCEPTED


def test_the_query_is_the_documented_one() -> None:
    """Five parameters, lower case, in the order of the documentation's sample."""
    query = legacy_wire.encode(Mt(MOBILE, "ATTUS", "74700", "SUMO", "hello"))

    assert f"mobile={MOBILE}&carrier=ATTUS&shortcode=74700&key=SUMO&msg=hello" == query


@given(plain_text, plain_text)
@example("a b&c=d#e%f+g", "ключ")
def test_any_text_comes_out_of_the_query_as_it_went_in(text: str, keyword: str) -> None:
    """A server that decodes the query as UTF-8 reads exactly the text and the keyword."""
    query = legacy_wire.encode(Mt(MOBILE, "ATTUS", "74700", keyword, text))

    expected = {
        "mobile": MOBILE,
        "carrier": "ATTUS",
        "shortcode": "74700",
        "key": keyword,
        "msg": text,
    }
    assert expected == dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
    assert query.isascii()
    assert " " not in query


@pytest.mark.parametrize(
    "body",
    [
        f"{ACCEPTED}\r\n<html>",
        f"{ACCEPTED}\n",
        f"{ACCEPTED}\r",
        ACCEPTED,
        f"\ufeff{ACCEPTED}\r\n",
        f"\r\n\r\n{ACCEPTED}\r\n",
        f"  {ACCEPTED}  \r\n",
        f"{MOBILE} : {SMSID}\r\n",
        f"{MOBILE}:{SMSID.lower()}\r\n",
        f"1{ACCEPTED}\r\n",
        f"+1{ACCEPTED}\r\n",
    ],
)
def test_a_whole_id_is_accepted_however_sloppy_the_line(body: str) -> None:
    """Byte order mark, blank lines, line ends, spaces, case and country code do not matter."""
    verdict = judge(body)

    assert Outcome.ACCEPTED is outcome(verdict)
    assert verdict.message_id is not None
    assert SMSID == verdict.message_id.upper()
    assert "" == verdict.detail


@pytest.mark.parametrize("length", range(len(SMSID)))
@pytest.mark.parametrize("end", ["", "\r\n"])
def test_a_cut_id_is_a_doubt(length: int, end: str) -> None:
    """An id counts only as a whole GUID, even on a complete line."""
    verdict = judge(f"{MOBILE}:{SMSID[:length]}{end}", ended=True)

    assert Reason.BAD_ANSWER is verdict.reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"{MOBILE}:NOTIP", Reason.UNAUTHORIZED),
        (f"{MOBILE}:NotIp", Reason.UNAUTHORIZED),
        ("ERROR:NOTIP", Reason.UNAUTHORIZED),
        ("error:notip", Reason.UNAUTHORIZED),
        ("IP NOT REGISTERED", Reason.UNAUTHORIZED),
        (f"{MOBILE}:NOTOPT", Reason.NOT_OPTED_IN),
        (f"+1{MOBILE}:notopt", Reason.NOT_OPTED_IN),
        (f"{MOBILE}:NOTFOUND", Reason.NOT_SUBSCRIBED),
        (f"{MOBILE}:NOTACTIVE", Reason.BAD_ANSWER),
        (f"{MOBILE}:", Reason.BAD_ANSWER),
        (":NOTOPT", Reason.BAD_ANSWER),
        ("ERROR:NOTOPT", Reason.BAD_ANSWER),
        ("NOTIP", Reason.BAD_ANSWER),
        (f"{MOBILE}:{SMSID}:{SMSID}", Reason.BAD_ANSWER),
        (f"ERROR:{SMSID}", Reason.BAD_ANSWER),
        ("2125551212:NOTOPT", Reason.ECHO_MISMATCH),
        ("2125551212:NOTFOUND", Reason.ECHO_MISMATCH),
        ("2125551212:NOTIP", Reason.ECHO_MISMATCH),
        ("<html><body>Sign in</body></html>", Reason.BAD_ANSWER),
    ],
)
def test_a_complete_line_means_what_the_protocol_says(line: str, reason: Reason) -> None:
    """Each code has one reason; what the protocol does not know is a doubt."""
    assert reason is judge(f"{line}\r\n").reason


@pytest.mark.parametrize("code", ["NOTIP", "NOTOPT", "NOTFOUND"])
def test_a_code_counts_only_on_a_complete_line(code: str) -> None:
    """Without a line end, and without a length that was kept, more might have followed."""
    line = f"{MOBILE}:{code}"

    assert Reason.BAD_ANSWER is judge(line).reason
    assert Reason.BAD_ANSWER is not judge(line, ended=True).reason


def test_an_id_with_another_number_is_accepted_with_a_warning() -> None:
    """The gateway's own documentation shows such an answer, so it is no doubt by default."""
    verdict = judge(f"2125551212:{SMSID}\r\n")

    assert Outcome.ACCEPTED is outcome(verdict)
    assert SMSID == verdict.message_id
    assert verdict.detail.startswith("warning")


def test_an_id_with_another_number_is_a_doubt_where_the_owner_says_so() -> None:
    """With a strict echo it is UNKNOWN, and the id is kept."""
    verdict = judge(f"2125551212:{SMSID}\r\n", strict=True)

    assert Reason.ECHO_MISMATCH is verdict.reason
    assert SMSID == verdict.message_id


def test_an_unknown_code_is_kept_for_a_person_to_read() -> None:
    """The line is in raw where it has the protocol's own shape."""
    assert f"{MOBILE}:NOTACTIVE" == judge(f"{MOBILE}:NOTACTIVE\r\n").raw


@given(st.binary(max_size=80))
@example(b"msg=the secret text")
def test_an_error_page_is_not_kept(page: bytes) -> None:
    """A line of any other shape may echo the text, so nothing of it is kept."""
    verdict = judge(b"<html>" + page)

    assert "" == verdict.raw
    assert Reason.BAD_ANSWER is verdict.reason


fragments = st.sampled_from(
    [MOBILE, SMSID, ":", "\r", "\n", "NOTOPT", "NOTIP", "ERROR", "IP NOT REGISTERED", "\ufeff", " "]
)
bodies = st.one_of(
    st.binary(max_size=200),
    st.lists(st.one_of(fragments, st.text(max_size=3)), max_size=8).map(
        lambda parts: "".join(parts).encode("utf-8", "surrogatepass")
    ),
)


@given(bodies, st.booleans(), st.booleans())
def test_any_bytes_give_one_verdict(body: bytes, ended: bool, strict: bool) -> None:
    """Nothing raises; an acceptance has a whole id of the answer, and no details leak numbers."""
    verdict = judge(body, ended=ended, strict=strict)

    accepted = verdict.reason is None
    assert not accepted or (verdict.message_id or "").upper() == SMSID
    assert not any(part in verdict.detail for part in (MOBILE, "555"))


@given(bodies)
def test_more_bytes_never_turn_a_verdict_round(body: bytes) -> None:
    """Once a line is complete, what follows changes nothing: so it need not be waited for."""
    if legacy_wire.has_line(body):
        assert judge(body) == judge(body + f"\n{ACCEPTED}\r\n".encode())


@pytest.mark.parametrize(
    "line", [f"{MOBILE}:00000000-0000-0000-0000-000000000000", f"{MOBILE}:NOT\u0131P"]
)
def test_what_only_looks_like_a_word_of_the_protocol_is_a_doubt(line: str) -> None:
    """The id of all zeros stands for none, and a dotless i makes no NOTIP."""
    assert Reason.BAD_ANSWER is judge(f"{line}\r\n").reason


def test_letters_that_only_look_like_the_code_are_not_it() -> None:
    """``\N{LATIN SMALL LETTER DOTLESS I}`` in capitals is an I, but no gateway writes it."""
    line = "\N{LATIN SMALL LETTER DOTLESS I}P NOT REG\N{LATIN SMALL LETTER DOTLESS I}STERED\r\n"

    assert Reason.BAD_ANSWER is legacy_wire.read(line.encode(), MOBILE, ended=True).reason
    assert Reason.UNAUTHORIZED is legacy_wire.read(b"ip not registered", MOBILE, ended=True).reason


def test_a_line_about_another_number_is_out_of_step() -> None:
    """The connection may be one response behind, so it is closed."""
    own = legacy_wire.read(f"{MOBILE}:NOTOPT\r\n".encode(), MOBILE, ended=True)
    other = legacy_wire.read(b"2125551212:NOTOPT\r\n", MOBILE, ended=True)

    assert (False, True) == (own.out_of_step, other.out_of_step)


@pytest.mark.parametrize("word", ["OPTEDOUT", "999", "NOT_ACTIVE"])
def test_a_code_that_is_not_documented_is_a_refusal_under_a_4xx(word: str) -> None:
    """Whole, it is the gateway's own no; under a 200 it is a doubt."""
    body = f"{MOBILE}:{word}\r\n".encode()

    found = [
        legacy_wire.read(body, MOBILE, ended=ended, client_error=client_error).reason
        for ended, client_error in ((True, True), (True, False), (False, True))
    ]

    assert [Reason.REFUSED, Reason.BAD_ANSWER, Reason.BAD_ANSWER] == found
