"""System checks: what `manage.py check` says of the settings."""

from __future__ import annotations

import socket
import sys
import types
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import override_settings

GOOD = {"BACKEND": "sumotext", "OPTIONS": {"shortcode": "74700", "keyword": "hush"}}


def told(*, deploy: bool = False, **settings: Any) -> list[tuple[str, str]]:
    """Id and words of each line."""
    with override_settings(**settings):
        found = run_checks(tags=["sumotext"], include_deployment_checks=deploy)
    return [(str(one.id).removeprefix("sumotext."), one.msg) for one in found]


def ids(**given: Any) -> list[str]:
    """The ids alone."""
    return [id_ for id_, _ in told(**given)]


def test_good_settings_say_nothing() -> None:
    """A chain of two, and django-sms through it."""
    chain = {"BACKEND": "fallback", "OPTIONS": {"chain": ["main", "null://"]}}

    assert [] == told(SMS_PROVIDERS={"default": chain, "main": GOOD})


@pytest.mark.parametrize("value", [None, {}, [], "sumotext://74700/SUMO"])
def test_no_providers(value: object) -> None:
    """E001 says what to write."""
    [(id_, words)] = told(SMS_PROVIDERS=value)

    assert id_ == "E001"
    assert words.startswith("SMS_PROVIDERS ")


@pytest.mark.parametrize("region", ["de", "Germany", 49, ""])
def test_a_region_that_is_none(region: object) -> None:
    """E001, in one line."""
    [(id_, words)] = told(SMS_PROVIDERS={"default": GOOD}, SMS_REGION=region)

    assert ("E001", True) == (id_, words.startswith("SMS_REGION: 'region' wants a country's two"))


def test_each_thing_that_is_wrong_has_a_line() -> None:
    """E002, naming provider and option; no value is shown."""
    wrong = {"BACKEND": "sumotext", "OPTIONS": {"shortcod": "74700", "keyword": " hush"}}
    lines = told(SMS_PROVIDERS={"default": wrong, "other": {"BACKEND": "sumotex"}})

    assert {"E002"} == {id_ for id_, _ in lines}
    assert any("'default': unknown option 'shortcod'; did you mean" in words for _, words in lines)
    assert any("provider 'other': no backend 'sumotex'" in words for _, words in lines)
    assert not any("hush" in words for _, words in lines)


