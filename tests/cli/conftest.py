"""What the tests of the command need: a gateway that is silent, and processes that end."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
from collections.abc import Callable, Iterator

import pytest
from commandline import COMMAND, environment

if not importlib.util.find_spec("click"):  # the extra cli is not installed
    collect_ignore_glob = ["*"]


@pytest.fixture
def gateway() -> Iterator[socket.socket]:
    """A listening socket on loopback that nobody answers at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        yield server


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start the command; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*args: str, **extra: str) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        environ = environment(**extra)
        started.append(
            subprocess.Popen([*COMMAND, *args], stdin=pipe, stdout=pipe, stderr=pipe, env=environ)
        )
        return started[-1]

    yield begin
    for process in started:
        with process:
            process.kill()
