"""The examples of a container: what they run is a command that there is."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from commandline import environment
from simulator_client import call

from sumotext_backend.config import connect
from sumotext_backend.providers import InboxBackend
from sumotext_backend.simulator.listener import url_of

pytestmark = pytest.mark.once

FOLDER = Path(__file__).parents[2] / "docs/examples/inbox"
CHANGES = {"0.0.0.0": "127.0.0.1", "8080": "0"}


def read_command(instruction: str) -> list[str]:
    """The words of the last CMD after ``instruction`` begins a line."""
    image = (FOLDER / "Dockerfile").read_text().replace("\\\n", " ")
    found = re.search(rf"^{instruction}\b.*?(\[.*\])$", image, re.MULTILINE)
    assert found
    words: list[str] = json.loads(found[1])
    return words


def check_health(port: int) -> int:
    """The exit code of the image's check, at a port of this machine."""
    _, *words = (word.replace(":8080/", f":{port}/") for word in read_command("HEALTHCHECK"))
    return subprocess.run(
        [sys.executable, *words], check=False, capture_output=True, timeout=30
    ).returncode


def test_the_command_of_the_image_serves(tmp_path: Path) -> None:
    """With its options, but at another port, and with the token from outside; and is healthy."""
    own = {**CHANGES, "/var/lib/inbox/texts.db": str(tmp_path / "texts.db")}
    _, *words = (own.get(word, word) for word in read_command("CMD"))
    process = subprocess.Popen(
        [sys.executable, "-m", "sumotext_backend.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(SUMOTEXT_INBOX_TOKEN="s3cret"),
    )
    assert process.stdout
    port = urlsplit(process.stdout.readline().decode().strip()).port or 0
    status, healthy = call(port, "GET", "/")[0], check_health(port)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)

    assert (401, 0, 0) == (status, healthy, process.returncode)
    assert check_health(port) != 0
    assert (tmp_path / "texts.db").exists()


def test_the_image_has_this_version() -> None:
    """The one that it asks for is the one of this checkout."""
    wanted = re.search(r"'sumotext-backend\[cli\]==(.+?)'", (FOLDER / "Dockerfile").read_text())
    project = tomllib.loads((FOLDER.parents[2] / "pyproject.toml").read_text())["project"]

    assert wanted
    assert wanted[1] == project["version"]


def test_its_user_is_a_number() -> None:
    """The one that is made, and that owns the folder of the texts: a host may not know names."""
    image = (FOLDER / "Dockerfile").read_text()
    made = re.search(r"useradd .*--uid (\d+) inbox", image)
    runs = re.search(r"^USER (.+)$", image, re.MULTILINE)

    assert made
    assert runs
    assert made[1] == runs[1]


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:80"), ("::", "http://[::1]:80"), ("::2", "http://[::2]:80")],
)
def test_what_listens_everywhere_is_shown_as_an_address_to_open(host: str, url: str) -> None:
    """No browser opens the address that stands for all of them on every system."""
    assert url == url_of(host, 80)


def test_the_program_beside_it_sends_to_it() -> None:
    """The DSN in the compose file is one, and names the other service and its token."""
    found = re.search(r'SMS_DSN: "(.*)"', (FOLDER / "compose.yaml").read_text())
    assert found
    with connect(found[1].replace("${SUMOTEXT_INBOX_TOKEN}", "s3cret")) as sms:
        backend = sms.backend

    assert isinstance(backend, InboxBackend)
    assert ("http://inbox:8080", "s3cret") == (backend.base_url, backend.token)
