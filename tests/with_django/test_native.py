"""`send_text` and `get_sender`: the settings' providers, one of each in a process."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from sumotext_django import SettingsError, get_sender, messages_from, send_text
from sumotext_django.senders import POOL

from sumotext_backend import Outcome, Reason, SendResult
from sumotext_backend.simulator import Simulator

GOOD, REFUSED = "5015551234", "5015550101"


def test_a_text_is_sent_and_its_end_returned(gateway: Simulator) -> None:
    """By the provider ``default``, with its alias on the result."""
    result = send_text(GOOD, "hello")

    assert (Outcome.ACCEPTED, "default") == (result.outcome, result.provider)
    assert [result.message_id] == [text.id for text in gateway.messages]


def test_every_end_is_returned(gateway: Simulator) -> None:
    """Nothing is raised for a refusal or a doubt."""
    assert Reason.NOT_OPTED_IN is send_text(REFUSED, "hello").reason
    assert Outcome.UNKNOWN is send_text("5015550106", "hello").outcome
    assert Reason.INVALID_RECIPIENT is send_text("nobody", "hello").reason


def test_a_chain_by_its_alias(gateway: Simulator) -> None:
    """``using`` names any provider; the trail is on the result."""
    result = send_text(GOOD, "hello", using="chain")

    assert ["down", "default"] == [one.provider for one in result.attempts]
    assert Outcome.ACCEPTED is result.outcome


def test_options_of_one_text(gateway: Simulator) -> None:
    """Under the backend's name; ``sender`` and ``ref`` are the message's own."""
    send_text(GOOD, "hello", sender="12345", ref="order 7", sumotext={"carrier": "VERIZONUS"})

    assert [("12345", "VERIZONUS")] == [
        (one.sender, one.fields["carrier"]) for one in gateway.messages
    ]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"carrier": "ATTUS"}, TypeError, "option 'carrier'; options stand under their backend"),
        ({"sumotex": {"carrier": "X"}}, ValueError, "'sumotex', no backend; did you mean 'sumo"),
    ],
)
def test_an_option_of_nobody_is_refused(
    gateway: Simulator, options: dict[str, Any], error: type[Exception], words: str
) -> None:
    """Before anything is sent."""
    with pytest.raises(error, match=words):
        send_text(GOOD, "hello", **options)

    assert () == gateway.requests


def test_an_option_that_the_backend_does_not_know_is_told(gateway: Simulator) -> None:
    """The backend refuses the text for it."""
    result = send_text(GOOD, "hello", sumotext={"carier": "X"})

    assert (Reason.CONFIGURATION, ()) == (result.reason, gateway.requests)
    assert "unknown option 'carier'" in result.detail


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"SMS_PROVIDERS": {}}, "SMS_PROVIDERS is not set; write SMS_PROVIDERS = "),
        ({"SMS_PROVIDERS": ["x"]}, "SMS_PROVIDERS wants a mapping, not a list"),
        ({"SMS_PROVIDERS": {"main": {"BACKEND": "null"}}}, "SMS_PROVIDERS: there is no provider"),
        (
            {"SMS_PROVIDERS": {"default": {"BACKEND": "nul"}}},
            "SMS_PROVIDERS: provider 'default': no backend 'nul' is installed",
        ),
        (
            {"SMS_PROVIDERS": {"default": {"BACKEND": "null", "OPTION": {}}}},
            "provider 'default': unknown key 'OPTION'; there are BACKEND and OPTIONS",
        ),
        (
            {"SMS_PROVIDERS": {"default": {"BACKEND": "sumotext"}}},
            "provider 'default': option 'shortcode' is missing",
        ),
        (
            {"SMS_PROVIDERS": {"default": "null://"}, "SMS_HEALTH": "off"},
            "SMS_HEALTH wants a mapping, not a str",
        ),
        (
            {
                "SMS_PROVIDERS": {"default": {"BACKEND": "fallback", "OPTIONS": {"chain": "b"}}}
                | {"b": "null://"},
                "SMS_HEALTH": {"stat": "off"},
            },
            "SMS_HEALTH: unknown option 'stat'; did you mean 'state'",
        ),
    ],
)
def test_wrong_settings_are_one_line(settings: dict[str, object], words: str) -> None:
    """It names the setting and the provider."""
    with override_settings(**settings), pytest.raises(SettingsError, match=words) as raised:
        send_text(GOOD, "hello")

    assert "\n" not in str(raised.value)


def test_a_secret_is_in_no_error() -> None:
    """A DSN that is wrong is not shown, only the setting and the alias."""
    given = {"default": "sumotext://74700/hush?carrier=ATTUS&passwrd=hunter2"}
    with override_settings(SMS_PROVIDERS=given), pytest.raises(SettingsError) as raised:
        get_sender()

    assert str(raised.value).startswith("SMS_PROVIDERS: provider 'default': unknown option")
    assert "hush" not in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_a_sender_is_made_once(gateway: Simulator) -> None:
    """The same one each time, in all threads."""
    found = [get_sender()]
    threads = [threading.Thread(target=lambda: found.append(get_sender())) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert {id(found[0])} == {id(each) for each in found}
    assert len(found) == 9


@pytest.mark.parametrize("setting", ["SMS_PROVIDERS", "SMS_HEALTH"])
def test_a_changed_setting_makes_it_anew(gateway: Simulator, setting: str) -> None:
    """As tests change settings all the time; another setting changes nothing."""
    before = get_sender()
    with override_settings(OTHER=1):
        assert get_sender() is before
    with override_settings(**{setting: {"default": "null://"} if "P" in setting else {}}):
        assert get_sender() is not before


def test_a_forked_child_has_its_own(gateway: Simulator) -> None:
    """It begins with none of its parent's senders, and both go on sending."""
    parents, (reading, writing) = get_sender(), os.pipe()
    send_text(GOOD, "parent")
    child = os.fork()
    if child == 0:
        own = get_sender() is not parents and Outcome.ACCEPTED is send_text(GOOD, "child").outcome
        os.write(writing, b"own" if own else b"shared")
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    send_text(GOOD, "parent again")

    assert b"own" == said
    assert get_sender() is parents
    assert ["parent", "child", "parent again"] == [text.body for text in gateway.messages]


