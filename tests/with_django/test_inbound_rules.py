"""The receiver inside Django: consent, threads, what Django itself logs, and wrong settings."""

from __future__ import annotations

import io
import json
import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import CommandError, call_command
from django.dispatch import Signal
from django.test import RequestFactory, override_settings
from django.urls import include, path
from sumotext_django import send_text
from sumotext_django.inbound import receive
from sumotext_django.signals import consent_changed, inbound

from sumotext_backend import Outcome, Reason
from sumotext_backend.inbound import make_path
from sumotext_backend.ledger import Ledger, MemoryDatabase
from sumotext_backend.ledger.inbox import list_events
from sumotext_backend.local import MemoryBackend
from tests.inbound.apps import Running, serve_wsgi
from tests.inbound.cases import NUMBER, PUBLIC, SECRET, TOKEN, from_twilio, text_of

urlpatterns = [path("texts/", include("sumotext_django.urls"))]

FIRST, SECOND = MemoryBackend(), MemoryBackend()
PROVIDERS = {
    "main": {
        "BACKEND": "twilio",
        "OPTIONS": {"account_sid": "AC" + TOKEN, "auth_token": TOKEN, "sender": "+15550001111"},
    },
    "plain": {
        "BACKEND": "kannel",
        "OPTIONS": {
            "username": "u",
            "password": "p",
            "sender": "74700",
            "base_url": "http://127.0.0.1",
        },
    },
    "first": FIRST,
    "second": SECOND,
    "default": {"BACKEND": "fallback", "OPTIONS": {"chain": ["first", "second"]}},
}
MAIN, PLAIN = make_path(SECRET, "main"), make_path(SECRET, "plain")


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """The ledger of a project that sends through a chain, and hears of two other providers."""
    made = Ledger(MemoryDatabase())
    with override_settings(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        SMS_PROVIDERS=PROVIDERS,
        SMS_LEDGER=made,
        SMS_INBOUND={"secrets": [SECRET], "public_url": PUBLIC},
    ):
        yield made


@pytest.fixture
def running(ledger: Ledger) -> Iterator[Running]:
    """The project behind a server."""
    with serve_wsgi(WSGIHandler()) as server:
        yield server


def deliver(running: Running, text: str, sid: str) -> int:
    """The status that Twilio's callback of a text gets."""
    arrival = from_twilio(text_of(text, sid))
    headers = {name.title(): value for name, value in arrival.headers}
    return running.ask("POST", "/texts" + arrival.target, headers, arrival.body or b"")[0]


def test_a_stop_stops_a_chain_of_other_providers_and_a_start_lifts_it(running: Running) -> None:
    """No provider of the chain gets a request in between."""
    before = len(FIRST.outbox) + len(SECOND.outbox)
    assert 200 == deliver(running, "stop", "SM1")
    refused = send_text(NUMBER, "hello")
    between = len(FIRST.outbox) + len(SECOND.outbox)
    assert 200 == deliver(running, "Start.", "SM2")
    accepted = send_text(NUMBER, "hello")

    assert (Outcome.REJECTED, Reason.OPTED_OUT) == (refused.outcome, refused.reason)
    assert before == between
    assert Outcome.ACCEPTED is accepted.outcome


def test_duplicates_in_eight_threads_are_told_once(running: Running, ledger: Ledger) -> None:
    """Whichever of them is first; each delivery has its 200."""
    told: Counter[str] = Counter()

    def hear(inbound: Any, **_: Any) -> None:
        told[inbound.provider_id] += 1

    inbound.connect(hear)
    try:
        with ThreadPoolExecutor(8) as pool:
            sids = [f"SM{number % 20}" for number in range(200)]
            statuses = list(pool.map(lambda sid: deliver(running, "hello", sid), sids))
    finally:
        inbound.disconnect(hear)

    assert {200} == set(statuses)
    assert {f"SM{number}": 1 for number in range(20)} == told
    assert 20 == len(list_events(ledger))


