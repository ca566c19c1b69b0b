"""How long a connection waits for its next use: shorter than the server's patience."""

from __future__ import annotations

import math
import time
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_backend import backend, exchange

from sumotext_backend.http import NoResponse
from sumotext_backend.http.idle_limit import (
    MAX_ANNOUNCED_SECONDS,
    MAX_CLOSINGS,
    MAX_IDLE_SECONDS,
    MEMORY_SECONDS,
    MIN_UNANSWERED_SECONDS,
    Closing,
    IdleLimit,
    find_limit,
    note,
    parse_keep_alive,
)
from sumotext_backend.models import Reason
from sumotext_backend.testing import HostileGateway, Raw

CLOSES = "S09"
UNANSWERED = "U04"
PAUSE = 0.5
SECONDS = st.floats(0.001, 60)
HTTP_AND_HTTPS = pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])


def announcing(seconds: int) -> Raw:
    """An answer that says how long the connection may be idle, and leaves it open."""
    head = b"HTTP/1.1 200 OK\r\nKeep-Alive: timeout=%d, max=100\r\nContent-Length: 3\r\n\r\n"
    return Raw(head % seconds + b"ok\n", end="keep")


def count_connections(gateway: HostileGateway, transport: str, *pauses: float) -> int:
    """How many connections it takes to send once, and again after each pause."""
    with closing(backend(gateway, transport)) as sender:
        for pause in (0.0, *pauses):
            time.sleep(pause)
            exchange(sender)
    return gateway.connections


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("timeout=5", 4.0),
        ("timeout=5, max=100", 4.0),
        ("max=100, Timeout = 15", 14.0),
        ('timeout="20"', 19.0),
        ("timeout=2", 1.0),
        ("timeout=1", 0.5),
        ("timeout=0", 0.0),
        ("timeout=75", MAX_ANNOUNCED_SECONDS),
        ("timeout=9999999999999", MAX_ANNOUNCED_SECONDS),
        ("max=100", MAX_IDLE_SECONDS),
        ("notimeout=1", MAX_IDLE_SECONDS),
        ("timeout=-1", MAX_IDLE_SECONDS),
        ("timeout=\u0662", MAX_IDLE_SECONDS),
        ("", MAX_IDLE_SECONDS),
        (None, MAX_IDLE_SECONDS),
    ],
)
def test_what_a_server_announces_is_kept_with_room_to_spare(
    header: str | None, seconds: float
) -> None:
    """A second less than it says, half of a short time; what says nothing changes nothing."""
    assert seconds == parse_keep_alive(header)


@pytest.mark.parametrize(
    ("announced", "pause", "connections"), [(0, 0.0, 2), (1, 0.7, 2), (1, 0.0, 1), (5, 0.7, 1)]
)
def test_a_connection_serves_no_longer_than_announced(
    transport: str, announced: int, pause: float, connections: int
) -> None:
    """``Keep-Alive: timeout=N`` holds; a shorter pause, or a longer N, costs no connection."""
    with HostileGateway(announcing(announced)) as gateway:
        assert connections == count_connections(gateway, transport, pause)


@pytest.mark.once
def test_a_connection_serves_after_four_seconds_only_if_that_was_announced(transport: str) -> None:
    """Servers that announce nothing often close after five."""
    with HostileGateway("S01") as silent, HostileGateway(announcing(15)) as telling:
        with (
            closing(backend(silent, transport)) as one,
            closing(backend(telling, transport)) as two,
        ):
            exchange(one)
            exchange(two)
            time.sleep(MAX_IDLE_SECONDS + 0.1)
            exchange(one)
            exchange(two)

        assert (2, 1) == (silent.connections, telling.connections)


@HTTP_AND_HTTPS
def test_what_was_too_long_twice_is_kept_away_from(transport: str, tls: bool) -> None:
    """A connection that is open still is not used when its end may be near."""
    with HostileGateway(CLOSES, CLOSES, "S01", tls=tls) as gateway:
        assert 4 == count_connections(gateway, transport, PAUSE, PAUSE, PAUSE)


@HTTP_AND_HTTPS
def test_control_one_closing_teaches_nothing(transport: str, tls: bool) -> None:
    """A server may have been restarted: the same pause costs no connection."""
    with HostileGateway(CLOSES, "S01", tls=tls) as gateway:
        assert 2 == count_connections(gateway, transport, PAUSE, PAUSE)


def test_a_short_pause_is_no_matter(transport: str) -> None:
    """What comes far sooner than the server closes goes over the same connection."""
    with HostileGateway(CLOSES, CLOSES, "S01") as gateway:
        assert 3 == count_connections(gateway, transport, PAUSE, PAUSE, 0.0)


