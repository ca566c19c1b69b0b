"""OpenSSL's own server, which renews keys and shakes hands again in the middle of a connection."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, cast

import pytest
import trustme
from matrix import DEADLINE
from plain_backend import PlainBackend, exchange
from tls_server import answer

from sumotext_backend.http import Response

if sys.platform == "win32":
    pytest.skip("there is no pty", allow_module_level=True)

import pty

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl")


class Server:
    """``openssl s_server``: what a client says is printed, what is typed goes to the client."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        """Wait until it listens."""
        self._keys = cast("IO[bytes]", process.stdin)
        self._screen, self._seen = screen, b""
        self.await_word(b"ACCEPT")

    def await_word(self, word: bytes) -> None:
        """Read the screen up to ``word``."""
        while word not in self._seen:
            self._seen += os.read(self._screen, 65536)
        self._seen = self._seen.partition(word)[2]

    def type(self, data: bytes) -> None:
        """Type ``data`` at once."""
        self._keys.write(data)
        self._keys.flush()

    def answer_each(self, command: bytes, times: int) -> None:
        """Answer requests, each after ``command``, which the server obeys."""
        for _ in range(times):
            self.await_word(b"Accept-Encoding: identity")
            self.type(command)
            self.await_word(b"SSL_do_handshake -> 1")
            self.type(answer(b"hello\n"))


@contextmanager
def running(version: str, folder: Path, port: int) -> Iterator[Server]:
    """The server, with a certificate that ``ca.pem`` in ``folder`` vouches for."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    pair = folder / "server.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(pair)
    screen, terminal = pty.openpty()  # a pipe would be filled before it is written
    command = ["openssl", "s_server", version, "-accept", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        [*command, "-cert", pair, "-key", pair],
        stdin=subprocess.PIPE,
        stdout=terminal,
        stderr=terminal,
    ) as process:
        os.close(terminal)
        try:
            yield Server(process, screen)
        finally:
            process.kill()
    os.close(screen)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("version", "command"),
    [("-tls1_3", b"k\n"), ("-tls1_3", b"K\n"), ("-tls1_2", b"r\n"), ("-tls1_2", b"R\n")],
    ids=["its keys", "both keys", "handshake", "handshake, and a certificate is asked for"],
)
def test_what_a_server_renews_disturbs_nothing(
    version: str, command: bytes, transport: str, tmp_path: Path
) -> None:
    """An answer comes after it, and so do the next ones, over that connection or another."""
    port = free_port()
    with running(version, tmp_path, port) as server:
        thread = threading.Thread(target=server.answer_each, args=(command, 3), daemon=True)
        thread.start()
        options: dict[str, Any] = {"ca_bundle": str(tmp_path / "ca.pem"), "transport": transport}
        url = f"https://localhost:{port}"
        with closing(PlainBackend(base_url=url, timeout=DEADLINE * 5, **options)) as sender:
            ended = [exchange(sender) for _ in range(3)]
        thread.join(DEADLINE)

    assert [Response(200, b"hello\n", ended=True)] * 3 == ended
