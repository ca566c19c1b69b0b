"""A gateway on loopback, and Apprise with our plugin."""

from __future__ import annotations

import logging
import socket
import threading
import warnings
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.with_apprise.loopback import Gateway, serve


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway that takes every text but those to the numbers in ``ANSWERS`` and ``SILENT``."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        here = Gateway(f"http://127.0.0.1:{listener.getsockname()[1]}")
        server = threading.Thread(target=serve, args=(listener, here, done))
        server.start()
        yield here
        done.set()
        socket.create_connection(listener.getsockname(), timeout=5).close()
        server.join(10)


@pytest.fixture
def refused() -> Iterator[str]:
    """The URL of a port that nobody listens at."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture(autouse=True)
def apprise_knows_us(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apprise knows sumotext:// and logs all it can; no configuration is found."""
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("SMS_DSN", "SUMOTEXT_CONFIG", "APPRISE_PLUGIN_PATH", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    if find_spec("apprise"):
        with warnings.catch_warnings():
            # Apprise imports all of its plugins, and those what they use.
            warnings.simplefilter("ignore")
            from sumotext_apprise import register

            register()
        logging.getLogger("apprise").setLevel(1)