def test_a_key_that_django_has_not() -> None:
    """E002 for anything beside BACKEND and OPTIONS."""
    [(id_, words)] = told(SMS_PROVIDERS={"default": {**GOOD, "OPTION": {}}})

    assert ("E002", True) == (id_, "unknown key 'OPTION'" in words)


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """E002 with the line for pip."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    monkeypatch.delitem(sys.modules, "sumotext_apprise.backend", raising=False)
    [(id_, words)] = told(SMS_PROVIDERS={"default": {"BACKEND": "apprise"}})

    assert ("E002", True) == (id_, "pip install 'sumotext-backend[apprise]'" in words)


def test_no_default() -> None:
    """W001: whatever names no provider has none."""
    [(id_, _)] = told(SMS_PROVIDERS={"main": GOOD})

    assert id_ == "W001"


def test_wrong_health() -> None:
    """E002 names SMS_HEALTH."""
    lines = told(SMS_PROVIDERS={"default": GOOD}, SMS_HEALTH={"state": "everywhere"})

    assert [("E002", True)] == [(id_, words.startswith("SMS_HEALTH: ")) for id_, words in lines]


def test_wrong_raise_on() -> None:
    """E004."""
    assert ["E004"] == ids(SMS_PROVIDERS={"default": GOOD}, SMS_RAISE_ON="sometimes")


def test_a_shadowed_django_sms(monkeypatch: pytest.MonkeyPatch) -> None:
    """E003 where ``SMS_BACKEND`` is ours and 'sms' is something else."""
    monkeypatch.setitem(sys.modules, "sms", types.ModuleType("sms"))
    ours = {"SMS_BACKEND": "sumotext_django.SmsBackend", "SMS_PROVIDERS": {"default": GOOD}}
    [(id_, words)] = told(**ours)

    assert ("E003", True) == (id_, words.startswith("SMS_BACKEND: 'import sms' finds something"))
    assert [] == ids(**{**ours, "SMS_BACKEND": "elsewhere.SmsBackend"})


@pytest.mark.parametrize(
    ("url", "expected"),
    [("https://example.com", []), ("http://127.0.0.1:8080", []), ("http://example.com", ["W002"])],
)
def test_plain_http(url: str, expected: list[str]) -> None:
    """W002 where numbers would be readable on the way."""
    options = {**GOOD["OPTIONS"], "base_url": url, "allow_plain_http": True}  # type: ignore[dict-item]
    given = {"default": {"BACKEND": "sumotext", "OPTIONS": options}}

    assert expected == ids(SMS_PROVIDERS=given)


@pytest.mark.parametrize(
    "backend", ["console://", "memory://", "null://", "file:///tmp/x", "retry(console://)"]
)
def test_a_debug_backend_in_deployment(backend: str) -> None:
    """W003 with ``--deploy`` only, also inside a chain."""
    given = {"default": {"BACKEND": "fallback", "OPTIONS": {"chain": ["main", "dev"]}}}
    given |= {"main": GOOD, "dev": backend}

    assert [] == ids(SMS_PROVIDERS=given)
    assert ["W003"] == ids(SMS_PROVIDERS=given, deploy=True)


def test_a_debug_backend_of_django_sms_in_deployment() -> None:
    """W004 for ``SMS_BACKEND``, W003 for a provider that leads to one."""
    path = "sms.backends.console.SmsBackend"
    lines = ids(SMS_PROVIDERS={"default": GOOD}, SMS_BACKEND=path, deploy=True)

    assert ["W004"] == lines


def test_a_backend_of_django_sms_that_is_not_there() -> None:
    """E005 names the provider; with ``--deploy`` one that sends nothing is W003."""
    pytest.importorskip("sms")
    there = {"BACKEND": "django-sms", "OPTIONS": {"path": "sms.backends.dummy.SmsBackend"}}
    missing = {"BACKEND": "django-sms", "OPTIONS": {"path": "sms.backends.nowhere.SmsBackend"}}
    [(id_, words)] = told(SMS_PROVIDERS={"default": missing})

    assert ("E005", True) == (id_, "provider 'default': option 'path' cannot be" in words)
    assert ["W003"] == ids(SMS_PROVIDERS={"default": there}, deploy=True)


def test_checks_touch_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a name is looked up."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a check used the network")

    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(socket.socket, "connect", refused)
    chain = {"BACKEND": "fallback", "OPTIONS": {"chain": ["main"]}}

    assert [] == told(SMS_PROVIDERS={"default": chain, "main": GOOD}, deploy=True)


def test_a_carrier_that_is_not_listed_is_warned_of() -> None:
    """W005: SUMOTEXT's list is old, so it may be right; a listed one says nothing."""
    odd = {**GOOD, "OPTIONS": {**GOOD["OPTIONS"], "carrier": "ATT"}}  # type: ignore[dict-item]
    good = {**GOOD, "OPTIONS": {**GOOD["OPTIONS"], "carrier": "ATTUS"}}  # type: ignore[dict-item]
    [(id_, words)] = told(SMS_PROVIDERS={"default": odd, "main": good})

    assert "W005" == id_
    assert words.startswith("SMS_PROVIDERS: provider 'default': option 'carrier': 'ATT' is not in")
    assert words.endswith("did you mean 'ATTUS'?")


def test_a_look_up_beside_a_ledger_that_is_off_is_warned_of() -> None:
    """W005: none is made then; with a ledger that keeps something nothing is said."""
    looks_up = {**GOOD, "OPTIONS": {**GOOD["OPTIONS"], "carrier": "lookup"}}  # type: ignore[dict-item]
    lines = [
        told(SMS_PROVIDERS={"default": looks_up}, SMS_LEDGER={"record": record})
        for record in ("off", "needed")
    ]

    [[(id_, words)], none] = lines
    assert ("W005", []) == (id_, none)
    assert "'carrier': no look-up is made while [ledger] record is 'off'" in words
