"""SUMOTEXT's newer API: the text of its requests and answers, and sends over real sockets."""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sumotext_backend import ConfigurationError, Message, Outcome, Reason, dsn
from sumotext_backend.models import Verdict
from sumotext_backend.options import make, options_of
from sumotext_backend.providers.sumotext import SumotextBackend, SumotextV2Backend, v2_wire
from sumotext_backend.providers.sumotext.mt import Mt
from sumotext_backend.routing import Fallback
from sumotext_backend.testing import HostileGateway, Raw

APIKEY = "4f1a-very-secret-key"
MOBILE = "5015551234"
TEXT = "hello"
SUMO_ID = "ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0"
MT = Mt(MOBILE, "ATTUS", "74700", "SUMO", TEXT)
MESSAGE = Message(MOBILE, TEXT)
DSN = f"sumotext-v2://{APIKEY}@74700/SUMO?carrier=ATTUS"

REFUSALS = [
    (9, Reason.CONFIGURATION),
    (26, Reason.UNAUTHORIZED),
    (27, Reason.NOT_OPTED_IN),
    (28, Reason.UNAUTHORIZED),
    (128, Reason.UNAUTHORIZED),
    (258, Reason.UNAUTHORIZED),
]

plain_text = st.text(st.characters(exclude_categories=["Cs"]))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def answer(sumo_id: object = SUMO_ID, number: object = 0, words: str = "") -> bytes:
    """An answer's body as documented."""
    return json.dumps({"sumoId": sumo_id, "Err": {"ErrNum": number, "ErrMessage": words}}).encode()


def http(body: bytes, *, missing: int = 0) -> bytes:
    """``body`` as an HTTP answer, of which ``missing`` bytes more are announced."""
    length = len(body) + missing
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode() + body


def outcome(verdict: Verdict) -> Outcome:
    """The outcome that a verdict stands for."""
    return verdict.reason.outcome if verdict.reason else Outcome.ACCEPTED


def from_dsn(text: str) -> SumotextV2Backend:
    """The backend that a DSN describes."""
    return make(SumotextV2Backend, dsn.read(dsn.parse(text), SumotextV2Backend.dsn), "the DSN")


def v2(url: str, **options: object) -> SumotextV2Backend:
    """A backend that posts to ``url``."""
    backend = attrs.evolve(from_dsn(DSN), base_url=f"{url}/api", timeout=2.0)
    return attrs.evolve(backend, **options)


@pytest.fixture
def gateway() -> Iterator[HostileGateway]:
    """A server on this machine that does what a test tells it."""
    with HostileGateway() as server:
        yield server


# --- requests, pure -------------------------------------------------------------------------------


def test_the_body_is_the_documented_one() -> None:
    """``json=`` and an object of six names."""
    body = v2_wire.encode(MT, APIKEY)

    assert body.startswith(b"json={")
    assert {
        "apikey": APIKEY,
        "mobile": MOBILE,
        "carrier": "ATTUS",
        "shortcode": "74700",
        "key": "SUMO",
        "msg": TEXT,
    } == json.loads(body.removeprefix(b"json="))


@given(plain_text, plain_text, plain_text)
@example("100% a+b & c=d; <x> &#65; %41", "ключ", "%2B")
def test_a_body_reads_the_same_with_form_decoding_and_without(
    text: str, keyword: str, apikey: str
) -> None:
    """Whether the server undoes ``+`` and ``%xx`` is not documented, and makes no difference."""
    mt = attrs.evolve(MT, text=text, keyword=keyword)
    body = v2_wire.encode(mt, apikey).decode("ascii").removeprefix("json=")
    literal = json.loads(body)

    assert (text, keyword, apikey) == (literal["msg"], literal["key"], literal["apikey"])
    assert literal == json.loads(unquote_plus(body)) == json.loads(unquote(body))
    assert "&" not in body


# --- answers, pure --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        answer(),
        answer(SUMO_ID.lower()),
        answer(f" {SUMO_ID} "),
        answer(number="0"),
        b"\xef\xbb\xbf\r\n " + answer() + b"\r\n",
        answer() + b"<html>",
        b'{"more": [1, {}], ' + answer()[1:],
    ],
)
def test_an_id_with_no_error_is_accepted(body: bytes) -> None:
    """Byte order mark, blank space, case, unknown names and what follows do not matter."""
    verdict = v2_wire.read(body, APIKEY)

    assert verdict.reason is None
    assert SUMO_ID == str(verdict.message_id).upper()


