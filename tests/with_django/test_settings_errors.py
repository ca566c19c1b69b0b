"""What is wrong with a setting is told in Django's words, not in those of a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import override_settings
from sumotext_django import SettingsError, send_text
from wrong_configurations import SECRET, WRONG

OF_A_FILE = re.compile(r"\[\w|\btables?\b|toml|file is|'providers'")


def from_files() -> Iterator[Any]:
    """The wrong files of the core's own tests, as far as a setting can say the same."""
    for name, (text, _) in WRONG.items():
        try:
            tables = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        if set(tables) <= {"providers", "health"}:
            yield pytest.param(tables.get("providers", {}), tables.get("health", {}), id=name)


def in_django_form(providers: Any) -> Any:
    """``providers`` with ``BACKEND`` and ``OPTIONS``, where they are tables with a backend."""
    if not isinstance(providers, dict):
        return providers
    return {
        alias: {
            "BACKEND": each["backend"],
            "OPTIONS": {name: value for name, value in each.items() if name != "backend"},
        }
        if isinstance(each, dict) and "backend" in each
        else each
        for alias, each in providers.items()
    }


@pytest.mark.parametrize(("providers", "health"), [*from_files()])
def test_an_error_speaks_of_the_setting(providers: Any, health: Any) -> None:
    """The same line when a text is sent, and as a check."""
    given = {"SMS_PROVIDERS": in_django_form(providers), "SMS_HEALTH": health}
    with override_settings(**given):
        with pytest.raises(SettingsError) as raised:
            send_text("5015551234", "hello")
        checked = [one.msg for one in run_checks(tags=["sumotext"]) if one.is_serious()]

    for words in (str(raised.value), *checked):
        assert words.startswith(("SMS_PROVIDERS", "SMS_HEALTH"))
        assert not OF_A_FILE.search(words), words
        assert SECRET not in words
        assert "\n" not in words
        assert words.count("SMS_PROVIDERS:") + words.count("SMS_HEALTH:") <= 1


@pytest.mark.parametrize(
    ("providers", "health", "line"),
    [
        (
            {"main": "null://"},
            {},
            "SMS_PROVIDERS: there is no provider 'default'; write SMS_PROVIDERS['default']",
        ),
        (
            {"default": {"BACKEND": "fallback", "OPTIONS": {"chain": ["mian"]}}, "main": "null://"},
            {},
            (
                "SMS_PROVIDERS: provider 'default': option 'chain': there is no provider 'mian'; "
                "did you mean 'main'?; write SMS_PROVIDERS['mian']"
            ),
        ),
        (
            {"default": 7},
            {},
            (
                "SMS_PROVIDERS: provider 'default': it wants {'BACKEND': …, 'OPTIONS': {…}}, "
                "a DSN, or an alias"
            ),
        ),
        (
            {"default": {"shortcode": "74700"}},
            {},
            (
                "SMS_PROVIDERS: provider 'default': unknown key 'shortcode'; "
                "there are BACKEND and OPTIONS"
            ),
        ),
        (
            {"default": "a || null://", "a": "null://"},
            {"stat": "off"},
            "SMS_HEALTH: unknown option 'stat'; did you mean 'state'?",
        ),
        (
            {"default": "a || null://", "a": "null://"},
            {"failures": 0},
            "SMS_HEALTH: option 'failures' wants a number >= 1",
        ),
    ],
)
def test_the_lines_themselves(providers: Any, health: Any, line: str) -> None:
    """What is wrong, where, and how to mend it."""
    with (
        override_settings(SMS_PROVIDERS=providers, SMS_HEALTH=health),
        pytest.raises(SettingsError) as raised,
    ):
        send_text("5015551234", "hello")

    assert line == str(raised.value)
