"""Objects of Apprise's shape as messages; Apprise itself is not needed."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest
from sumotext_apprise import messages_from

from sumotext_backend import Message

BOTH = [Message("5015551234", "hello"), Message("5015551235", "hello")]


@pytest.mark.parametrize(
    "targets",
    [
        ["5015551234", "5015551235"],
        "5015551234,5015551235",
        "5015551234 5015551235",
        [5015551234, 5015551235],
        ("5015551234", ["5015551235", "+1 501 555 1234"]),
    ],
)
def test_each_target_is_one_message(targets: object) -> None:
    """Targets in any writing become one message each, in their order, nobody twice."""
    assert BOTH == messages_from(SimpleNamespace(body="hello", targets=targets))


def test_a_mapping_will_do() -> None:
    """What was sent as JSON has the same shape."""
    assert BOTH == messages_from({"body": "hello", "targets": "5015551234,5015551235"})


def test_targets_may_be_given_apart() -> None:
    """Targets that are passed stand in place of the object's own."""
    notification = SimpleNamespace(body="hello", targets=["5015551239"])

    assert BOTH == messages_from(notification, targets=["5015551234", "5015551235"])


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [
        ("Alert", "the disk\r\nis full", "Alert\nthe disk\nis full"),
        ("", "hello", "hello"),
        (None, "hello", "hello"),
        ("Alert", "", "Alert"),
    ],
)
def test_a_title_is_the_first_line(title: object, body: str, text: str) -> None:
    """A text has no title, so it goes before the body; line ends are one character."""
    notification = SimpleNamespace(body=body, title=title, notify_type="info", targets="5015551234")

    assert [Message("5015551234", text)] == messages_from(notification)


def test_a_bad_target_is_not_lost() -> None:
    """What is not a number becomes a message too, which ends as REJECTED when it is sent."""
    assert [Message("call me", "hello")] == messages_from({"body": "hello", "targets": "call me"})


def test_another_shape_is_a_type_error() -> None:
    """An object without a body is not a notification."""
    with pytest.raises(TypeError, match="a SimpleNamespace has no body"):
        messages_from(SimpleNamespace(text="hello"), targets=["5015551234"])


@pytest.mark.parametrize("targets", [None, "", []])
def test_no_target_is_a_value_error(targets: object) -> None:
    """A notification for nobody is a mistake."""
    with pytest.raises(ValueError, match="no target"):
        messages_from(SimpleNamespace(body="hello", targets=targets))


def test_apprise_is_not_imported() -> None:
    """Where Apprise is missing, messages_from works and the rest says what to install."""
    code = """
import sys
sys.modules["apprise"] = None
from sumotext_apprise import messages_from
assert messages_from({"body": "hello", "targets": "5015551234"})
try:
    from sumotext_apprise import NotifySumotext
except ImportError as error:
    print(error)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "Apprise is not installed: pip install 'sumotext-backend[apprise]'\n" == ended.stdout


def test_a_region_says_where_targets_are_dialled() -> None:
    """One number in two writings is one message, which tells the region on."""
    [made] = messages_from({"body": "a", "targets": "0171 2345678, +491712345678"}, region="DE")

    assert ("0171 2345678", "DE") == (made.to, made.region)
