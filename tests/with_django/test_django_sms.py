"""`SmsBackend` for django-sms: what its users see."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from sumotext_django import NotAcceptedError, SettingsError, send_text

from sumotext_backend import Outcome, Reason
from sumotext_backend.local import NullBackend
from sumotext_backend.simulator import MAGIC, Simulator

sms = pytest.importorskip("sms")

GOOD, REFUSED, OTHER = "+15015551234", "+15015550101", "+15015551235"


def message(*recipients: str, body: str = "hello", originator: str = "", **rest: Any) -> Any:
    """A message of django-sms."""
    return sms.Message(body, originator, list(recipients or [GOOD]), **rest)


def test_selected_by_its_path(gateway: Simulator) -> None:
    """``SMS_BACKEND`` is enough; the text reaches the gateway and is counted."""
    assert sms.send_sms("hello", "74700", [GOOD]) == 1
    assert [("5015551234", "74700", "hello")] == [
        (text.recipient, text.sender, text.body) for text in gateway.messages
    ]


@pytest.mark.parametrize(
    "number", ["5015551234", *(each.number for each in MAGIC if not each.wait)], ids=str
)
def test_both_ways_give_the_same_result(gateway: Simulator, number: str) -> None:
    """For every answer of the gateway; only ids and the duration are each text's own."""
    sent = message(number)
    sms.get_connection(raise_on="never").send_messages([sent])
    both = [send_text(number, "hello"), sent.sms_results[number]]
    native, foreign = [
        attrs.evolve(one, message_id=bool(one.message_id), raw="", duration=None, reference=None)  # type: ignore[arg-type]
        for one in both
    ]

    assert native == foreign
    assert len(gateway.requests) == 2


def test_an_alias_is_chosen_by_name(gateway: Simulator) -> None:
    """``get_connection(alias=…)``: here a chain whose first provider is down."""
    sent = message(connection=sms.get_connection(alias="chain"))

    assert sent.send() == 1
    assert [Reason.UNREACHABLE, None] == [
        attempt.reason for attempt in sent.sms_results[GOOD].attempts
    ]


def test_an_option_is_changed_by_name(gateway: Simulator) -> None:
    """Other names are options of the provider."""
    connection = sms.get_connection(shortcode="12345", timeout=5)

    assert connection.send_messages([message()]) == 1
    assert "12345" == gateway.messages[0].sender


@pytest.mark.parametrize("alias", ["dsn", "other", "native"])
def test_an_option_is_changed_however_it_is_written(gateway: Simulator, alias: str) -> None:
    """A provider may be a DSN, another alias, or a table as in a file."""
    dsn = f"sumotext://74700/SUMO?carrier=ATTUS&base_url={gateway.url}"
    given = {"dsn": dsn, "other": "dsn", "native": {"dsn": dsn}}
    with override_settings(SMS_PROVIDERS=given):
        connection = sms.get_connection(alias=alias, shortcode="12345")
        connection.send_messages([message()])

    assert ["12345"] == [text.sender for text in gateway.messages]


@pytest.mark.parametrize(
    ("providers", "words"),
    [
        ({"default": "other", "other": "default"}, "holds itself"),
        ({"default": NullBackend()}, "provider 'default': it is an object of code"),
    ],
)
def test_what_has_no_options_to_change_is_told(providers: dict[str, Any], words: str) -> None:
    """Aliases in a circle, and backends made in code."""
    with (
        override_settings(SMS_PROVIDERS=providers),
        pytest.raises(SettingsError, match=f"SMS_PROVIDERS: .*{words}"),
    ):
        sms.get_connection(timeout=5)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"shortcod": "1"},
            "SMS_PROVIDERS: provider 'default': unknown option 'shortcod'; did you mean 'shortcode",
        ),
        ({"shortcode": "1"}, "option 'shortcode' wants 5 or 6 digits"),
        ({"alias": "defaults"}, "there is no provider 'defaults'; did you mean 'default'"),
        ({"raise_on": "some"}, "option 'raise_on' wants 'any', 'all' or 'never'"),
    ],
)
@pytest.mark.parametrize("silent", [False, True])
def test_what_is_wrong_is_refused_by_name(
    gateway: Simulator, given: dict[str, Any], words: str, silent: bool
) -> None:
    """One line, also under ``fail_silently``: nobody would find out otherwise."""
    with pytest.raises(ImproperlyConfigured, match=words) as raised:
        sms.get_connection(fail_silently=silent, **given)

    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("silent", [False, True])
def test_missing_settings_are_never_swallowed(silent: bool) -> None:
    """Without ``SMS_PROVIDERS`` there is no backend, whatever ``fail_silently`` says."""
    with (
        override_settings(SMS_PROVIDERS=None),
        pytest.raises(ImproperlyConfigured, match="SMS_PROVIDERS is not set; write"),
    ):
        sms.get_connection(fail_silently=silent)


