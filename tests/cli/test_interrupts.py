"""What a command that is broken off says and how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest
from command_cases import dsn, was_called
from commandline import PRIVATE, TEXT, TO, spawned

pytestmark = pytest.mark.once


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_ctrl_c_during_a_send_says_not_to_resend(
    number: signal.Signals, gateway: socket.socket, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """Broken off once the request left: exit 5 and one line, as the text may have been sent."""
    process = start("send", "--dsn", dsn(gateway), TO, TEXT)
    connection, _ = gateway.accept()
    with connection:
        connection.recv(65536)
        process.send_signal(number)
        _, told = process.communicate(timeout=20)

    assert process.returncode == 5
    assert b"interrupted: the text may have been sent; do not resend" in told
    assert b"Traceback" not in told
    assert not any(private.encode() in told for private in PRIVATE)


def test_ctrl_c_before_a_send_says_that_nothing_was_sent(
    gateway: socket.socket, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """Ctrl-C while the text is still being read: exit 75, safe to retry."""
    process = start("send", "--dsn", dsn(gateway), TO, "-")
    assert process.stdin
    process.stdin.write(b"x" * 200_000)  # more than a pipe holds: it is being read
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)

    assert process.returncode == 75
    assert b"interrupted: surely not sent" in told
    assert b"Traceback" not in told
    assert not was_called(gateway)


def test_ctrl_c_during_an_import_leaves_nothing_half_done(
    start: Callable[..., subprocess.Popen[bytes]],
) -> None:
    """Broken off while the list is read: nothing of it is written down, and that is said."""
    process = start("consent", "import", "-")
    assert process.stdin
    process.stdin.write(b"phone\n" + b"5015551234\n" * 20_000)  # more than a pipe holds
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)

    assert process.returncode == 75
    assert b"interrupted: the list was written down whole, or not at all" in told
    assert b"Traceback" not in told
    assert spawned("consent", "export").stdout == ""


def test_ctrl_c_while_the_command_starts_is_no_traceback() -> None:
    """Whatever Ctrl-C finds half imported: exit 75 and one line."""
    code = (
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'click': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from sumotext_backend.cli import main; sys.exit(main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 75
    assert ended.stderr == "sumotext: interrupted: surely not sent; safe to retry\n"
