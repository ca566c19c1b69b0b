"""Green threads: patched before or after our import, answers stay with their texts."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sumotext_backend.testing import HostileGateway, Raw

SENDS = 60
HEAD = "HTTP/1.1 {}\r\nContent-Length: {}\r\n\r\n"
SMSID = "ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0"

PROGRAM = """
import json, sys
library, when, url, bundle, transport, sends = sys.argv[1:]

def patch():
    if library == "gevent":
        from gevent import monkey
        monkey.patch_all()
    else:
        import eventlet
        eventlet.monkey_patch()

def together(work, items):
    if library == "gevent":
        from gevent.pool import Pool
        return Pool(16).map(work, items)
    import eventlet
    return list(eventlet.GreenPool(16).imap(work, items))

if when == "early":
    patch()
from sumotext_backend import Message, SendResult
from sumotext_backend.providers.sumotext import SumotextBackend
backend = SumotextBackend(
    shortcode="74700", keyword="SUMO", carrier="ATTUS", base_url=url, ca_bundle=bundle or None,
    transport=transport, timeout=20, connect_timeout=10,
)
if when == "in use":
    backend.send(Message("5015550000", "hello"))
if when != "early":
    patch()

def send(index):
    result = backend.send(Message(f"501555{index:04d}", "hello"))
    return [str(result.outcome), result.detail, result.raw.partition(":")[0]]

print(json.dumps(together(send, range(int(sends)))))
"""


def refuses(mobile: str) -> bool:
    """Every third number has not opted in."""
    return int(mobile) % 3 == 1


def slowly(mobile: str) -> bytes:
    """An answer after a moment, so that green threads meet; a refusal comes with a 403."""
    time.sleep(int(mobile) % 7 / 500)
    status, word = ("403 No", "NOTOPT") if refuses(mobile) else ("200 OK", SMSID)
    body = f"{mobile}:{word}\r\n"
    return (HEAD.format(status, len(body)) + body).encode()


def right(index: int) -> list[str]:
    """Outcome and echoed number of each send."""
    mobile = f"501555{index:04d}"
    return ["REJECTED" if refuses(mobile) else "ACCEPTED", mobile]


@pytest.mark.parametrize("when", ["early", "late", "in use"])
@pytest.mark.parametrize("library", ["gevent", "eventlet"])
@pytest.mark.parametrize("way", ["sockets", "sockets over TLS", "requests"])
def test_answers_stay_with_their_texts(
    library: str, when: str, way: str, run: Callable[..., Any]
) -> None:
    """Each refusal stays one, none is called FAILED, and each text is one request."""
    with HostileGateway(Raw(slowly, end="keep"), tls="TLS" in way) as gateway:
        bundle = str(gateway.ca_bundle or "")
        transport = way.partition(" ")[0]
        found = run(PROGRAM, library, when, gateway.url, bundle, transport, str(SENDS))
        gets = gateway.gets

    assert [right(index) for index in range(SENDS)] == [[one[0], one[2]] for one in found], found
    assert SENDS + (when == "in use") == gets


@pytest.mark.parametrize("when", ["early", "late"])
@pytest.mark.parametrize("library", ["gevent", "eventlet"])
def test_requests_over_a_tls_that_was_replaced(
    library: str, when: str, run: Callable[..., Any]
) -> None:
    """It works, or it refuses before anything is sent: it never goes on without a deadline."""
    with HostileGateway(Raw(slowly, end="keep"), tls=True) as gateway:
        found = run(PROGRAM, library, when, gateway.url, str(gateway.ca_bundle), "requests", "12")
        gets = gateway.gets

    outcomes = [one[0] for one in found]
    assert (outcomes, gets) in [
        ([right(index)[0] for index in range(12)], 12),
        (["FAILED"] * 12, 0),
    ]


APPLICATION = """
import os
from sumotext_backend import Message, connect
sms = connect(f"sumotext://74700/SUMO?carrier=ATTUS&timeout=20&base_url={os.environ['GATEWAY']}")

def application(environ, start):
    result = sms.send(Message(environ["PATH_INFO"].strip("/"), "hello"))
    start("200 OK", [("Content-Type", "text/plain")])
    return [str(result.outcome).encode()]
"""


@contextlib.contextmanager
def gunicorn(folder: Path, gateway: str, worker: str) -> Iterator[str]:
    """The URL of an application that was loaded before its workers were forked and patched."""
    (folder / "texts.py").write_text(APPLICATION)
    command = [sys.executable, "-m", "gunicorn", "--preload", "-k", worker, "-w", "2"]
    process = subprocess.Popen(
        [*command, "-b", "127.0.0.1:0", "texts:application"],
        cwd=folder,
        env={**os.environ, "GATEWAY": gateway, "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    with process:
        try:
            said = ""
            while not (found := re.search(r"Listening at: (http://[0-9.:]+)", said)):
                line = process.stderr.readline() if process.stderr else ""
                assert line, said
                said += line
            yield found[1]
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # a worker that is just booting misses its own
            process.communicate(timeout=20)


@pytest.mark.parametrize("worker", ["gevent", "eventlet"])
def test_an_application_that_was_preloaded(worker: str, tmp_path: Path) -> None:
    """It is patched after our import: no text fails, no refusal gets lost, none is sent twice."""
    if importlib.util.find_spec(f"gunicorn.workers.g{worker}") is None:
        pytest.skip(f"this gunicorn has no worker {worker}")
    numbers = [f"501555{index:04d}" for index in range(SENDS)]

    def ask(url: str) -> str:
        with urllib.request.urlopen(url, timeout=30) as answer:
            said: bytes = answer.read()
        return said.decode()

    with HostileGateway(Raw(slowly, end="keep")) as gateway:
        with gunicorn(tmp_path, gateway.url, worker) as url, ThreadPoolExecutor(16) as pool:
            found = list(pool.map(ask, [f"{url}/{number}" for number in numbers]))
        gets = gateway.gets

    assert [right(index)[0] for index in range(SENDS)] == found
    assert SENDS == gets