@pytest.mark.parametrize("silent", [False, True])
def test_a_text_that_is_misconfigured_is_never_swallowed(gateway: Simulator, silent: bool) -> None:
    """An option that a message must not have ends as `SettingsError`, with all results."""
    bad = message(GOOD, OTHER)
    bad.recipient_options = {GOOD: {"sumotext": {"carier": "ATTUS"}}}
    with pytest.raises(SettingsError, match="unknown option 'carier'") as raised:
        sms.get_connection(fail_silently=silent).send_messages([bad])

    assert isinstance(raised.value, NotAcceptedError)
    assert ["FAILED", "ACCEPTED"] == [one.outcome for one in raised.value.results]
    assert len(gateway.requests) == 1


def test_options_for_no_backend_are_refused(gateway: Simulator) -> None:
    """Before anything is sent."""
    bad = message()
    bad.sms_options = {"sumotex": {"carrier": "ATTUS"}}
    with pytest.raises(ValueError, match="'sumotex', no backend; did you mean 'sumotext'"):
        bad.send()

    assert () == gateway.requests


def test_open_and_close(gateway: Simulator) -> None:
    """`open` is True only if this call opened; `close` may be called at any time."""
    for given in ({}, {"timeout": 5}):
        connection = sms.get_connection(**given)
        connection.close()

        assert [True, False] == [connection.open(), connection.open()]
        connection.close()
        connection.close()
        assert connection.open()
        connection.close()
        with connection as entered:
            assert entered.send_messages([message()]) == 1
            assert not entered.open()
        assert connection.open()


def test_close_leaves_the_connections_of_the_process(gateway: Simulator) -> None:
    """Closing one backend must not break another's."""
    from sumotext_django import get_sender

    before = get_sender()
    with sms.get_connection() as connection:
        connection.send_messages([message()])

    assert get_sender() is before


def test_recipients_are_counted(gateway: Simulator) -> None:
    """Texts that were accepted: neither messages, nor those that were refused."""
    connection = sms.get_connection(raise_on="never")

    assert connection.send_messages([message(GOOD, OTHER), message(REFUSED)]) == 2


@pytest.mark.parametrize("nothing", [[], None, ()])
def test_no_messages_count_0(gateway: Simulator, nothing: Any) -> None:
    """Nothing to do is no error."""
    assert sms.get_connection().send_messages(nothing) == 0


def test_a_generator_is_consumed_once(gateway: Simulator) -> None:
    """Messages may come from any iterable."""
    batch = (each for each in [message(), message(OTHER)])

    assert sms.get_connection().send_messages(batch) == 2
    assert len(gateway.messages) == 2


def test_a_refusal_ends_no_batch(gateway: Simulator) -> None:
    """Of three recipients the second is refused: the others are texted once.

    The results of all three are on the message and on the exception.
    """
    sent = message(GOOD, REFUSED, OTHER)
    with pytest.raises(NotAcceptedError) as raised:
        sent.send()

    expected = [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED]
    assert expected == [one.outcome for one in raised.value.results]
    assert {GOOD, REFUSED, OTHER} == set(sent.sms_results)
    assert raised.value.results == tuple(sent.sms_results.values())
    assert ["5015551234", "5015550101", "5015551235"] == [one.mobile for one in gateway.requests]