@pytest.mark.parametrize(("number", "reason"), REFUSALS)
@pytest.mark.parametrize("sumo_id", [None, "", "00000000-0000-0000-0000-000000000000"])
def test_a_documented_error_is_what_it_says(
    number: int, reason: Reason, sumo_id: str | None
) -> None:
    """Without an id; the GUID of zeros stands for none."""
    verdict = v2_wire.read(answer(sumo_id, number, "words"), APIKEY)

    assert reason is verdict.reason
    assert verdict.message_id is None
    assert f"ErrNum {number}" in verdict.detail


@pytest.mark.parametrize(
    ("body", "message_id", "words"),
    [
        (answer("", 0), None, "without a whole id"),
        (answer(SUMO_ID[:-1], 0), None, "without a whole id"),
        (answer("00000000-0000-0000-0000-000000000000", 0), None, "without a whole id"),
        (answer(SUMO_ID, 27), SUMO_ID, "together with ErrNum 27"),
        (answer(SUMO_ID, 999), SUMO_ID, "together with ErrNum 999"),
        (answer("", 999), None, "ErrNum 999 is not documented"),
        (answer("", 624), None, "ErrNum 624 is not documented"),
        (answer(SUMO_ID, None), SUMO_ID, "no ErrNum"),
        (answer(SUMO_ID, False), SUMO_ID, "no ErrNum"),
        (answer(SUMO_ID, -1), SUMO_ID, "no ErrNum"),
        (answer("", 5015551234), None, "no ErrNum"),
        (b'{"sumoId": "%s"}' % SUMO_ID.encode(), SUMO_ID, "no ErrNum"),
        (b'{"sumoId": "%s", "Err": 0}' % SUMO_ID.encode(), SUMO_ID, "no ErrNum"),
        (b'{"Err": {"ErrNum": 27, "ErrNum": 0}}', None, "not one whole"),
        (b'{"sumoId": "", "sumoId": "%s", "Err": {"ErrNum": 0}}' % SUMO_ID.encode(), None, ""),
        (b"[" + answer() + b"]", None, "not one whole"),
        (b"<html>" + answer(), None, "not one whole"),
        (b"<smoPostReturn><sumoId>x</sumoId></smoPostReturn>", None, "not one whole"),
        (b"[" * 10_000, None, "not one whole"),
        (b'{"a":' * 5000, None, "not one whole"),
        (b"", None, "not one whole"),
    ],
)
def test_anything_else_is_a_doubt(body: bytes, message_id: str | None, words: str) -> None:
    """``UNKNOWN``; an id is kept, for whoever looks into it."""
    verdict = v2_wire.read(body, APIKEY)

    assert (Reason.BAD_ANSWER, message_id) == (verdict.reason, verdict.message_id)
    assert words in verdict.detail


def test_a_number_that_is_not_documented_is_a_refusal_under_a_4xx() -> None:
    """It is SUMOTEXT's own no; ErrNum 0, or an id beside it, contradicts the status."""
    reasons = [
        v2_wire.read(answer(sumo_id, number), APIKEY, client_error=True).reason
        for sumo_id, number in (("", 999), ("", 27), ("", 0), (SUMO_ID, 999))
    ]

    assert [Reason.REFUSED, Reason.NOT_OPTED_IN, Reason.BAD_ANSWER, Reason.BAD_ANSWER] == reasons


@pytest.mark.parametrize("number", [0, 27])
def test_no_beginning_of_an_answer_counts(number: int) -> None:
    """Cut anywhere, an acceptance and a refusal are doubts."""
    whole = answer(SUMO_ID if number == 0 else "", number)
    cut = {v2_wire.read(whole[:length], APIKEY).reason for length in range(len(whole))}

    assert {Reason.BAD_ANSWER} == cut
    assert Reason.BAD_ANSWER is not v2_wire.read(whole, APIKEY).reason


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
@example(answer())
def test_any_bytes_have_one_verdict(body: bytes) -> None:
    """Never an exception; what is not documented is a doubt."""
    verdict = v2_wire.read(body, APIKEY)

    assert isinstance(verdict, Verdict)
    assert outcome(verdict) is not Outcome.UNKNOWN or verdict.reason is Reason.BAD_ANSWER
    assert v2_wire.has_object(body) == ("not one whole" not in verdict.detail)


