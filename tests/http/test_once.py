"""One request, once: through alarms, signals and exits, in a child, at the interpreter's end."""

from __future__ import annotations

import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from types import FrameType, TracebackType
from typing import Any

import pytest
import trustme
from plain_backend import NUMBER, TARGET, TEXT, PlainBackend, backend, exchange

from sumotext_backend.http import NoResponse, Request, Response
from sumotext_backend.http.dial import MAX_LOOKUPS
from sumotext_backend.models import Outcome, Reason
from sumotext_backend.testing import HostileGateway, Raw

Handler = Callable[[int, FrameType | None], Any]


class AlarmError(Exception):
    """What the program's own alarm raises."""


@contextmanager
def alarm(handler: Handler, *intervals: float) -> Iterator[None]:
    """``handler`` is called after the first interval, and every second one."""
    previous = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, *intervals)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def leave(*_: object) -> None:
    """What gunicorn does to a worker whose time is over."""
    raise SystemExit(1)


def once_read(gateway: HostileGateway, handler: Handler, count: int = 1) -> Handler:
    """``handler``, but not before ``gateway`` has read ``count`` requests: it may be busy."""

    def wait(*given: Any) -> None:
        if gateway.gets < count:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
        else:
            handler(*given)

    return wait


def frames(trace: TracebackType | None) -> Iterator[FrameType]:
    """The frames of a traceback."""
    while trace:
        yield trace.tb_frame
        trace = trace.tb_next


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_an_exit_shows_no_query_in_our_frames(tls: bool) -> None:
    """A tracker of errors shows each frame's locals: none of ours, or of ssl's, holds the query."""
    with HostileGateway("U06", tls=tls) as gateway, closing(backend(gateway)) as sender:
        with pytest.raises(SystemExit) as caught, alarm(once_read(gateway, leave), 0.1):
            exchange(sender)
        assert 1 == gateway.gets

    seen = {
        f"{frame.f_code.co_filename}:{name}": repr(value)
        for frame in frames(caught.value.__traceback__)
        for name, value in frame.f_locals.items()
        if "/tests/" not in frame.f_code.co_filename
    }
    assert any("http/connection.py" in place for place in seen)
    assert [] == [place for place, value in seen.items() if NUMBER in value or TEXT in value]


# It would be the lock of coverage that the alarm leaves held.
not_measured = pytest.mark.skipif("COVERAGE_RUN" in os.environ, reason="coverage holds locks")


def test_an_exit_leaves_the_backend_usable(transport: str) -> None:
    """The connection that it broke off is closed and not used again; the next send works."""
    with HostileGateway("S01", "U06", "S01") as gateway:
        with closing(backend(gateway, transport)) as sender:
            exchange(sender)
            with pytest.raises(SystemExit), alarm(once_read(gateway, leave, 2), 0.1):
                exchange(sender)
            after = exchange(sender)

        assert isinstance(after, Response)
        assert (3, 2) == (gateway.gets, gateway.connections)


@not_measured
def test_a_signal_handler_may_send(transport: str) -> None:
    """In the middle of any step of a send that is under way: nothing waits for itself."""
    inner: list[Response | NoResponse] = []
    with HostileGateway("S01") as gateway, closing(backend(gateway, transport)) as sender:
        with alarm(lambda *_: inner.append(exchange(sender)), 0.002, 0.0031):
            outer = [exchange(sender) for _ in range(300)]

        assert all(isinstance(one, Response) for one in [*outer, *inner])
        assert len(outer) + len(inner) == gateway.gets
    assert inner


# A connection that an alarm takes out of our hands is closed as garbage.
@not_measured
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_alarm_at_any_moment_leaves_no_lock(transport: str) -> None:
    """Wherever it raises, the next send works, and each request was made once at most."""

    def ring(*_: object) -> None:
        raise AlarmError

    chance, broken = random.Random(5), 0
    with HostileGateway("S01") as gateway, closing(backend(gateway, transport)) as sender:
        for _ in range(300):
            try:
                with alarm(ring, chance.uniform(1e-5, 2e-3)):
                    ended = exchange(sender)
            except AlarmError:
                broken += 1
            else:
                broken += isinstance(ended, NoResponse)
            assert isinstance(exchange(sender), Response)

        assert gateway.gets <= 600
    assert broken > 10


def test_an_alarm_that_raises_after_the_mark_is_a_doubt(transport: str) -> None:
    """Before the request began it would be FAILED; while an answer is waited for it never is."""

    def ring(*_: object) -> None:
        raise AlarmError

    with (
        HostileGateway("U06") as gateway,
        closing(backend(gateway, transport)) as sender,
        alarm(once_read(gateway, ring), 0.1),
    ):
        ended = exchange(sender)

    assert isinstance(ended, NoResponse)
    assert Outcome.UNKNOWN is ended.reason.outcome


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_end_of_the_interpreter(host: str) -> None:
    """No thread can be started then (Python 3.12): an IP works, a name works or is FAILED."""
    code = (
        "import atexit, sys\n"
        "from sumotext_backend import Message, connect\n"
        "sms = connect(f'sumotext://74700/SUMO?carrier=ATTUS&timeout=5&base_url={sys.argv[1]}')\n"
        "atexit.register(lambda: print(sms.send(Message('5015551234', 'x')).outcome))\n"
    )
    with HostileGateway("S01") as gateway:
        url = gateway.url.replace("127.0.0.1", host)
        done = subprocess.run(
            [sys.executable, "-c", code, url],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )

    works = {"ACCEPTED"}
    assert done.stdout.strip() in (works if host == "127.0.0.1" else works | {"FAILED"})
    assert not done.stderr


