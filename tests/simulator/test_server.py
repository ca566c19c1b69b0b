"""The simulator's server: it starts, is reached, and ends."""

from __future__ import annotations

import gc
import http.client
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from simulator_client import HALF, PATIENCE, call, connect, python, send, target, until

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.simulator import Simulator

pytestmark = pytest.mark.once


def test_a_connection_is_kept_open(simulator: Simulator) -> None:
    """HTTP/1.1 keep-alive: a second text goes over the same connection."""
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=PATIENCE)
    socks = []
    for _ in range(2):
        connection.request("GET", target())
        socks.append(connection.sock)
        connection.getresponse().read()
    connection.close()

    assert socks[0] is socks[1]
    assert len(simulator.messages) == 2


def test_two_hundred_connections_at_once(simulator: Simulator) -> None:
    """200 open connections all get an id, and no two the same."""
    open_at_once = [connect(simulator) for _ in range(200)]
    heads = [connection.recv(65_536).decode() for connection in open_at_once]
    for connection in open_at_once:
        connection.close()

    assert all(head.startswith("HTTP/1.1 200 OK") for head in heads)
    assert len({message.id for message in simulator.messages}) == 200


def test_closing_does_not_wait_for_anybody() -> None:
    """Clients that wait, are slow, idle or half through a request do not hold up the end."""
    before = set(threading.enumerate())
    with Simulator() as simulator:
        waiting = [connect(simulator, mobile="5015550105"), connect(simulator, mobile="5015550116")]
        idle = socket.create_connection(("127.0.0.1", simulator.port), timeout=PATIENCE)
        half = socket.create_connection(("127.0.0.1", simulator.port), timeout=PATIENCE)
        half.sendall(HALF)
        until(lambda: len(simulator.requests) == 2)
        began = time.monotonic()
    took = time.monotonic() - began
    for connection in (*waiting, idle, half):
        connection.close()

    assert took < 3
    assert before == set(threading.enumerate())


def test_closing_ends_the_wait_of_a_client() -> None:
    """A client that waits for an answer learns at once that none will come."""
    with Simulator() as simulator:
        connection = connect(simulator, mobile="5015550105")
        until(lambda: simulator.requests)
    with connection:
        try:
            rest = connection.recv(1)
        except ConnectionResetError:
            rest = b""

    assert rest == b""