def test_a_pool_travels_empty(gateway: Simulator) -> None:
    """What pickles it takes no sender along."""
    import pickle

    get_sender()

    assert {} == pickle.loads(pickle.dumps(POOL))._made


CLOSING = """
import attrs, django
from django.conf import settings
from sumotext_backend import SmsBackend

@attrs.frozen
class Own(SmsBackend):
    name = "own"
    def send(self, message): ...
    def close(self): print("closed")

settings.configure(SMS_PROVIDERS={"default": Own()})
from sumotext_django import get_sender
get_sender()
"""


def test_senders_are_closed_at_exit(tmp_path: Path) -> None:
    """Whoever ends the process need not think of it."""
    ended = subprocess.run(
        [sys.executable, "-c", CLOSING], capture_output=True, text=True, check=True, cwd=tmp_path
    )

    assert ended.stdout == "closed\n"


def test_logs_hold_no_number_and_no_text(
    gateway: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Even where all loggers are at DEBUG."""
    caplog.set_level(logging.DEBUG)
    for number in (GOOD, REFUSED, "5015550106"):
        send_text(number, "secret words")

    assert "sumotext" in caplog.text
    assert not any(each in caplog.text for each in (GOOD, REFUSED, "secret", "SUMO&"))


def test_a_result_reads_back(gateway: Simulator) -> None:
    """`to_dict` and `from_dict` meet, also for a chain: for queues and databases."""
    result = send_text(GOOD, "hello", using="chain")

    assert result == SendResult.from_dict(result.to_dict())


def test_the_settings_say_where_numbers_are_dialled(gateway: Simulator) -> None:
    """``SMS_REGION`` is for every text; one number in two writings is texted once."""
    batch = {
        "body": "hello",
        "originator": "74700",
        "recipients": ["0171 2345678", "+491712345678"],
    }
    with override_settings(SMS_REGION="DE"):
        result = send_text("0171 2345678", "hello", using="kept")

        assert Outcome.ACCEPTED is result.outcome
        assert 1 == len(messages_from(batch, region="DE"))
    assert Reason.INVALID_RECIPIENT is send_text("0171 2345678", "hello", using="kept").reason
    assert 2 == len(messages_from(batch))
