"""The lines for nginx that the page shows, in an nginx: nothing is repeated, and nothing shown."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from sumotext_backend.inbound import make_path, make_wsgi_app
from sumotext_backend.ledger import Ledger, MemoryDatabase
from tests.inbound.apps import Running, serve_wsgi
from tests.inbound.cases import SECRET, Heard, make_receiver

NGINX = shutil.which("nginx")
PAGE = Path(__file__).parents[2] / "docs/how-to/run-a-receiver-safely.md"
QUERY = "?from=%2B15015551234&to=74700&text=canary&id=k1"
TARGET = "/sms" + make_path(SECRET, "plain") + QUERY

pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx on this machine")

MAIN = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  upstream receivers {{ {servers} }}
  {shown}
}}
"""


@attrs.frozen
class Nginx:
    """An nginx that runs, and what it wrote."""

    server: Running
    folder: Path

    def read_logs(self) -> str:
        """All of its logs."""
        return "".join(each.read_text() for each in self.folder.glob("*.log"))


@contextlib.contextmanager
def nginx(folder: Path, ports: list[int], without: str = "") -> Iterator[Nginx]:
    """An nginx before the receivers at ``ports``, without the line that begins so."""
    shown = PAGE.read_text().split("```nginx\n")[1].split("```")[0]
    lines = [
        each for each in shown.splitlines() if not without or not each.strip().startswith(without)
    ]
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    shown = (
        "\n".join(lines)
        .replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
        .replace("/var/log/nginx/callbacks.log", f"{folder}/callbacks.log")
        .replace("/var/log/nginx/callbacks.error", f"{folder}/callbacks.error.log")
        .replace("http://127.0.0.1:8000", "http://receivers/")
    )
    servers = " ".join(f"server 127.0.0.1:{each};" for each in ports)
    path = folder / "nginx.conf"
    path.write_text(MAIN.format(folder=folder, servers=servers, shown=shown))
    process = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(path)])
    try:
        _wait_for(port, process)
        yield Nginx(Running(port), folder)
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=30).close()
            return
    raise AssertionError("nginx ended")


@contextlib.contextmanager
def breaking() -> Iterator[int]:
    """A worker that takes each request, and dies over it: its port."""

    def die() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.recv(65536)
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=die, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(("without", "told"), [("", 0), ("proxy_next_upstream", 1)])
def test_a_call_that_a_worker_died_over_is_not_handed_on(
    without: str, told: int, tmp_path: Path
) -> None:
    """Control: without that line nginx repeats the GET at the next worker."""
    heard = Heard()
    app = make_wsgi_app(make_receiver(Ledger(MemoryDatabase()), heard))
    with (
        serve_wsgi(app) as receiver,
        breaking() as port,
        nginx(tmp_path, [port, receiver.port], without) as before,
    ):
        status = before.server.ask("GET", TARGET, {}, b"")[0]

    assert told == len(heard.events)
    assert (200 if told else 502) == status


def test_no_log_has_address_number_or_text(tmp_path: Path) -> None:
    """Neither of a call that is taken, nor of one that fails."""
    heard = Heard()
    app = make_wsgi_app(make_receiver(Ledger(MemoryDatabase()), heard, allow=("127.0.0.1",)))
    with serve_wsgi(app) as receiver, nginx(tmp_path, [receiver.port]) as before:
        assert 200 == before.server.ask("GET", TARGET, {}, b"")[0]
        assert 413 == before.server.ask("POST", TARGET, {}, b"x" * 300_000)[0]
    with breaking() as port, nginx(tmp_path, [port]) as before:
        assert 502 == before.server.ask("GET", TARGET, {}, b"")[0]

    written = before.read_logs()
    assert '"GET" 200' in written
    assert '"GET" 502' in written
    for private in ("canary", "5551234", TARGET.partition("?")[0]):
        assert private not in written
    assert 1 == len(heard.events)
