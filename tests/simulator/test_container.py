"""The examples of a container: what they run is a command that there is."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from commandline import environment
from simulator_client import call

from sumotext_backend.config import connect
from sumotext_backend.providers import InboxBackend

pytestmark = pytest.mark.once

FOLDER = Path(__file__).parents[2] / "docs/examples/inbox"
CHANGES = {"0.0.0.0": "127.0.0.1", "8080": "0"}


def test_the_command_of_the_image_serves(tmp_path: Path) -> None:
    """With its options, but at another port, and with the token from outside."""
    found = re.search(r"^CMD (\[.*\])$", (FOLDER / "Dockerfile").read_text(), re.MULTILINE)
    assert found
    own = {**CHANGES, "/var/lib/inbox/texts.db": str(tmp_path / "texts.db")}
    _, *words = (own.get(word, word) for word in json.loads(found[1]))
    process = subprocess.Popen(
        [sys.executable, "-m", "sumotext_backend.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(SUMOTEXT_INBOX_TOKEN="s3cret"),
    )
    assert process.stdout
    port = urlsplit(process.stdout.readline().decode().strip()).port or 0
    status = call(port, "GET", "/")[0]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)

    assert (401, 0) == (status, process.returncode)
    assert (tmp_path / "texts.db").exists()


def test_the_program_beside_it_sends_to_it() -> None:
    """The DSN in the compose file is one, and names the other service and its token."""
    found = re.search(r'SMS_DSN: "(.*)"', (FOLDER / "compose.yaml").read_text())
    assert found
    with connect(found[1].replace("${SUMOTEXT_INBOX_TOKEN}", "s3cret")) as sms:
        backend = sms.backend

    assert isinstance(backend, InboxBackend)
    assert ("http://inbox:8080", "s3cret") == (backend.base_url, backend.token)