def test_a_sender_at_the_pace_of_the_server_does_not_doubt_for_ever(transport: str) -> None:
    """Two texts that the server's end met without an answer teach it, and the third is safe."""
    pause = MIN_UNANSWERED_SECONDS + 0.1
    script = ("S01", UNANSWERED, "S01", UNANSWERED, "S01")
    with HostileGateway(*script) as gateway, closing(backend(gateway, transport)) as sender:
        reasons = []
        for wait in (0.0, pause, 0.0, pause, 0.0, pause):
            time.sleep(wait)
            ended = exchange(sender)
            reasons.append(ended.reason if isinstance(ended, NoResponse) else None)

        assert [None, Reason.NO_ANSWER] * 2 + [None, None] == reasons
        assert 4 == gateway.connections


def test_control_a_request_that_is_not_answered_soon_after_another_teaches_nothing(
    transport: str,
) -> None:
    """No server loses patience that fast: it was the request that it broke off."""
    script = ("S01", UNANSWERED, "S01", UNANSWERED, "S01")
    with HostileGateway(*script) as gateway:
        assert 3 == count_connections(gateway, transport, 0.3, 0.0, 0.3, 0.0, 0.3)


@given(SECONDS)
def test_one_closing_sets_no_limit(idle: float) -> None:
    """However short the wait was."""
    assert math.inf == find_limit((Closing(idle, 100.0),), 100.0)


@given(st.lists(SECONDS, min_size=2, max_size=MAX_CLOSINGS))
def test_the_limit_is_half_of_what_was_too_long_twice(idle: list[float]) -> None:
    """One closing that came early by chance is passed over."""
    known = tuple(Closing(one, 100.0) for one in idle)

    assert sorted(idle)[1] / 2 == find_limit(known, 100.0)


def test_closings_of_one_moment_count_once() -> None:
    """A restart ends all connections that wait; only one that served after it tells more."""
    restart = note(note((), Closing(0.1, 100.0)), Closing(7.0, 100.01))

    assert (Closing(0.1, 100.0),) == restart
    assert 2 == len(note(restart, Closing(1.0, 101.2)))


def test_closings_are_forgotten() -> None:
    """After some minutes, and where newer ones came."""
    known = (Closing(1.0, 100.0), Closing(1.0, 102.0))
    later = known
    for count in range(MAX_CLOSINGS):
        later = note(later, Closing(3.0, 200.0 + 5 * count))

    assert 0.5 == find_limit(known, 99.0 + MEMORY_SECONDS)
    assert math.inf == find_limit(known, 101.0 + MEMORY_SECONDS)
    assert 1.5 == find_limit(later, 520.0)


def test_closings_after_long_waits_do_not_soon_displace_the_others() -> None:
    """A sender whose pauses are short and long by turns learns from the short ones."""
    known = (Closing(1.0, 100.0), Closing(1.0, 102.0))
    for count in range(20):
        known = note(known, Closing(4.0, 110.0 + 5 * count))

    assert 0.5 == find_limit(known, 220.0)


def taught() -> IdleLimit:
    """That the server closes after two seconds at most."""
    limit = IdleLimit()
    limit.admits(2.0, 100.0, is_open=False)
    limit.admits(2.0, 110.0, is_open=False)
    return limit


def test_a_connection_that_stays_open_for_twice_as_long_refutes_the_limit() -> None:
    """So chance closings do not make every later text pay for a connection."""
    limit = taught()
    near = limit.admits(3.9, 115.0, is_open=True)
    far = limit.admits(4.1, 120.0, is_open=True)

    assert (False, True) == (near, far)
    assert limit.admits(3.9, 125.0, is_open=True)


def test_what_was_learned_passes_with_time_alone() -> None:
    """Also for a sender whose pauses neither prove nor refute it."""
    limit = taught()

    assert not limit.admits(1.5, 99.0 + MEMORY_SECONDS, is_open=True)
    assert limit.admits(1.5, 101.0 + MEMORY_SECONDS, is_open=True)


def test_a_closed_connection_never_serves() -> None:
    """Whatever is known."""
    assert not IdleLimit().admits(0.0, 100.0, is_open=False)


def times_met(pause: float, patience: float) -> int:
    """How often a sender at that pace meets a server's end, which is there at each long pause."""
    limit, met = IdleLimit(), 0
    for turn in range(int(MEMORY_SECONDS / pause)):
        is_open = pause < patience
        if limit.admits(pause, turn * pause, is_open=True) and not is_open:
            met += 1
            limit.admits(pause, turn * pause, is_open=False)
    return met


@given(st.floats(1.0, 30.0), st.floats(1.0, 30.0))
def test_an_end_that_is_never_seen_coming_is_met_twice_at_most(
    pause: float, patience: float
) -> None:
    """Where every look comes just too early, the doubts themselves teach, at any pace."""
    assert (0 if pause < patience else 2) >= times_met(pause, patience)
