"""A send up to the request, which is shown instead of made."""

from __future__ import annotations

import json
import socket

import pytest
from command_cases import dsn, was_called
from commandline import TEXT, TO, sumotext

from sumotext_backend.cli.dry_run import ShownRequest, show
from sumotext_backend.http import Request

pytestmark = pytest.mark.once


def test_a_dry_run_shows_the_request_and_sends_nothing(gateway: socket.socket) -> None:
    """Method, host, path and names of the query are shown, none of its values."""
    ended = sumotext("send", "--dry-run", "--dsn", dsn(gateway), TO, TEXT)

    assert ended.returncode == 0
    assert "DRY RUN: nothing was sent" in ended.stdout
    assert "/secure/sumoSend.aspx?mobile=…&carrier=…&shortcode=…&key=…&msg=…" in ended.stdout
    assert f"GET http://127.0.0.1:{gateway.getsockname()[1]}/" in ended.stdout
    assert not any(private in ended.stdout for private in (TO, "canary", "CANARY"))
    assert not was_called(gateway)


def test_a_dry_run_as_json_has_no_outcome(gateway: socket.socket) -> None:
    """``--dry-run --json`` prints the same keys, with null for what only a send could tell."""
    ended = sumotext("send", "--dry-run", "--json", "--dsn", dsn(gateway), TO, TEXT)
    told = json.loads(ended.stdout)

    assert told["dry_run"] is True
    assert told["outcome"] is None
    assert told["message_id"] is None
    assert told["segments"] == 1
    assert told["request"]["method"] == "GET"
    assert told["request"]["parameters"] == ["mobile", "carrier", "shortcode", "key", "msg"]
    assert not was_called(gateway)


def test_a_dry_run_finds_what_a_send_would_refuse(gateway: socket.socket) -> None:
    """Bad input has the same exit code in a dry run."""
    ended = sumotext("send", "--dry-run", "--dsn", dsn(gateway), "501-555-CALL", TEXT)

    assert ended.returncode == 2
    assert not was_called(gateway)


def test_a_post_is_shown_with_its_size() -> None:
    """A request with a body is shown as a POST of so many bytes."""
    shown = show("https://gateway.example/", Request(target="/v2/send", method="POST", body=b"{}"))

    assert shown == ShownRequest("POST", "https://gateway.example/v2/send", (), 2)