@given(sumo_id=json_values | st.just(SUMO_ID), number=json_values | st.integers(0, 300))
def test_only_the_documented_pairs_are_certain(sumo_id: object, number: object) -> None:
    """Accepted: an id and 0. Refused: no id and a documented number. Nothing else."""
    verdict = v2_wire.read(answer(sumo_id, number), APIKEY)
    plain = isinstance(number, (int, str)) and not isinstance(number, bool)
    known = int(number) if plain and str(number).isascii() and str(number).isdigit() else None
    certain = {None: (0,), **{reason: () for _, reason in REFUSALS}}
    for value, reason in REFUSALS:
        certain[reason] += (value,)

    assert verdict.reason is Reason.BAD_ANSWER or known in certain[verdict.reason]
    assert verdict.reason is not None or sumo_id == SUMO_ID == verdict.message_id


@pytest.mark.parametrize("apikey", [APIKEY, SUMO_ID, SUMO_ID.lower()])
def test_an_answer_that_echoes_the_key_and_the_text_gives_none_of_it_away(apikey: str) -> None:
    """Whatever the server puts into its words, or into its id; not even ``raw`` holds it."""
    bodies = [
        answer(apikey, 0, f"{apikey} {MOBILE} {TEXT}"),
        answer(apikey, 999, f"{apikey} {MOBILE} {TEXT}"),
        answer("", 27, f"{apikey} {MOBILE} {TEXT}"),
        f"<html>{apikey} {MOBILE} {TEXT}".encode(),
    ]
    for body in bodies:
        verdict = v2_wire.read(body, apikey)
        kept = f"{verdict} {verdict.raw}".lower()

        assert verdict.reason
        assert apikey.lower() not in kept
        assert MOBILE not in kept
        assert TEXT not in kept


# --- the backend ----------------------------------------------------------------------------------


def test_the_dsn_has_the_key_before_the_short_code() -> None:
    """``sumotext-v2://{apikey}@{shortcode}/{keyword}``, special characters percent-encoded."""
    backend = from_dsn("sumotext-v2://k%40y%2F1@74700/SUMO?carrier=ATTUS&timeout=5")

    assert ("k@y/1", "74700", "SUMO", "ATTUS", 5.0) == (
        backend.apikey,
        backend.shortcode,
        backend.keyword,
        backend.carrier,
        backend.timeout,
    )
    assert "https://api.sumotext.com/api" == backend.base_url


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sumotext-v2://74700/SUMO", "option 'apikey' is missing"),
        ("sumotext-v2://%20key@74700/SUMO", "option 'apikey'"),
        ("sumotext-v2://key@747/SUMO", "option 'shortcode' wants 5 or 6 digits"),
        ("sumotext-v2://key@74700", "option 'keyword' is missing"),
        ("sumotext-v2://key@74700/SUMO?carrier=at%26t", "option 'carrier'"),
        ("sumotext-v2://key:more@74700/SUMO", "no place in its form"),
        ("sumotext-v2://key@74700/SUMO?base_url=http://api.sumotext.com", "plain http"),
    ],
)
def test_a_wrong_option_is_named_and_the_key_is_not(text: str, words: str) -> None:
    """One line, with no part of the secret."""
    with pytest.raises(ConfigurationError, match=words) as caught:
        from_dsn(text)

    assert "key@" not in str(caught.value)


