"""Files that a configuration names: only regular ones, of a size, and never waited for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sumotext_backend import ConfigurationError, connect
from sumotext_backend.config import Places, load
from sumotext_backend.files import MAX_FILE_BYTES, may_block, read_file

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """A FIFO that nobody writes to."""
    os.mkfifo(tmp_path / "fifo")
    return tmp_path / "fifo"


def test_a_fifo_blocks_whoever_just_opens_it(fifo: Path) -> None:
    """The control of the rules below."""
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", f"open({str(fifo)!r})"], check=False, timeout=1)


@pytest.mark.timeout(30)
def test_a_secret_in_a_fifo_is_refused(fifo: Path) -> None:
    """At once, in one line."""
    source = {"backend": "sumotext", "shortcode": "74700", "keyword": {"file": str(fifo)}}
    with pytest.raises(ConfigurationError) as caught:
        connect(source, places=Places())

    assert str(caught.value).endswith("cannot be read: it is not a regular file")


@pytest.mark.timeout(30)
def test_a_configuration_in_a_fifo_is_refused(fifo: Path) -> None:
    """``--config`` that names one does not hang either."""
    with pytest.raises(ConfigurationError, match="it is not a regular file"):
        load(config=fifo, places=Places())


@pytest.mark.timeout(30)
def test_certificates_in_a_fifo_are_refused(fifo: Path) -> None:
    """Before the first send, which would wait for them."""
    with pytest.raises(ConfigurationError, match="option 'ca_bundle' wants a regular file"):
        connect(f"sumotext://74700/K?ca_bundle={fifo}", places=Places())


def test_certificates_may_come_later(tmp_path: Path) -> None:
    """A file that is not there yet is told when it is needed."""
    assert connect(f"sumotext://74700/K?ca_bundle={tmp_path}/later.pem", places=Places())


@pytest.mark.timeout(30)
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/stdin", "/dev/tty"])
def test_a_device_is_no_file(path: str) -> None:
    """Neither one without an end, nor one that waits for a person."""
    with pytest.raises(OSError):  # noqa: PT011 - the system says why
        read_file(path)


def test_a_file_has_a_size(tmp_path: Path) -> None:
    """As many bytes as may be are read, and not one more."""
    path = tmp_path / "large"
    path.write_bytes(b"x" * MAX_FILE_BYTES)

    assert MAX_FILE_BYTES == len(read_file(path))
    path.write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    with pytest.raises(OSError, match="more than"):
        read_file(path)


def test_no_descriptor_is_left_open(fifo: Path) -> None:
    """A refusal closes what it opened."""
    before = len([*Path("/proc/self/fd").iterdir()]) if Path("/proc/self/fd").exists() else 0
    for path in (fifo, fifo.parent, fifo.parent / "none"):
        with pytest.raises(OSError):  # noqa: PT011
            read_file(path)
    after = len([*Path("/proc/self/fd").iterdir()]) if before else 0

    assert before == after
    assert (True, False, False) == tuple(map(may_block, (fifo, fifo.parent, fifo / "none")))
