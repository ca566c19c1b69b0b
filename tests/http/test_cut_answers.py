"""Answers that are cut, mangled or nonsense: an id counts only whole, a code on a whole line."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from matrix import DEADLINE

from sumotext_backend import Message, Outcome, Sender, SendResult
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.testing import HostileGateway, Raw

NUMBER = "5015551234"
SMSID = b"ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0"
TAIL = b"\r\n<html><form/></html>"
LINES = {
    NUMBER.encode() + b":" + SMSID: Outcome.ACCEPTED,
    NUMBER.encode() + b":NOTOPT": Outcome.REJECTED,
    NUMBER.encode() + b":NOTFOUND": Outcome.REJECTED,
    NUMBER.encode() + b":NOTIP": Outcome.FAILED,
}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def until_closed(part: bytes, whole: bytes) -> Raw:
    """A body without a length, that ends with the connection."""
    return Raw(HEAD + b"Connection: close\r\n\r\n" + part, end="close")


def short_length(part: bytes, whole: bytes) -> Raw:
    """A body that is shorter than its Content-Length."""
    return Raw(HEAD + b"Content-Length: %d\r\n\r\n" % (len(whole) + 1) + part, end="close")


def cut_chunk(part: bytes, whole: bytes) -> Raw:
    """A chunk that is shorter than it says, and no last chunk."""
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % (len(whole) + 1)
    return Raw(head + part, end="close")


def reset(part: bytes, whole: bytes) -> Raw:
    """A body in the middle of which the connection is reset."""
    return Raw(HEAD + b"Content-Length: %d\r\n\r\n" % (len(whole) + 1) + part, end="rst")


@pytest.fixture(scope="module")
def gateway() -> Iterator[HostileGateway]:
    """One gateway for all cases."""
    with HostileGateway("S01") as gateway:
        yield gateway


@pytest.fixture(scope="module")
def sms(gateway: HostileGateway, transport: str) -> Iterator[Sender]:
    """A sender to it, by each driver in turn."""
    backend = SumotextBackend(
        shortcode="74700",
        keyword="SUMO",
        carrier="ATTUS",
        base_url=gateway.url,
        timeout=DEADLINE * 5,
        transport=transport,  # type: ignore[arg-type]
    )
    with Sender(backend) as sms:
        yield sms


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.decode()[11:])
@pytest.mark.parametrize("cut", [until_closed, short_length, cut_chunk, reset])
def test_every_prefix_of_an_answer(
    line: bytes, cut: Callable[[bytes, bytes], Raw], gateway: HostileGateway, sms: Sender
) -> None:
    """ACCEPTED only from a whole id, REJECTED and FAILED only from a whole line."""
    outcome, whole = LINES[line], line + TAIL
    needed = len(line) if outcome is Outcome.ACCEPTED else len(line) + 1
    for length in range(len(whole) + 1):
        gateway.play(cut(whole[:length], whole))
        result = sms.send(Message(NUMBER, "hello"))

        expected = outcome if length >= needed else Outcome.UNKNOWN
        # A reset may overtake the bytes before it: then nothing came, which is a doubt.
        possible = {expected, Outcome.UNKNOWN} if cut is reset else {expected}
        assert result.outcome in possible, (length, result.detail)


def test_control_a_hasty_reader_takes_a_cut_for_an_answer() -> None:
    """Splitting at the colon, as the gateway's clients do, makes ids out of every prefix."""
    line = next(iter(LINES))
    believed = [line[:end].split(b":")[1] for end in range(len(NUMBER) + 1, len(line))]

    assert len(SMSID) == len(believed)


PARTS = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.0 200\r\n",
    b"HTTP/1.1 204 No Content\r\n",
    b"HTTP/1.1 503 Busy\r\nRetry-After: 5\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /login.aspx\r\n",
    b"Content-Length: 50\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 5, 7\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Set-Cookie: a=b\r\n",
    b": no name\r\n",
    b"\xff\xfe: \x00\r\n",
    b"Retry-After: soon\r\n",
    b"\r\n",
    b"\r\n\r\n",
    b"2f\r\n",
    b"0\r\n\r\n",
    b"\xef\xbb\xbf",
    b"ERROR:NOTIP\r\n",
    b"IP NOT REGISTERED\r\n",
    b"2125551212:" + SMSID + b"\r\n",
    *(line + b"\r\n" for line in LINES),
    *LINES,
    TAIL,
]


def mangled(chance: random.Random) -> bytes:
    """Bytes that resemble an answer more or less."""
    data = bytearray(b"".join(chance.choices(PARTS, k=chance.randint(0, 9))))
    if chance.random() < 0.5:
        data = bytearray(HEAD + b"Content-Length: 60\r\n\r\n" + data)
    for _ in range(chance.choice([0, 0, 1, 3, 20])):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.choice([None, chance.randint(0, len(data))])])


def plausible(data: bytes, result: SendResult) -> bool:
    """Whether ``data`` has the words that the outcome would need."""
    needed = {
        Outcome.ACCEPTED: [(result.message_id or "-").encode()],
        Outcome.REJECTED: [b"NOTOPT", b"NOTFOUND"],
        Outcome.FAILED: [b"NOTIP", b"IP NOT REGISTERED", b" 4"],
        Outcome.UNKNOWN: [b""],
    }
    return any(word.upper() in data.upper() for word in needed[result.outcome])


@pytest.mark.once
def test_mangled_answers(gateway: HostileGateway, sms: Sender, scale: int) -> None:
    """Seeded byte fuzz: nothing but a SendResult comes out, nothing hangs, nothing is made up."""
    chance = random.Random(scale)
    for _ in range(2000 * scale):
        data = mangled(chance)
        gateway.play(Raw(data, end=chance.choice(["close", "rst"])))
        result = sms.send(Message(NUMBER, "hello"))

        assert isinstance(result, SendResult)
        assert plausible(data, result), (data, result)
        assert result.duration is not None
        assert result.duration < DEADLINE * 5, data
