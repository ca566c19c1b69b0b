"""The parser by itself: strict, whole, and blind to how the bytes were cut into pieces."""

from __future__ import annotations

import http.client
import io
import itertools
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend.http.head import MAX_HEAD_BYTES, BadResponseError
from sumotext_backend.http.parser import MAX_BODY_BYTES, ResponseParser

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@attrs.frozen
class Parsed:
    """All that a parser says of some bytes."""

    status: int | None
    body: bytes
    done: bool
    reusable: bool
    bad: bool
    framed: bool = True
    full: bool = False


def parse(*pieces: bytes, bodiless: bool = False) -> Parsed:
    """What the parser makes of ``pieces``, up to the first that is no part of a response."""
    parser, bad = ResponseParser(bodiless=bodiless), False
    for piece in pieces:
        try:
            parser.feed(piece)
        except BadResponseError:
            bad = True
            break
    status = parser.head.status if parser.head else None
    framed = parser.head.framed if parser.head else True
    return Parsed(status, parser.body, parser.done, parser.reusable, bad, framed, parser.full)


def test_a_body_ends_at_its_length() -> None:
    """What comes after it is not of it, and spoils the connection."""
    whole = OK + b"Content-Length: 5\r\n\r\nhello"

    assert Parsed(200, b"hello", done=True, reusable=True, bad=False) == parse(whole)
    assert Parsed(200, b"hello", done=True, reusable=False, bad=False) == parse(whole + b"H")
    assert not parse(whole[:-1]).done


def test_a_body_without_a_length_never_ends() -> None:
    """An end without a length proves nothing, so it is the caller who notices it."""
    parsed = parse(OK + b"\r\nhello")

    assert (b"hello", False) == (parsed.body, parsed.done)


@pytest.mark.parametrize(
    "chunks",
    [
        b"5\r\nhello\r\n0\r\n\r\n",
        b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
        b'0005;name=value;other="x"\r\nhello\r\n0;last\r\n\r\n',
        b"5\r\nhello\r\n0\r\nX-Trailer: a\r\nX-Other: b\r\n\r\n",
    ],
)
def test_chunks_are_joined(chunks: bytes) -> None:
    """Extensions and trailers are left out."""
    assert Parsed(200, b"hello", done=True, reusable=True, bad=False) == parse(CHUNKED + chunks)


@pytest.mark.parametrize(
    "chunks",
    [
        b"g\r\nhello",
        b"-5\r\nhello",
        b"+5\r\nhello",
        b"0x5\r\nhello",
        b" 5\r\nhello",
        b"5 \r\nhello",
        b"\r\n",
        b"5\nhello\r\n",
        b"123456789\r\nhello",
        b"5;" + b"x" * 300,
        b"5;\x00\r\nhello",
        b"5\r\nhelloX\r\n",
        b"5\r\nhello\n",
        b"0\r\nnot a header line\r\n\r\n",
        b"0\r\nX: " + b"x" * MAX_HEAD_BYTES,
    ],
)
def test_chunks_that_are_not_framed_as_chunks_are_refused(chunks: bytes) -> None:
    """Each of these is read by somebody in another way."""
    parsed = parse(CHUNKED + chunks)

    assert (True, False, False) == (parsed.bad, parsed.done, parsed.reusable)


@pytest.mark.parametrize("body", [b"5\r\nhello\r\nzz\r\n", b"5\r\nhelloX"])
def test_what_came_before_nonsense_is_still_told(body: bytes) -> None:
    """An id that came whole counts, whatever follows."""
    assert b"hello" == parse(CHUNKED + body).body


@pytest.mark.parametrize(
    "line",
    [
        b"HTTP/1.1 +404 X",
        b"HTTP/1.1 -200 X",
        b"HTTP/1.1 2000 X",
        b"HTTP/1.1 20 X",
        b"HTTP/1.1 2OO X",
        b"HTTP/1.1 \xd9\xa2\xd9\xa0\xd9\xa0 X",
        b"HTTP/1.1 200OK",
        b"HTTP/1.1  200 OK",
        b"HTTP/1.1\t200 OK",
        b"HTTP/1.1 600 X",
        b"HTTP/1.1 099 X",
        b"HTTP/1.1 101 Switching Protocols",
        b"HTTP/1.2 200 OK",
        b"HTTP/2.0 200 OK",
        b"http/1.1 200 OK",
        b"HTTP/1.1",
        b" HTTP/1.1 200 OK",
        b"SSH-2.0-OpenSSH_9.6",
        b"HTTP/1.1 200 O\x00K",
        b"HTTP/1.1 200 OK\nContent-Length: 0",
        b"",
    ],
)
def test_a_status_line_that_is_not_one_is_refused(line: bytes) -> None:
    """A status counts as three digits after a version that we speak."""
    parsed = parse(line + b"\r\n\r\n")

    assert (None, True) == (parsed.status, parsed.bad)


@pytest.mark.parametrize("line", [b"HTTP/1.1 404", b"HTTP/1.1 404 ", b"HTTP/1.0 404 Not \xe9"])
def test_a_status_line_needs_no_words(line: bytes) -> None:
    """Nor do its words need to be ASCII."""
    assert 404 == parse(line + b"\r\n\r\n").status


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: -1",
        b"Content-Length: +5",
        b"Content-Length: 5, 5",
        b"Content-Length: 5\r\nContent-Length: 5",
        b"Content-Length: 5\r\nContent-Length: 7",
        b"Content-Length: 5\r\ncontent-length: 7",
        b"Content-Length: five",
        b"Content-Length: 0x5",
        b"Content-Length: 5.0",
        b"Content-Length:",
        b"Content-Length: 1" + b"0" * 15,
        b"Content-Length: \xb2",
        b"Transfer-Encoding: gzip",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: identity",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5",
        b"No colon\r\nTransfer-Encoding: chunked",
        b"X: a\nContent-Length: 5",
        b"X: a\rb",
    ],
)
def test_a_body_whose_end_can_be_read_in_two_ways_is_refused(fields: bytes) -> None:
    """Who reads it in the other way sees another answer."""
    parsed = parse(OK + fields + b"\r\n\r\nhello")

    assert (None, True) == (parsed.status, parsed.bad)