def test_logs_hold_nothing_private(gateway: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    """Even where all loggers are at DEBUG."""
    caplog.set_level(logging.DEBUG)
    sent = message(GOOD, REFUSED, body="secret words")
    sms.get_connection(fail_silently=True).send_messages([sent])

    assert "sumotext" in caplog.text
    assert not any(each in caplog.text for each in ("5551234", "5550101", "secret"))
    assert not any(each in repr(sent.sms_results.values()) for each in ("5551234", "secret"))


def test_the_exception_shows_nothing_private(gateway: Simulator) -> None:
    """It says how many and why, and survives pickling."""
    with pytest.raises(NotAcceptedError) as raised:
        message(GOOD, REFUSED, body="secret words").send()

    words = "1 of 2 texts were not accepted: 1 REJECTED (NOT_OPTED_IN)"
    assert words == str(raised.value)
    assert words == str(pickle.loads(pickle.dumps(raised.value)))
    assert not any(each in repr(raised.value) for each in ("5550101", "secret"))


def test_a_later_message_goes_after_one_that_failed(gateway: Simulator) -> None:
    """A batch is tried whole, and raises at its end."""
    batch = [message(REFUSED), message(GOOD)]
    with pytest.raises(NotAcceptedError) as raised:
        sms.get_connection().send_messages(batch)

    assert len(raised.value.results) == 2
    assert Outcome.ACCEPTED is batch[1].sms_results[GOOD].outcome


@pytest.mark.parametrize(
    ("raise_on", "recipients", "raises"),
    [
        ("any", [GOOD, REFUSED], True),
        ("any", [GOOD], False),
        ("all", [GOOD, REFUSED], False),
        ("all", [REFUSED], True),
        ("never", [REFUSED], False),
    ],
)
def test_raise_on(gateway: Simulator, raise_on: str, recipients: list[str], raises: bool) -> None:
    """By option and by setting alike."""
    for given, setting in (({"raise_on": raise_on}, "never"), ({}, raise_on)):
        with override_settings(SMS_RAISE_ON=setting):
            connection = sms.get_connection(**given)
            try:
                connection.send_messages([message(*recipients)])
                raised = False
            except NotAcceptedError:
                raised = True

            assert raises is raised


def test_fail_silently_belongs_to_the_connection(gateway: Simulator) -> None:
    """``Message(connection=c).send(fail_silently=True)`` raises: django-sms reads it from ``c``."""
    loud, silent = sms.get_connection(), sms.get_connection(fail_silently=True)

    assert message(REFUSED, connection=silent).send() == 0
    with pytest.raises(NotAcceptedError):
        message(REFUSED, connection=loud).send(fail_silently=True)
    assert message(REFUSED).send(fail_silently=True) == 0


@pytest.mark.parametrize(
    ("originator", "shortcode"), [("12345", "12345"), ("+15557122661", "74700"), ("", "74700")]
)
def test_an_originator_is_a_short_code_or_none(
    gateway: Simulator, originator: str, shortcode: str
) -> None:
    """One in E.164 never becomes the short code."""
    assert message(originator=originator).send() == 1
    assert shortcode == gateway.messages[0].sender


def test_the_default_originator_is_used(gateway: Simulator) -> None:
    """django-sms reads ``DEFAULT_FROM_SMS``."""
    with override_settings(DEFAULT_FROM_SMS="54321"):
        message().send()

    assert "54321" == gateway.messages[0].sender


def test_options_of_message_and_recipient(gateway: Simulator) -> None:
    """As attributes; a recipient's own win."""
    sent = message(GOOD, OTHER)
    sent.sms_options = {"sumotext": {"carrier": "VERIZONUS"}}
    sent.recipient_options = {OTHER: {"sumotext": {"carrier": "TMOBILEUS"}}}
    sent.send()

    assert ["VERIZONUS", "TMOBILEUS"] == [text.fields["carrier"] for text in gateway.messages]


def test_a_number_named_twice_is_texted_once(gateway: Simulator) -> None:
    """In whatever spelling; it is counted once."""
    assert message(GOOD, "501-555-1234", GOOD).send() == 1
    assert len(gateway.requests) == 1


@pytest.mark.parametrize("given", [{}, {"timeout": 5.0, "alias": "default"}])
def test_a_sent_message_pickles(gateway: Simulator, given: dict[str, Any]) -> None:
    """Without connections; the copy sends again, by the same provider, with the same options."""
    sent = message(connection=sms.get_connection(**given))
    with sent.connection:
        sent.send()
        copy = pickle.loads(pickle.dumps(sent))

    assert sent.sms_results == copy.sms_results
    assert (sent.connection.alias, given.get("timeout")) == (
        copy.connection.alias,
        copy.connection._options.get("timeout"),
    )
    assert copy.connection.open()
    assert copy.send() == 1


def test_django_sms_own_signal_fires_still(gateway: Simulator) -> None:
    """``sms.signals.post_send`` comes from ``Message.send``, after ours."""
    from sms.signals import post_send

    seen: list[Any] = []

    def see(instance: Any, **_: Any) -> None:
        seen.append(instance.sms_results[GOOD].outcome)

    post_send.connect(see)
    try:
        message().send()
    finally:
        post_send.disconnect(see)

    assert [Outcome.ACCEPTED] == seen


def test_a_sibling_of_base(gateway: Simulator) -> None:
    """It is one of django-sms's backends, under both of its paths."""
    from sms.backends.base import BaseSmsBackend
    from sumotext_django import SmsBackend

    assert issubclass(SmsBackend, BaseSmsBackend)
    assert isinstance(sms.get_connection("sumotext_django.backend.SmsBackend"), SmsBackend)


def in_a_project(folder: Path, code: str) -> str:
    """What ``code`` prints in a process of its own, with ``folder`` first on the path."""
    start = (
        "from django.conf import settings; settings.configure(SMS_PROVIDERS={'default':"
        " {'BACKEND': 'sumotext', 'OPTIONS': {'shortcode': '74700', 'keyword': 'SUMO'}}});"
    )
    ended = subprocess.run(
        [sys.executable, "-c", start + code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )
    return ended.stdout + ended.stderr


def test_a_project_of_the_same_name_is_told(tmp_path: Path) -> None:
    """A project's own package ``sms`` hides django-sms; the error says so."""
    (tmp_path / "sms").mkdir()
    (tmp_path / "sms" / "__init__.py").touch()
    said = in_a_project(tmp_path, "import sumotext_django; sumotext_django.SmsBackend")

    assert "SettingsError: 'import sms' finds something else than django-sms" in said


def test_without_django_sms_the_rest_works(tmp_path: Path) -> None:
    """`send_text` needs it not; `SmsBackend` says what to install."""
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['sms'] = None")
    works = in_a_project(tmp_path, "import sumotext_django as s; print(s.get_sender())")
    said = in_a_project(tmp_path, "import sumotext_django as s; s.SmsBackend")

    assert "provider='default'" in works
    assert "django-sms is not installed: pip install 'sumotext-backend[django-sms]'" in said
