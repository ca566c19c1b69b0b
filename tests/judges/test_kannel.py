"""Kannel's own smsbox takes our texts, and says what our table says that it says."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote_to_bytes

import attrs
import pytest

from sumotext_backend import Message, Reason
from sumotext_backend.providers.kannel import KannelBackend

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(
        not (shutil.which("bearerbox") and shutil.which("smsbox")),
        reason="Kannel is not installed: apt-get install kannel",
    ),
]

BLOCKED = "+15015550199"
CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = x
admin-interface = 127.0.0.1
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1

group = smsc
smsc = fake
smsc-id = FAKE
port = {smsc}
connect-allow-ip = 127.0.0.1
denied-prefix = "+44"

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
black-list-regex = "{denied}"

group = sendsms-user
username = tester
password = s3cret
max-messages = 5
concatenation = true

group = sms-service
keyword = default
text = "none"
"""


@attrs.frozen
class Kannel:
    """A running gateway, and the SMSC behind it."""

    url: str
    smsc: socket.socket

    def read(self) -> tuple[str, str, bytes]:
        """What the SMSC was given next: sender, receiver, text."""
        line = b""
        while not line.endswith(b"\n"):
            got = self.smsc.recv(1)
            assert got, "Kannel closed the connection to the SMSC"
            line += got
        sender, receiver, kind, text = line.strip().split(b" ", 3)
        plain = text if kind == b"text" else unquote_to_bytes(text.replace(b"+", b" "))
        return sender.decode(), receiver.decode(), plain


def find_port() -> int:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def connect(port: int, seconds: float = 20) -> socket.socket:
    """A connection to ``port``, as soon as somebody listens there."""
    end = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@pytest.fixture
def kannel(tmp_path: Path) -> Iterator[Kannel]:
    """Bearerbox, smsbox and a fake SMSC."""
    ports = {name: find_port() for name in ("admin", "boxes", "smsc", "sendsms")}
    conf = tmp_path / "kannel.conf"
    conf.write_text(CONFIGURATION.format(denied=f"{BLOCKED[1:]}$", **ports))
    with ExitStack() as stack:
        run(stack, "bearerbox", conf)
        connect(ports["boxes"]).close()
        smsc = stack.enter_context(connect(ports["smsc"]))
        run(stack, "smsbox", conf)
        connect(ports["sendsms"]).close()
        time.sleep(0.5)  # until smsbox is known to bearerbox
        yield Kannel(f"http://127.0.0.1:{ports['sendsms']}", smsc)


def run(stack: ExitStack, program: str, conf: Path) -> None:
    """Start ``program``, and end it with ``stack``."""
    with (conf.parent / f"{program}.out").open("wb") as out:
        process = subprocess.Popen([program, str(conf)], stdout=out, stderr=out)
    stack.callback(process.wait, 20)
    stack.callback(process.kill)


def backend(kannel: Kannel, **options: str) -> KannelBackend:
    """Our side."""
    own = {"username": "tester", "password": "s3cret", "sender": "74700"}
    return KannelBackend(**(own | options), base_url=kannel.url)  # type: ignore[arg-type]


def test_a_text_reaches_the_smsc(kannel: Kannel) -> None:
    """Accepted under our reference, and on the air with sender, number and text."""
    result = backend(kannel).send(Message("+15015551234", "hello there", reference="r-1"))

    assert (None, "r-1") == (result.reason, result.message_id)
    assert ("74700", "+15015551234", b"hello there") == kannel.read()


def test_unicode_reaches_the_smsc(kannel: Kannel) -> None:
    """As big-endian UTF-16, which is what is on the air."""
    result = backend(kannel).send(Message("+15015551234", "\u0142\U0001f44d"))

    assert result.reason is None
    assert "\u0142\U0001f44d".encode("utf-16-be") in kannel.read()[2]


@pytest.mark.parametrize(
    ("number", "options", "reason"),
    [
        ("+15015551234", {"password": "wrong"}, Reason.UNAUTHORIZED),
        (BLOCKED, {}, Reason.OPTED_OUT),
        ("+15015551234", {"sender": ""}, Reason.SENDER),
        ("+447700900958", {}, Reason.UNSUPPORTED),
    ],
)
def test_a_refusal_is_understood(
    kannel: Kannel, number: str, options: dict[str, str], reason: Reason
) -> None:
    """Kannel's own words, out of its own mouth."""
    own = {name: value for name, value in options.items() if value}
    made = backend(kannel, **own)
    if "sender" in options:
        made = attrs.evolve(made, sender=None)
    result = made.send(Message(number, "hello"))

    assert reason is result.reason
