"""Answers that are cut, mangled or nonsense: an id counts only whole, a code on a whole line."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import mangled
import pytest
from mangled import HEAD, NUMBER, SMSID, TAIL
from matrix import DEADLINE

from sumotext_backend import Message, Outcome, Sender, SendResult
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.testing import HostileGateway, Raw

LINES = {
    mangled.LINES[0]: Outcome.ACCEPTED,
    mangled.LINES[1]: Outcome.REJECTED,
    mangled.LINES[2]: Outcome.REJECTED,
    mangled.LINES[3]: Outcome.FAILED,
}


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
        data = mangled.response(chance)
        gateway.play(Raw(data, end=chance.choice(["close", "rst"])))
        result = sms.send(Message(NUMBER, "hello"))

        assert isinstance(result, SendResult)
        assert plausible(data, result), (data, result)
        assert result.duration is not None
        assert result.duration < DEADLINE * 5, data