def refuse_look_ups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no thread of a look-up start, as at the end of the interpreter."""
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "sumotext-resolve":
            raise RuntimeError("can't create new thread at interpreter shutdown")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)


def test_an_ip_address_needs_no_thread(transport: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name does, and without one it is surely not sent."""
    refuse_look_ups(monkeypatch)
    with HostileGateway("S01") as gateway:
        named = gateway.url.replace("127.0.0.1", "localhost")
        with closing(backend(gateway, transport)) as ip:
            assert isinstance(exchange(ip), Response)
        with closing(backend(gateway, transport, base_url=named)) as name:
            failed = exchange(name)

    assert isinstance(failed, NoResponse)
    assert Reason.UNREACHABLE is failed.reason


def lookups() -> int:
    """How many threads look names up."""
    return sum(thread.name == "sumotext-resolve" for thread in threading.enumerate())


def sleep(*_args: object, **_kwargs: object) -> list[object]:
    """What a resolver does that hangs."""
    time.sleep(1)
    return []


def test_a_resolver_that_hangs_leaves_few_threads(
    transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One for each name, and few for all names; what is beyond them is FAILED at once."""
    monkeypatch.setattr(socket, "getaddrinfo", sleep)

    def ask(name: str) -> NoResponse | Response:
        url = f"https://{name}.invalid"
        options: dict[str, Any] = {"base_url": url, "timeout": 0.01, "transport": transport}
        with closing(PlainBackend(**options)) as sender:
            return exchange(sender)

    same = [ask("same") for _ in range(20)]
    assert 1 == lookups()
    others = [ask(f"other{index}") for index in range(30)]
    assert MAX_LOOKUPS >= lookups()

    for ended in [*same, *others]:
        assert isinstance(ended, NoResponse)
        assert Reason.UNREACHABLE is ended.reason
    while lookups():  # so that the next test finds none
        time.sleep(0.05)


def test_a_name_that_stands_in_the_common_name_only_is_not_trusted(
    transport: str, tmp_path: Any
) -> None:
    """Names have stood in subjectAltName for long; what has them elsewhere is nobody's."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("someone@example.org", common_name="localhost").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=(listener, context))
        thread.start()
        url = f"https://localhost:{listener.getsockname()[1]}"
        options: dict[str, Any] = {"base_url": url, "ca_bundle": str(tmp_path / "ca.pem")}
        with closing(PlainBackend(transport=transport, **options)) as sender:
            ended = exchange(sender)
        thread.join()

    assert isinstance(ended, NoResponse)
    assert Reason.TLS is ended.reason


def greet(listener: socket.socket, context: ssl.SSLContext) -> None:
    """Shake one hand, which is refused."""
    client, _ = listener.accept()
    with client, pytest.raises(OSError):  # noqa: PT011 - of the system's kinds
        context.wrap_socket(client, server_side=True).recv(1)


FINAL = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"


@pytest.mark.parametrize("informs", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_what_only_informs_is_passed_over(informs: str, transport: str) -> None:
    """The answer is the one after it."""
    early = f"HTTP/1.1 {informs}\r\nLink: </a>\r\n\r\n".encode()
    played = Raw(early * 2 + FINAL, end="keep")
    with HostileGateway(played) as gateway, closing(backend(gateway, transport)) as sender:
        ended = exchange(sender)

    assert Response(200, b"hello\n", ended=True) == ended


@pytest.mark.parametrize("status", ["+404", "-404", "4 04", "0404", "404.0"])
def test_a_status_that_is_not_three_digits_is_a_doubt(status: str, transport: str) -> None:
    """It would be FAILED as a 404."""
    odd = FINAL.replace(b"200", status.encode())
    with HostileGateway(Raw(odd)) as gateway, closing(backend(gateway, transport)) as sender:
        ended = exchange(sender)

    assert isinstance(ended, NoResponse)
    assert Reason.BAD_ANSWER is ended.reason


@pytest.mark.parametrize("target", ["/a b", "/a\r\nX: y", "a", "", "/\xe9"])
def test_a_target_that_cannot_be_is_not_sent(target: str, transport: str) -> None:
    """It is a matter of configuration, whatever it would do to the request."""
    with HostileGateway("S01") as gateway, closing(backend(gateway, transport)) as sender:
        ended = sender.exchange(Request(target=target))

        assert isinstance(ended, NoResponse)
        assert Reason.CONFIGURATION is ended.reason
        assert 0 == gateway.connections


def test_a_request_is_what_it_says(transport: str) -> None:
    """Method, target, headers and body arrive; its own headers are in the place of ours."""
    with HostileGateway("S01") as gateway:
        with closing(backend(gateway, transport, base_url=f"{gateway.url}/v1/")) as sender:
            headers = {"user-agent": "me", "X-A": "\xe9"}
            sender.exchange(
                Request(target="/texts?a=b", method="POST", body=b"{}", headers=headers)
            )
        [request] = gateway.requests

    assert ("POST", "/v1/texts?a=b", b"{}") == (request.method, request.target, request.body)
    wanted = {
        "host": f"127.0.0.1:{gateway.port}",
        "user-agent": "me",
        "x-a": "\xe9",
        "accept": "*/*",
        "accept-encoding": "identity",
        "content-length": "2",
    }
    assert wanted.items() <= request.headers.items()


def test_a_request_shows_nothing_of_itself() -> None:
    """Its repr has the method alone."""
    request = Request(target=TARGET, method="POST", body=TEXT.encode(), headers={"X-Key": TEXT})

    assert "Request(method='POST')" == repr(request)