def test_chunks_are_not_of_the_older_version() -> None:
    """HTTP/1.0 knows none."""
    assert parse(CHUNKED.replace(b"1.1", b"1.0")).bad


@pytest.mark.parametrize(
    "line", [b"No colon here", b": no name", b"Na me: x", b"X : y", b" folded: x", b"X: \x00"]
)
def test_a_malformed_header_line_is_passed_over(line: bytes) -> None:
    """The body is read, but where it ends proves nothing any more, nor does the connection last."""
    parser = ResponseParser()
    parser.feed(OK + line + b"\r\nContent-Length: 5\r\n\r\nhello")

    assert (b"hello", True, False) == (parser.body, parser.done, parser.reusable)
    assert parser.head is not None
    assert not parser.head.framed


@pytest.mark.parametrize("informed", [b"100 Continue", b"102 Processing", b"103 Early Hints"])
def test_what_only_informs_is_passed_over(informed: bytes) -> None:
    """The final response is the one that counts, however many come before it."""
    early = b"HTTP/1.1 " + informed + b"\r\nLink: </style.css>\r\n\r\n"

    assert b"hello" == parse(early * 3 + OK + b"Content-Length: 5\r\n\r\nhello").body


def test_information_without_end_is_refused() -> None:
    """All heads together have one bound."""
    assert parse(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 5000).bad


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_some_statuses_have_no_body(status: bytes) -> None:
    """Whatever their head says; what comes all the same spoils the connection."""
    head = b"HTTP/1.1 " + status + b"\r\nContent-Length: 5\r\n\r\n"

    assert parse(head).reusable
    assert not parse(head + b"hello").reusable


def test_the_answer_to_a_head_has_no_body() -> None:
    """Its length is that of the body which a GET would have had."""
    assert parse(OK + b"Content-Length: 5\r\n\r\n", bodiless=True).reusable


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive, Close\r\n\r\n",
    ],
)
def test_a_connection_that_is_to_be_closed_does_not_last(head: bytes) -> None:
    """Nor does one of the older version, whatever it says."""
    assert (True, False) == (parse(head).done, parse(head).reusable)


def test_head_and_body_have_bounds() -> None:
    """A head beyond is refused; of a body, what is within is told."""
    assert parse(OK + b"X: " + b"x" * MAX_HEAD_BYTES).bad
    assert parse(OK + b"X: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n").bad
    long = parse(OK + b"\r\n" + b"x" * (MAX_BODY_BYTES + 1))
    assert (True, MAX_BODY_BYTES) == (long.full, len(long.body))
    assert not parse(OK + b"\r\n" + b"x" * MAX_BODY_BYTES).full


# Properties.

PIECES = [
    OK,
    b"HTTP/1.0 200\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n",
    b"HTTP/1.1 404 Not Found\r\n",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: close\r\n",
    b"Retry-After: 5\r\n",
    b"No colon\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"hello",
    b"5\r\nhello\r\n",
    b"5;a=b\r\nhello\r\n",
    b"0\r\n\r\n",
    b"0\r\nX: y\r\n\r\n",
    b"x" * 300,
    b"\x00\xff",
]
RESPONSES = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map(lambda parts: CHUNKED + b"".join(parts)),
    st.binary(max_size=200),
    st.binary(max_size=100).map(lambda data: OK + data),
    st.binary(max_size=100).map(lambda data: CHUNKED + data),
)


@given(RESPONSES, st.lists(st.integers(0, 2000), max_size=8))
def test_pieces_make_no_difference(data: bytes, cuts: list[int]) -> None:
    """Nothing but `BadResponseError` is raised, and any cutting says what the whole says."""
    at = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[begin:end] for begin, end in itertools.pairwise(at)]
    whole = parse(data)

    assert whole == parse(*pieces)
    assert whole == parse(*(bytes([each]) for each in data))


@given(RESPONSES)
def test_what_is_read_as_whole_the_standard_library_reads_alike(data: bytes) -> None:
    """A body that surely ended where its framing said is the body that `http.client` finds."""
    parsed = parse(data)
    if parsed.done and parsed.framed and not parsed.bad:
        assert (parsed.status, parsed.body) == standard(data)


def standard(data: bytes) -> tuple[int, bytes]:
    """What `http.client` makes of ``data``, after what only informs."""

    class Socket:
        def makefile(self, *_: Any) -> io.BytesIO:
            return stream

    stream = io.BytesIO(data)
    while True:
        response = http.client.HTTPResponse(Socket(), method="GET")  # type: ignore[arg-type]
        response.begin()
        if response.status >= 200:
            return response.status, response.read()


def test_control_the_standard_library_takes_what_is_refused_here() -> None:
    """A status with a sign, two lengths, and an end of line of its own are fine with it."""
    odd = [
        b"HTTP/1.1 +404 X\r\nContent-Length: 5\r\n\r\nhello",
        OK + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\nhello!!",
        b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
    ]

    assert [(404, b"hello"), (200, b"hello"), (200, b"hello")] == [standard(one) for one in odd]
    assert all(parse(one).bad for one in odd)
