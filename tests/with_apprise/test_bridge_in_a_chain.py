"""Apprise's own Twilio plugin in our chains, against a server on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from posts import NUMBERS, STOPPED, Posts, posts

from sumotext_backend import Message, Outcome, Reason, Sender, SendResult, connect

apprise = pytest.importorskip("apprise")

TWILIO = "twilio://AC{0}:{0}@15557122661/{{to}}".format("0" * 32)


@contextmanager
def chain(server: Posts, monkeypatch: pytest.MonkeyPatch, **options: object) -> Iterator[Sender]:
    """``twilio || backup``, the first by Apprise and pointed to ``server``."""
    from apprise.plugins.twilio import NotifyTwilio

    there = f"{server.url}/Accounts/{{sid}}/Messages.json"
    for name in ("notify_url", "notify_sms_url"):  # the class had one of them, or the other
        monkeypatch.setattr(NotifyTwilio, name, there, raising=False)
    providers = {
        "default": {"backend": "fallback", "chain": ["twilio", "backup"], **options},
        "twilio": {"backend": "apprise", "url": TWILIO},
        "backup": "memory://",
    }
    with connect({"providers": providers}) as sender:
        yield sender


def asked(result: SendResult) -> list[str]:
    """The providers that were tried."""
    return [attempt.provider for attempt in result.attempts]


def test_twelve_who_said_stop_are_not_texted_by_the_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twilio's 21610 is a mere no of Apprise's, and never opens the circuit."""
    with posts(400, STOPPED) as server, chain(server, monkeypatch) as sender:
        results = [sender.send(Message(number, "hello")) for number in NUMBERS]

    assert 12 == len(server.seen)
    assert [["twilio"]] * 12 == list(map(asked, results))
    assert {Reason.BAD_ANSWER} == {result.reason for result in results}


def test_a_chain_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that never answers: a doubt after a second, and nobody else is asked."""
    with (
        posts(silent=True) as server,
        chain(server, monkeypatch, timeout=1) as sender,
    ):
        begun = time.monotonic()
        result = sender.send(Message(NUMBERS[0], "hello"))
        took = time.monotonic() - begun

    assert 1 == len(server.seen)
    assert (Outcome.UNKNOWN, Reason.TIMEOUT) == (result.outcome, result.reason)
    assert ["twilio"] == asked(result)
    assert took < 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_one_request_whatever_the_redirect(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """A server that points elsewhere gets the text once, and Apprise says no."""
    with posts(status) as server, chain(server, monkeypatch) as sender:
        result = sender.send(Message(NUMBERS[0], "hello"))

    assert 1 == len(server.seen)
    assert (Outcome.UNKNOWN, ["twilio"]) == (result.outcome, asked(result))


@pytest.mark.parametrize("status", [307, 308])
def test_redirects_of_other_threads_are_followed(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Control: what the program itself posts, even while a text of ours is on its way."""
    import requests

    with (
        posts(silent=True) as slow,
        posts(status) as server,
        chain(slow, monkeypatch, timeout=1) as sender,
    ):
        ours = threading.Thread(target=sender.send, args=(Message(NUMBERS[0], "hello"),))
        ours.start()
        while not slow.seen:
            time.sleep(0.01)
        with pytest.raises(requests.TooManyRedirects):
            requests.post(server.url, data=b"theirs", timeout=5)
        ours.join()

    assert len(server.seen) > 1