def test_a_client_that_does_not_read_does_not_hold_up_the_end() -> None:
    """An answer that nobody takes is thrown away."""
    with Simulator() as simulator:
        for _ in range(300):
            send(simulator, msg="x" * 30_000)
        greedy = socket.create_connection(("127.0.0.1", simulator.port), timeout=PATIENCE)
        greedy.sendall(b"GET /api/messages?limit=1000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        greedy.recv(1)
        began = time.monotonic()
    took = time.monotonic() - began
    greedy.close()

    assert took < 3


def ask_only(simulator: Simulator) -> socket.socket:
    """A connection that asks for much, and reads nothing."""
    opened = connect(simulator)
    opened.sendall(b"GET /api/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 200)
    return opened


@pytest.mark.parametrize("reach", [connect, ask_only])
@pytest.mark.parametrize("wait", [0.0, 0.1])
def test_no_connection_outlives_the_simulator(
    reach: Callable[[Simulator], socket.socket], wait: float
) -> None:
    """Not one that was accepted just before the end, and not one whose peer reads nothing."""
    gc.collect()
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        for _ in range(5):
            with Simulator() as simulator:
                peers = [reach(simulator) for _ in range(10)]
                time.sleep(wait)
            gc.collect()
            for peer in peers:
                peer.close()

    assert [] == [str(each.message) for each in left]


def test_close_may_be_called_again_and_what_was_sent_stays() -> None:
    """After the end the texts can still be looked at, and nobody listens."""
    with Simulator() as simulator:
        send(simulator)
        simulator.close()
        simulator.close()

    assert len(simulator.messages) == 1
    with pytest.raises(ConnectionRefusedError):
        send(simulator)


def test_it_can_be_entered_again_but_not_twice_at_once() -> None:
    """One simulator, one server."""
    simulator = Simulator()
    with pytest.raises(RuntimeError, match="with"):
        _ = simulator.url
    with simulator, pytest.raises(RuntimeError, match="already"):
        simulator.__enter__()
    with simulator:
        assert send(simulator)[0] == 200


def test_its_url_is_where_it_listens() -> None:
    """Without a port it takes one that is free; IPv6 addresses are in brackets."""
    with Simulator(host="localhost") as simulator:
        assert simulator.url == f"http://localhost:{simulator.port}"
        assert send(simulator)[0] == 200
    with Simulator(host="::1") as simulator:
        connection = http.client.HTTPConnection("::1", simulator.port, timeout=PATIENCE)
        connection.request("GET", target())

        assert simulator.url == f"http://[::1]:{simulator.port}"
        assert connection.getresponse().status == 200
        connection.close()


def test_a_port_in_use_is_one_line(simulator: Simulator) -> None:
    """`OSError` says which address is taken."""
    with pytest.raises(OSError, match="in use") as error:
        Simulator(simulator.port).__enter__()

    assert f"127.0.0.1 port {simulator.port}" in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.__context__ is None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.invalid", ""])
def test_only_this_machine_may_reach_it(host: str) -> None:
    """Anything but a loopback address is refused before it is listened at."""
    with pytest.raises(ConfigurationError):
        Simulator(host=host).__enter__()


def test_others_may_reach_it_only_when_allowed() -> None:
    """With a token any address of this machine will do."""
    with pytest.raises(OSError, match=r"192\.0\.2\.1"):
        Simulator(host="192.0.2.1", token="canary").__enter__()


SERVE = """
from sumotext_backend.simulator import serve
serve(0, on_ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


def test_serve_runs_until_ctrl_c() -> None:
    """``serve`` tells its URL, answers, and returns after Ctrl-C with nothing more to say."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SERVE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    port = urlsplit(process.stdout.readline().strip()).port or 0
    answer = call(port, "GET", target())
    process.send_signal(signal.SIGINT)
    printed, told = process.communicate(timeout=PATIENCE)

    assert answer[0] == 200
    assert (0, "ended\n", "") == (process.returncode, printed, told)


def test_importing_it_imports_no_server() -> None:
    """Starlette, uvicorn and asyncio are imported when a simulator starts."""
    ended = python(
        "import sys, sumotext_backend.simulator\n"
        "print({'asyncio', 'h11', 'starlette', 'uvicorn'} & {*sys.modules})"
    )

    assert ended.stdout == "set()\n"


@pytest.mark.parametrize("missing", ["h11", "starlette", "uvicorn"])
def test_without_the_extra_one_line_says_what_to_install(missing: str) -> None:
    """The error of a missing server names the extra."""
    ended = python(
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from sumotext_backend.simulator import Simulator\n"
        "Simulator().__enter__()"
    )

    *_, line = ended.stderr.splitlines()
    assert "pip install 'sumotext-backend[cli]'" in line
    assert "ConfigurationError" in line


def test_a_response_on_a_kept_connection_is_not_held_back(simulator: Simulator) -> None:
    """No packet waits for the client's acknowledgement, which a kernel delays by 40 ms."""
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=PATIENCE)
    took = []
    for _ in range(30):
        began = time.monotonic()
        connection.request("GET", target())
        connection.getresponse().read()
        took.append(time.monotonic() - began)
    connection.close()

    assert statistics.median(took) < 0.03


def test_it_ends_as_soon_as_it_is_told_to() -> None:
    """Nothing is polled for at the end: a simulator for each test costs no test its time."""
    took = []
    for _ in range(9):
        with Simulator() as simulator:
            send(simulator)
            began = time.monotonic()
        took.append(time.monotonic() - began)

    assert statistics.median(took) < 0.05


def test_a_text_is_waited_for(simulator: Simulator) -> None:
    """`wait_for` returns as soon as it is there, and finds a number in any writing."""
    threading.Timer(0.1, send, [simulator]).start()
    (found,) = simulator.wait_for(to="(501) 555-1234", seconds=PATIENCE)

    assert simulator.messages == (found,)


def test_a_wait_for_a_text_that_does_not_come_says_how_many_did(simulator: Simulator) -> None:
    """`TimeoutError`, in one line without a number."""
    send(simulator)
    with pytest.raises(TimeoutError, match=r"^1 of 2 texts came in 0\.1 s$"):
        simulator.wait_for(2, seconds=0.1)


def test_the_next_requests_are_made_to_fail(simulator: Simulator) -> None:
    """As the magic number of that name; a name that is none is one line."""
    simulator.fail_next("error", times=2)
    statuses = [send(simulator)[0] for _ in range(3)]

    assert [500, 500, 200] == statuses
    with pytest.raises(ValueError, match="'name' wants to be one of accepted, "):
        simulator.fail_next("canary")


def test_a_request_without_the_token_is_refused_but_for_the_providers() -> None:
    """The inbox and its API are private; an SDK could not tell a token."""
    with Simulator(token="s3cret") as simulator:
        answers = [
            call(simulator.port, "GET", path)[0] for path in ("/", "/api/messages", target())
        ]

    assert [401, 401, 200] == answers
