"""Twilio's callbacks through real servers and frameworks: the signature covers what was sent."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import attrs
import pytest

from sumotext_backend import Message, Reason, Sender
from sumotext_backend.inbound import make_path
from sumotext_backend.ledger import Ledger, SqliteDatabase
from sumotext_backend.local import MemoryBackend
from sumotext_backend.providers import Callback
from sumotext_backend.simulator.signers import sign_twilio
from tests.inbound.apps import Running
from tests.inbound.cases import NUMBER, PUBLIC, SECRET, TOKEN, text_of

ROOT = Path(__file__).parents[2]
GUNICORN = ("gunicorn", "--bind", "fd://{fd}", "--workers", "1", "--log-level", "warning")
UVICORN = ("uvicorn", "--fd", "{fd}", "--factory", "--no-access-log", "--log-level", "warning")
SERVERS = {
    "gunicorn-sync": (*GUNICORN, "{site}:make_plain_wsgi()"),
    "gunicorn-gthread": (*GUNICORN, "--threads", "4", "{site}:make_plain_wsgi()"),
    "gunicorn-preload": (*GUNICORN, "--preload", "{site}:make_plain_wsgi()"),
    "gunicorn-flask": (*GUNICORN, "--threads", "4", "{site}:make_flask()"),
    "gunicorn-django": (*GUNICORN, "--threads", "4", "{site}:make_django()"),
    "uvicorn-starlette": (*UVICORN, "{site}:make_starlette"),
    "uvicorn-fastapi": (*UVICORN, "{site}:make_fastapi"),
}
QUERIES = (
    "",
    "?ref=7f8d1c1e",
    "?q=a%2Fb%26c+d%20e&empty=&empty=&flag",
    "?z=%C3%A9%e4%bd%a0&%5B%5D=1",
    "?a=1?b=2&;=,:@!$'()*~",
)


@attrs.frozen
class Site:
    """A server that runs, and the file in which its hook writes."""

    server: Running
    told: Path
    process: subprocess.Popen[bytes]

    def post(self, target: str, url: str, fields: dict[str, str], mount: str = "/hooks") -> int:
        """The status of a callback to ``target`` that is signed for ``url``."""
        body = urlencode(fields).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        signed = sign_twilio(Callback(method="POST", url=url, headers=form, body=body), TOKEN, 0)
        headers = {name.title(): value for name, value in signed.headers.items()}
        return self.server.ask("POST", mount + target, headers, body)[0]

    def count(self) -> int:
        """How many events were told."""
        return len(self.told.read_text().splitlines()) if self.told.exists() else 0


@contextlib.contextmanager
def running(kind: str, folder: Path, public_url: str = PUBLIC, *more: str) -> Iterator[Site]:
    """The server of that ``kind``, at a port that takes connections already."""
    told = folder / "told"
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "contrib")))
    environ = {**os.environ, "TOLD": str(told), "PUBLIC_URL": public_url, "PYTHONPATH": paths}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fd = listener.fileno()
        named = [
            part.format(fd=fd, site="tests.with_servers.site") for part in (*SERVERS[kind], *more)
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", *named],
            pass_fds=[fd],
            env=environ,
            cwd=ROOT,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        port = listener.getsockname()[1]
    try:
        yield Site(Running(port), told, process)
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture(scope="module", params=SERVERS)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Each of them."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as made:
        yield made


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("alias", ["main", "über"])
def test_a_signature_covers_the_address_as_it_was_called(
    alias: str, query: str, site: Site
) -> None:
    """Path and query byte by byte: escapes, empty and doubled values, more than ASCII."""
    target = make_path(SECRET, alias) + query
    before = site.count()
    fields = text_of("Zürich 你好", sid=f"SM{alias}{query}"[:200])

    assert 200 == site.post(target, PUBLIC + target, fields)
    assert 403 == site.post(target + ("&x=1" if query else "?x"), PUBLIC + target, fields)
    assert 403 == site.post(target, PUBLIC + target + "x", fields)
    assert 1 == site.count() - before


def test_a_stop_stops_other_providers_and_a_start_lifts_it(site: Site) -> None:
    """In the process that sends, which shares the ledger alone with the server."""
    target = make_path(SECRET, "main")
    ledger = Ledger(SqliteDatabase(Path(f"{site.told}.sqlite3")))
    sender = Sender(MemoryBackend(), ledger=ledger)

    assert 200 == site.post(target, PUBLIC + target, text_of("STOP", "SM-stop"))
    refused = sender.send(Message(NUMBER, "hello"))
    assert 200 == site.post(target, PUBLIC + target, text_of("START", "SM-start"))
    accepted = sender.send(Message(NUMBER, "hello"))
    ledger.close()

    assert (Reason.OPTED_OUT, None) == (refused.reason, accepted.reason)


def test_chunks_are_taken_whole_or_refused(site: Site) -> None:
    """A body in chunks is the same as one of a length, wherever the server marks its end."""
    path = "/hooks" + make_path(SECRET, "plain")
    form = b"from=%2B15015551234&to=74700&id=chunked&text=hello"
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (form[:9], form[9:]))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    before = site.count()
    with socket.create_connection(("127.0.0.1", site.server.port), timeout=30) as plain:
        plain.sendall(head.encode() + pieces + b"0\r\n\r\n")
        status = plain.recv(100).split(b" ")[1]

    assert b"200" == status
    assert 1 == site.count() - before


def test_what_is_beside_the_receiver_is_not_its(site: Site) -> None:
    """No address outside of where it stands leads to it."""
    target = make_path(SECRET, "main")
    before = site.count()

    assert 404 == site.post(target, PUBLIC + target, text_of(sid="SM-beside"), mount="")
    assert 404 == site.post(target, PUBLIC + target, text_of(sid="SM-beside"), mount="/hooksX")
    assert before == site.count()


@pytest.mark.parametrize("kind", SERVERS)
def test_without_a_public_url_the_server_says_it(kind: str, tmp_path: Path) -> None:
    """Host and path of the request, where nothing stands before the server."""
    target = make_path(SECRET, "über") + "?q=%C3%A9"
    with running(kind, tmp_path, "") as site:
        url = f"http://127.0.0.1:{site.server.port}/hooks{target}"

        assert 200 == site.post(target, url, text_of())
        assert 403 == site.post(target, PUBLIC + target, text_of())


def test_gunicorns_access_log_has_no_address(tmp_path: Path) -> None:
    """With the filter, that the site adds; the rest of each line is as it was."""
    target = make_path(SECRET, "plain")
    query = "?from=%2B15015551234&to=74700&id=k1&text=canary"
    with running("gunicorn-sync", tmp_path, PUBLIC, "--access-logfile", "-") as site:
        assert 200 == site.server.ask("GET", f"/hooks{target}{query}", {}, b"")[0]
        site.process.terminate()
        written = site.process.communicate(timeout=60)[0].decode()

    assert '"GET /hooks/plain/••• HTTP/1.1" 200' in written
    assert not any(private in written for private in ("canary", "5551234", target))


@pytest.mark.parametrize("kind", SERVERS)
def test_a_header_that_only_looks_like_the_proxys_is_not_believed(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ``_`` for ``-`` WSGI has the same name for it; gunicorn drops it."""
    monkeypatch.setenv("ALLOW", "8.8.8.8")
    target = "/hooks" + make_path(SECRET, "plain") + "?from=%2B15015551234&to=74700&text=x&id=k1"
    real, forged = {"X-Forwarded-For": "8.8.8.8"}, {"X_Forwarded_For": "8.8.8.8"}
    with running(kind, tmp_path) as site:
        statuses = [
            site.server.ask("GET", target, headers, b"")[0]
            for headers in ({}, forged, {"X-Forwarded-For": "6.6.6.6", **forged}, real)
        ]

    assert [403, 403, 403, 200] == statuses