def test_both_protocols_have_the_account_in_common() -> None:
    """The options of the one are those of the other, but for the key and the echo."""
    legacy, newer = options_of(SumotextBackend), options_of(SumotextV2Backend)

    assert {"echo", "apikey"} == legacy.keys() ^ newer.keys()
    assert newer["apikey"].secret


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Message(MOBILE, ""), Reason.INVALID_MESSAGE),
        (Message(MOBILE, "\ud800"), Reason.INVALID_MESSAGE),
        (Message("nobody", TEXT), Reason.INVALID_RECIPIENT),
        (Message("+447911123456", TEXT), Reason.UNSUPPORTED),
        (Message(MOBILE, TEXT, sender="+15015550000"), Reason.UNSUPPORTED),
        (Message(MOBILE, TEXT, options={"sumotext-v2": {"carier": "X"}}), Reason.CONFIGURATION),
        (Message(MOBILE, TEXT, options={"sumotext-v2": {"carrier": 7}}), Reason.CONFIGURATION),
        (Message(MOBILE, TEXT, options={"sumotext-v2": {"keyword": ""}}), Reason.CONFIGURATION),
    ],
)
def test_what_cannot_be_sent_is_not_tried(
    gateway: HostileGateway, message: Message, reason: Reason
) -> None:
    """The same rules as for the legacy gateway; no request is made."""
    legacy = SumotextBackend(
        shortcode="74700", keyword="SUMO", carrier="ATTUS", base_url=gateway.url
    )
    renamed = {"sumotext": {**message.options.get("sumotext-v2", {})}}

    assert reason is v2(gateway.url).send(message).reason
    assert reason is legacy.send(attrs.evolve(message, options=renamed)).reason
    assert 0 == gateway.gets


def test_a_missing_carrier_says_where_to_put_it() -> None:
    """In the account, or in the message under this backend's name."""
    result = from_dsn(f"sumotext-v2://{APIKEY}@74700/SUMO").send(MESSAGE)

    assert Reason.CONFIGURATION is result.reason
    assert "{'sumotext-v2': {'carrier'" in result.detail


# --- over sockets ---------------------------------------------------------------------------------


def test_a_text_is_one_documented_post(gateway: HostileGateway) -> None:
    """Path, content type and body; an id in the answer is `ACCEPTED`."""
    gateway.play(Raw(http(answer()), "keep"))
    result = v2(gateway.url).send(MESSAGE)
    (request,) = gateway.requests

    assert (Outcome.ACCEPTED, SUMO_ID, "") == (result.outcome, result.message_id, result.detail)
    assert "sumotext-v2" == result.backend
    assert ("POST", "/api/sumopost/post") == (request.method, request.target)
    assert "application/json/mt" == request.headers["content-type"]
    assert "application/json" == request.headers["accept"]
    assert v2_wire.encode(MT, APIKEY) == request.body


def test_a_message_may_bring_carrier_keyword_and_short_code(gateway: HostileGateway) -> None:
    """Under this backend's name; the short code is the sender."""
    gateway.play(Raw(http(answer()), "keep"))
    options = {"sumotext-v2": {"carrier": "VERIZONUS", "keyword": "OTHER"}}
    v2(gateway.url).send(Message(MOBILE, TEXT, sender="12345", options=options))
    sent = json.loads(gateway.requests[0].body.removeprefix(b"json="))

    assert ("VERIZONUS", "OTHER", "12345") == (sent["carrier"], sent["key"], sent["shortcode"])


def test_a_connection_serves_again(gateway: HostileGateway) -> None:
    """Nothing of an answer is left on it."""
    gateway.play(Raw(http(answer()), "keep"))
    backend = v2(gateway.url)
    results = [backend.send(MESSAGE) for _ in range(3)]

    assert [Outcome.ACCEPTED] * 3 == [result.outcome for result in results]
    assert (1, 3) == (gateway.connections, gateway.gets)