@pytest.mark.parametrize("signal", [inbound, consent_changed])
@pytest.mark.parametrize("error", [RuntimeError("canary"), SystemExit(1)])
def test_a_receiver_of_a_signal_that_raises_is_no_500(
    signal: Signal,
    error: BaseException,
    running: Running,
    ledger: Ledger,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The provider has its answer, and the worker goes on; what was not heard waits."""

    def hear(**_: Any) -> None:
        raise error

    signal.connect(hear)
    try:
        assert 200 == deliver(running, "STOP", "SM1")
    finally:
        signal.disconnect(hear)

    states = Counter(each.state for each in list_events(ledger))
    assert (1 if signal is inbound else 0) == states["WAITING"]
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    ("target", "status"),
    [(MAIN, 403), (PLAIN, 400), ("/main/" + "x" * 22, 404), ("/main", 404), ("/", 404)],
)
def test_django_logs_no_address_of_ours(
    target: str, status: int, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """Its line on a response of 400 or more shows the path, and the secret is in that."""
    caplog.set_level(logging.DEBUG)

    assert status == running.ask("POST", "/texts" + target, {}, b"text=canary")[0]
    for private in (MAIN, PLAIN, "canary", "x" * 22):
        assert private not in caplog.text


def test_django_logs_what_is_not_ours_as_before(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """Control of the test above."""
    assert 404 == running.ask("GET", "/elsewhere", {}, b"")[0]
    assert "/elsewhere" in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"SMS_INBOUND": {"secrets": ["short"]}},
        {"SMS_INBOUND": ["x"]},
        {"SMS_PROVIDERS": {"main": {"BACKEND": "twilio"}}},
    ],
)
def test_wrong_settings_keep_the_provider_trying(
    wrong: dict[str, Any], running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """A line in the log in place of Django's report, which would show the request."""
    with override_settings(**wrong):
        assert 503 == deliver(running, "canary", "SM1")

    assert "SMS_" in caplog.text
    assert "canary" not in caplog.text
    assert "Traceback" not in caplog.text


def test_a_body_without_a_length_is_refused(ledger: Ledger) -> None:
    """Where the server marks no end, Django takes such a body for an empty one."""
    request = RequestFactory().post("/texts" + PLAIN, HTTP_TRANSFER_ENCODING="chunked")

    assert 411 == receive(request, PLAIN[1:]).status_code


def test_a_body_that_something_read_before_is_taken(ledger: Ledger) -> None:
    """As a middleware that logs would."""
    arrival = from_twilio(text_of())
    headers = dict(arrival.headers)
    request = RequestFactory().post(
        "/texts" + arrival.target,
        arrival.body,
        content_type=headers["content-type"],
        headers={name: each for name, each in headers.items() if name != "content-type"},
    )
    assert request.body == arrival.body

    assert 200 == receive(request, arrival.target[1:]).status_code
    assert 1 == len(list_events(ledger))


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code of ``manage.py sumotext inbound``, what it prints, and the error's line."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("sumotext", "inbound", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


def test_the_command_lists_what_came_back_and_tells_it_again(running: Running) -> None:
    """An event that a receiver did not hear waits, and is told again as such."""
    heard: list[bool] = []

    def hear(again: bool, **_: Any) -> None:
        heard.append(again)
        if not again:
            raise RuntimeError

    inbound.connect(hear)
    try:
        deliver(running, "hello", "SM1")
        listed, retried, later = run("list"), run("retry", "--json"), run("list", "--json")
    finally:
        inbound.disconnect(hear)

    assert "waits (not heard by RuntimeError)" in listed[1]
    assert {"told": 1, "waiting": 0} == json.loads(retried[1])
    assert ["DONE"] == [each["state"] for each in json.loads(later[1])["events"]]
    assert [False, True] == heard


def test_the_command_tells_the_addresses(ledger: Ledger) -> None:
    """At the public address, or else below where the URLs of the project have the views."""
    assert f"main   {PUBLIC}{MAIN}\n" in run("urls")[1]
    with override_settings(SMS_INBOUND={"secrets": [SECRET]}):
        assert f"main   https://HOST/texts{MAIN}\n" in run("urls")[1]
        with override_settings(ROOT_URLCONF="tests.with_django.no_urls"):
            code, _, said = run("urls")
    assert (78, True) == (code, "include('sumotext_django.urls')" in said)


@pytest.mark.parametrize("urls", ["tests.with_django.no_such_module", None])
def test_urls_that_cannot_be_read_are_one_line(ledger: Ledger, urls: str | None) -> None:
    """A project without any, such as one for workers alone, or with a module that is broken."""
    with override_settings(SMS_INBOUND={"secrets": [SECRET]}, ROOT_URLCONF=urls):
        if urls is None:
            del settings.ROOT_URLCONF
        code, _, said = run("urls")

    assert (78, True) == (code, "ROOT_URLCONF is not set, or cannot be read" in said)


@pytest.mark.parametrize(
    ("table", "id_", "said"),
    [
        ({"secrets": ["canary"]}, "sumotext.E002", "'secrets'"),
        ({"secrets": [SECRET], "allow": "canary"}, "sumotext.E002", "'allow'"),
        (["canary"], "sumotext.E002", "SMS_INBOUND wants a mapping"),
        ({"stop_words": ["canary"]}, "sumotext.W005", "'secrets'"),
        ({"secrets": [SECRET], "public_url": "http://x.example.com"}, "sumotext.W005", "https"),
    ],
)
def test_the_system_checks_know_the_table(
    table: object, id_: str, said: str, ledger: Ledger
) -> None:
    """What cannot be is an error, what is odd a warning; no value is shown."""
    with override_settings(SMS_INBOUND=table):
        found = [line for line in run_checks(tags=["sumotext"]) if line.id == id_]

    assert any(said in line.msg and "SMS_INBOUND" in line.msg for line in found), found
    assert "canary" not in str(found)
