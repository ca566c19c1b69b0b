"""How the gateway serves its clients, and what it leaves behind."""

from __future__ import annotations

import ast
import gc
import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from raw_client import MOMENT, S01, TARGET, TIMEOUT, Client, answer_length, both

import sumotext_backend.testing.hostile
from sumotext_backend.testing import HostileGateway

pytestmark = pytest.mark.once

HOSTILE = Path(sumotext_backend.testing.hostile.__file__).parent


def test_one_write() -> None:
    """Head and body of an answer come as one, as a fast server sends them."""
    with HostileGateway() as gateway, Client(gateway) as client:
        for _ in range(20):
            client.ask().more()

            assert answer_length(client.got) == len(client.got)
            client.got.clear()


@both
def test_client_that_wants_no_more(tls: bool) -> None:
    """``Connection: close`` is honoured."""
    with HostileGateway(tls=tls) as gateway, Client(gateway) as client:
        end, got = client.ask("Connection: close").rest()

    assert "fin" == end
    assert re.fullmatch(S01, got, re.DOTALL)


def test_a_drip_for_a_client_that_wants_no_more() -> None:
    """``Connection: close`` holds nothing back: what is written bit by bit comes so."""
    counts = []
    with HostileGateway("U14") as gateway:
        for _ in range(3):  # a busy machine may let some come together
            with Client(gateway) as client:
                client.ask("Connection: close").more()
                counts.append(client.got.count(b"100 Continue"))

    assert min(counts) < 10


def test_request_in_pieces_and_two_at_once() -> None:
    """A request may come in pieces, and two may come at once."""
    request = f"GET {TARGET} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with HostileGateway() as gateway, Client(gateway) as client:
        client.write(request[:9])
        client.write(request[9:] + request)
        answers = [client.whole(), client.whole()]

    assert all(re.fullmatch(S01, answer, re.DOTALL) for answer in answers)
    assert 2 == gateway.gets


def test_delay() -> None:
    """A delayed answer does not come at once, its request is counted, and closing ends it."""
    with HostileGateway(delay=600) as gateway, Client(gateway) as client:
        client.ask()

        assert "silence" == client.more(MOMENT * 4)
        assert 1 == gateway.gets


def test_threads_get_their_own_answers() -> None:
    """Many clients at once each get the answer to what they asked."""

    def ask(number: int) -> list[bool]:
        with Client(gateway) as client:
            mobiles = [f"501{number:03}{index:04}" for index in range(20)]
            return [
                f"\r\n{mobile}:".encode() in client.ask(target=f"/x?mobile={mobile}").whole()
                for mobile in mobiles
            ]

    with HostileGateway() as gateway, ThreadPoolExecutor(16) as pool:
        seen = [*pool.map(ask, range(32))]

    assert [[True] * 20] * 32 == seen
    assert (640, 32) == (gateway.gets, gateway.connections)


def _open_files() -> int:
    gc.collect()
    return len([*Path("/proc/self/fd").iterdir()])


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
@both
def test_nothing_is_left(tls: bool) -> None:
    """Closing is prompt whatever goes on, and leaves no thread, no file and no port behind."""
    files, threads = _open_files(), threading.active_count()
    with HostileGateway(tls=tls) as gateway:
        port = gateway.port
        clients = []
        for name in ("U06", "U14", "U30", "S05-52MB", "S01", "S05-hang"):
            gateway.play(name)
            clients.append(Client(gateway).ask())
            clients[-1].more(MOMENT)
        gateway.play("N09")
        start = time.monotonic()
        gateway.close()
        took = time.monotonic() - start
        gateway.close()
    for client in clients:
        client.sock.close()

    assert took < 2
    assert threads == threading.active_count()
    assert _open_files() <= files
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


@both
@pytest.mark.parametrize("name", ["U14", "U30", "S05-52MB", "U06"])
def test_client_that_goes_away(name: str, tls: bool) -> None:
    """A client that leaves in the middle ends its thread, which raises nothing."""
    with HostileGateway(name, tls=tls) as gateway:
        before = threading.active_count()
        with Client(gateway) as client:
            client.ask().more(MOMENT)
        deadline = time.monotonic() + TIMEOUT
        while threading.active_count() > before and time.monotonic() < deadline:
            time.sleep(0.01)

        assert before == threading.active_count()


def test_without_trustme() -> None:
    """Plain HTTP needs no extra; TLS without it names the command that mends it."""
    program = (
        "import sys; sys.modules['trustme'] = None\n"
        "from sumotext_backend.testing import HostileGateway\n"
        "HostileGateway().close()\n"
        "HostileGateway(tls=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )

    assert 1 == ended.returncode
    assert "pip install 'sumotext-backend[testing]'" in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize("module", sorted(HOSTILE.rglob("*.py")), ids=lambda path: path.stem)
def test_stands_alone(module: Path) -> None:
    """The server shares no code with what it tests, so it cannot be wrong in the same way."""
    source = module.read_text()
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    ours = [node.module or "" for node in imports if (node.module or "").startswith("sumotext")]

    assert all(name.startswith("sumotext_backend.testing.hostile") for name in ours)
    assert "import sumotext_backend" not in source