@pytest.mark.parametrize(
    "raw",
    [
        Raw(http(answer(), missing=100), "hang"),
        Raw(http(answer(), missing=100), "rst"),
        Raw(http(answer(), missing=100), "close"),
        Raw(http(answer() + b"<html>", missing=100), "hang"),
    ],
)
def test_a_whole_object_is_not_kept_waiting(gateway: HostileGateway, raw: Raw) -> None:
    """What follows it is not read, and the detail says so."""
    gateway.play(raw)
    result = v2(gateway.url).send(MESSAGE)

    assert (Outcome.ACCEPTED, SUMO_ID) == (result.outcome, result.message_id)
    assert "not read" in result.detail


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (Raw(http(answer()[:-1], missing=1), "close"), Reason.BAD_ANSWER),
        (Raw(http(answer()[:-1], missing=1), "rst"), Reason.BAD_ANSWER),
        (Raw(http(answer()[:-1], missing=1), "hang"), Reason.TIMEOUT),
        (Raw(http(answer("", 27)[:-1], missing=1), "hang"), Reason.TIMEOUT),
        (Raw(b"HTTP/1.1 200 OK\r\n\r\n" + answer()[:40], "close"), Reason.BAD_ANSWER),
        (Raw(http(b"}" * 20_000), "keep"), Reason.BAD_ANSWER),
    ],
)
def test_half_an_object_is_a_doubt(gateway: HostileGateway, raw: Raw, reason: Reason) -> None:
    """Whether the connection ends, breaks or goes silent; one request was made."""
    gateway.play(raw)
    result = v2(gateway.url, timeout=0.5).send(MESSAGE)

    assert (Outcome.UNKNOWN, reason) == (result.outcome, result.reason)
    assert 1 == gateway.gets


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("N08", Reason.UNREACHABLE),
        ("U02", Reason.NO_ANSWER),
        ("U04", Reason.NO_ANSWER),
        ("U05", Reason.NO_ANSWER),
        ("U06", Reason.TIMEOUT),
        ("U21", Reason.SERVER_ERROR),
        ("U24", Reason.BAD_ANSWER),
        ("U25", Reason.BAD_ANSWER),
        ("S01", Reason.BAD_ANSWER),
        ("R05", Reason.REFUSED_REQUEST),
        ("R06", Reason.UNAUTHORIZED),
        ("R07", Reason.THROTTLED),
    ],
)
def test_a_post_is_as_certain_as_a_get(gateway: HostileGateway, fault: str, reason: Reason) -> None:
    """Faults of the network and of HTTP, by the same rules; never a second request."""
    gateway.play(fault)
    result = v2(gateway.url, timeout=0.5).send(MESSAGE)

    assert reason is result.reason
    assert 1 >= gateway.gets


def test_a_redirect_is_not_followed(gateway: HostileGateway) -> None:
    """A POST that is sent elsewhere would be a second text."""
    head = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /api/sumopost/post\r\n"
    gateway.play(Raw(head + b"Content-Length: 0\r\n\r\n", "keep"))

    assert Reason.REDIRECTED is v2(gateway.url).send(MESSAGE).reason
    assert 1 == gateway.gets


def test_neither_key_nor_text_is_seen_anywhere(
    gateway: HostileGateway, caplog: pytest.LogCaptureFixture
) -> None:
    """Every logger at DEBUG, reprs, results and errors, after a refusal that echoes it all."""
    caplog.set_level(logging.DEBUG)
    gateway.play(Raw(http(answer("", 258, f"{APIKEY} {MOBILE} {TEXT}")), "keep"))
    backend = v2(gateway.url)
    result = backend.send(MESSAGE)
    with pytest.raises(Exception, match="258") as caught:
        result.raise_for_outcome()
    seen = f"{backend!r} {result!r} {result.raw} {caught.value} {caught.value!r} {caplog.text}"

    assert Reason.UNAUTHORIZED is result.reason
    assert "/api/sumopost/post: 200" in caplog.text
    assert APIKEY not in seen
    assert MOBILE not in seen
    assert TEXT not in seen


def test_it_pickles_and_closes_twice(gateway: HostileGateway) -> None:
    """It travels without its connections, and opens anew after `close`."""
    gateway.play(Raw(http(answer()), "keep"))
    backend = v2(gateway.url)
    backend.send(MESSAGE)
    backend.close()
    backend.close()
    twin = pickle.loads(pickle.dumps(backend))

    assert backend == twin
    assert Outcome.ACCEPTED is twin.send(MESSAGE).outcome
    twin.close()


@pytest.mark.parametrize(
    ("first", "accepted"),
    [(answer("", 28), True), (answer("", 27), False), (answer("", 999), False)],
)
def test_an_account_is_chained_from_the_newer_to_the_legacy_api(
    first: bytes, accepted: bool
) -> None:
    """A key that is not known goes on to the next; a refusal and a doubt do not."""
    with HostileGateway(Raw(http(first), "keep")) as newer, HostileGateway("S01") as older:
        legacy = SumotextBackend(
            shortcode="74700", keyword="SUMO", carrier="ATTUS", base_url=older.url
        )
        result = Fallback(chain=(v2(newer.url), legacy)).send(MESSAGE)

        assert accepted == (result.outcome is Outcome.ACCEPTED)
        assert (1, int(accepted)) == (newer.gets, older.gets)
