"""The simulator: SUMOTEXT's gateway on loopback, spoken to over plain sockets."""

from __future__ import annotations

import http.client
import json
import logging
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.models import Outcome, Reason
from sumotext_backend.simulator import MAGIC, Simulator, magic_table, magic_text
from sumotext_backend.simulator.magic import behaviour
from sumotext_backend.simulator.store import Received, Seen, Store

pytestmark = pytest.mark.once

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "magic-numbers.md"
GUID = r"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}"
MOBILE = "5015551234"
TEXT = "canary & co"
SENT = {"mobile": MOBILE, "carrier": "ATTUS", "shortcode": "74700", "key": "KEYCANARY", "msg": TEXT}
PATIENCE = 20  # seconds; no test takes so long

Answer = tuple[int, dict[str, str], str]


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    """One simulator for the tests that leave it as it was."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """A simulator that has seen nothing."""
    running.clear()
    return running


def call(port: int, method: str, target: str, body: bytes | None = None, kind: str = "") -> Answer:
    """Make one request on a connection of its own: status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, target, body, {"Content-Type": kind} if kind else {})
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, response.read().decode()
    finally:
        connection.close()


def target(**changes: str) -> str:
    """The target of a Send MT."""
    return f"/secure/sumoSend.aspx?{urlencode({**SENT, **changes}, quote_via=quote)}"


def send(simulator: Simulator, **changes: str) -> Answer:
    """Send one text by the legacy API."""
    return call(simulator.port, "GET", target(**changes))


def post(simulator: Simulator, **changes: Any) -> Answer:
    """Send one text by the newer API; a field that is None is left out."""
    fields = {"apikey": "secret", **SENT, **changes}
    given = {name: value for name, value in fields.items() if value is not None}
    return post_body(simulator, b"json=" + json.dumps(given).encode())


def post_body(simulator: Simulator, body: bytes, kind: str = "application/json/mt") -> Answer:
    """Post ``body`` to the newer API."""
    return call(simulator.port, "POST", "/api/sumopost/post", body, kind)


def connect(simulator: Simulator, *, mobile: str = MOBILE) -> socket.socket:
    """A connection on which a Send MT was just sent."""
    connection = socket.create_connection(("127.0.0.1", simulator.port), timeout=PATIENCE)
    connection.sendall(f"GET {target(mobile=mobile)} HTTP/1.1\r\nHost: sim\r\n\r\n".encode())
    return connection


def until(condition: Any) -> None:
    """Wait until ``condition()`` holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a fresh interpreter, warnings as errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# --- the legacy page ----------------------------------------------------------------------------


def test_an_accepted_text_gets_its_number_and_an_id(simulator: Simulator) -> None:
    """First line ``{mobile}:{GUID}``, CR LF, then a form; as HTML of a declared length."""
    status, headers, body = send(simulator)
    line, _, tail = body.partition("\r\n")

    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert len(body) == int(headers["content-length"])
    assert "set-cookie" not in headers
    assert re.fullmatch(f"{MOBILE}:{GUID}", line)
    assert "<form" in tail


@pytest.mark.parametrize("prefix", ["", "1", "+1"])
def test_a_number_is_echoed_as_it_was_asked(simulator: Simulator, prefix: str) -> None:
    """Ten digits, or after 1 or +1: the answer names the number as the request did."""
    _, _, body = send(simulator, mobile=prefix + MOBILE)

    assert body.startswith(f"{prefix}{MOBILE}:")


@pytest.mark.parametrize("name", SENT)
def test_a_parameter_that_is_empty_or_missing_gets_the_form_alone(
    simulator: Simulator, name: str
) -> None:
    """Without all five parameters, in lower case, there is no first line and no text."""
    empty = send(simulator, **{name: ""})
    upper = call(simulator.port, "GET", target().replace(f"{name}=", f"{name.upper()}="))

    assert [200, 200] == [empty[0], upper[0]]
    assert empty[2] == upper[2]
    assert empty[2].startswith("<!DOCTYPE html>")
    assert ":" not in empty[2].partition("\n")[0]
    assert simulator.messages == ()
    assert ["incomplete"] * 2 == [seen.name for seen in simulator.requests]


@pytest.mark.parametrize("mobile", ["501555123", "1115551234", "+4930123456", "<b>5015551234</b>"])
def test_what_is_no_number_is_not_found(simulator: Simulator, mobile: str) -> None:
    """Anything but a North American number is refused; only its digits come back."""
    _, _, body = send(simulator, mobile=mobile)
    echo, _, code = body.partition("\r\n")[0].partition(":")

    assert code == "NOTFOUND"
    assert "".join(re.findall("[0-9]", mobile)) == echo
    assert simulator.messages == ()


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


# --- magic numbers ------------------------------------------------------------------------------

LINES = {
    "5015550101": "5015550101:NOTOPT",
    "5015550102": "5015550102:NOTFOUND",
    "5015550103": "5015550103:NOTIP",
    "5015550104": "ERROR:NOTIP",
    "5015550110": f"2125551212:{GUID}",
    "5015550111": "5015550111:NOTACTIVE",
    "5015550116": f"5015550116:{GUID}",
}
STATUS = {
    "5015550109": (302, None),
    "5015550112": (500, None),
    "5015550113": (503, "1"),
    "5015550114": (429, "1"),
    "5015550115": (404, None),
}
RESULTS = {
    "0101": "REJECTED NOT_OPTED_IN",
    "0102": "REJECTED NOT_SUBSCRIBED",
    "0103": "FAILED UNAUTHORIZED",
    "0104": "FAILED UNAUTHORIZED",
    "0105": "UNKNOWN TIMEOUT",
    "0106": "UNKNOWN NO_ANSWER",
    "0107": "UNKNOWN BAD_ANSWER",
    "0108": "UNKNOWN BAD_ANSWER",
    "0109": "UNKNOWN REDIRECTED",
    "0110": "ACCEPTED None",
    "0111": "UNKNOWN BAD_ANSWER",
    "0112": "UNKNOWN SERVER_ERROR",
    "0113": "UNKNOWN SERVER_ERROR",
    "0114": "FAILED THROTTLED",
    "0115": "FAILED REFUSED_REQUEST",
    "0116": "ACCEPTED None",
}


@pytest.mark.parametrize(("mobile", "line"), LINES.items())
def test_a_magic_number_has_its_line(simulator: Simulator, mobile: str, line: str) -> None:
    """HTTP 200, the line of that number, CR LF and the form."""
    status, _, body = send(simulator, mobile=mobile)
    first, _, tail = body.partition("\r\n")

    assert status == 200
    assert re.fullmatch(line, first)
    assert "<form" in tail


@pytest.mark.parametrize(("mobile", "expected"), STATUS.items())
def test_a_magic_number_has_its_status(
    simulator: Simulator, mobile: str, expected: tuple[int, str | None]
) -> None:
    """The status of that number, with Retry-After where it has one, and no first line."""
    status, headers, body = send(simulator, mobile=mobile)

    assert expected == (status, headers.get("retry-after"))
    assert body.startswith("<!DOCTYPE html>")


def test_the_redirect_leads_to_a_login_page_and_carries_the_query(simulator: Simulator) -> None:
    """As ASP.NET does, ``Location`` holds all that was asked, so a client must not show it."""
    _, headers, _ = send(simulator, mobile="5015550109")
    location = urlsplit(headers["location"])

    assert location.path == "/login.aspx"
    assert parse_qs(location.query)["ReturnUrl"] == [target(mobile="5015550109")]


def test_the_page_is_html_alone(simulator: Simulator) -> None:
    """0108 answers HTTP 200 without a first line."""
    status, _, body = send(simulator, mobile="5015550108")

    assert status == 200
    assert body.startswith("<!DOCTYPE html>")


def test_the_cut_id_ends_the_answer(simulator: Simulator) -> None:
    """0107 ends within the id: no line end, no form."""
    _, _, body = send(simulator, mobile="5015550107")

    assert re.fullmatch("5015550107:[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}", body)


def test_the_reset_comes_after_the_request_and_before_any_byte(simulator: Simulator) -> None:
    """0106 ends the connection by a TCP reset, and the request was seen."""
    with (
        connect(simulator, mobile="5015550106") as connection,
        pytest.raises(ConnectionResetError),
    ):
        connection.recv(1)

    assert ["reset"] == [seen.name for seen in simulator.requests]


def test_no_answer_lasts_until_the_client_leaves(simulator: Simulator) -> None:
    """0105 sends no byte; once the client left, nothing of it stays behind."""
    before = threading.active_count()
    with connect(simulator, mobile="5015550105") as connection:
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)

    assert send(simulator)[0] == 200
    assert before == threading.active_count()


def test_a_slow_answer_comes_after_a_second(simulator: Simulator) -> None:
    """0116 is silent at first and accepts then."""
    with connect(simulator, mobile="5015550116") as connection:
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(PATIENCE)

        assert connection.recv(15) == b"HTTP/1.1 200 OK"


def test_a_client_that_leaves_early_was_served_all_the_same(simulator: Simulator) -> None:
    """A text is kept when it arrives, so giving up on an answer does not take it back."""
    with connect(simulator, mobile="5015550116"):
        until(lambda: simulator.requests)

    assert ["5015550116"] == [message.mobile for message in simulator.messages]


@pytest.mark.parametrize("area", ["212", "501", "989"])
def test_the_area_code_does_not_matter(simulator: Simulator, area: str) -> None:
    """Magic numbers are ABC 555 01xx with any area code."""
    _, _, body = send(simulator, mobile=f"{area}5550101")

    assert body.startswith(f"{area}5550101:NOTOPT\r\n")


def test_each_magic_number_says_what_a_client_should_see() -> None:
    """Outcome and reason are those that the gateway's documentation and the faults call for."""
    told = {magic.digits: f"{magic.outcome} {magic.reason}" for magic in MAGIC}

    assert RESULTS == told


@given(st.from_regex(r"[2-9](?!11)[0-9]{2}[2-9][0-9]{6}", fullmatch=True))
def test_every_other_number_is_accepted(mobile: str) -> None:
    """Outside ABC 555 0101 to 0116 no valid number is magic."""
    magic = mobile[3:] in {f"555{one.digits}" for one in MAGIC}

    assert magic == (behaviour(mobile).name != "accepted")


# --- what it keeps ------------------------------------------------------------------------------


def test_an_accepted_text_is_kept_whole(simulator: Simulator) -> None:
    """Id, the five parameters, segments and encoding on the air, and the time in UTC."""
    before = datetime.now(UTC)
    _, _, body = send(simulator, msg="ł" * 71)
    (kept,) = simulator.messages

    assert body.startswith(f"{MOBILE}:{kept.id}\r\n")
    assert ("ATTUS", "74700", "KEYCANARY") == (kept.carrier, kept.shortcode, kept.key)
    assert (MOBILE, "ł" * 71) == (kept.mobile, kept.msg)
    assert (2, "UCS-2") == (kept.segments, kept.encoding)
    assert before <= kept.received_at <= datetime.now(UTC)


def test_texts_are_listed_as_json(simulator: Simulator) -> None:
    """``GET /_simulator/messages`` shows what `messages` holds."""
    send(simulator)
    (kept,) = simulator.messages
    (shown,) = json.loads(call(simulator.port, "GET", "/_simulator/messages")[2])

    assert shown.pop("received_at") == kept.received_at.isoformat()
    assert kept.received_at.utcoffset() == timedelta(0)
    assert {"id": kept.id, **SENT, "segments": 1, "encoding": "GSM-7"} == shown


def test_every_request_is_listed_with_its_result(simulator: Simulator) -> None:
    """``/_simulator/requests`` counts accepted and refused ones alike; only texts are messages."""
    for mobile in (MOBILE, "5015550101", "5015550112"):
        send(simulator, mobile=mobile)
    shown = json.loads(call(simulator.port, "GET", "/_simulator/requests")[2])

    assert [
        ("GET", MOBILE, "accepted", "ACCEPTED", None),
        ("GET", "5015550101", "not-opted-in", "REJECTED", "NOT_OPTED_IN"),
        ("GET", "5015550112", "error", "UNKNOWN", "SERVER_ERROR"),
    ] == [
        tuple(one[name] for name in ("method", "mobile", "name", "outcome", "reason"))
        for one in shown
    ]
    assert [MOBILE] == [message.mobile for message in simulator.messages]


def test_looking_is_no_request(simulator: Simulator) -> None:
    """Pages of the simulator itself are not counted."""
    for page in ("", "messages", "requests"):
        call(simulator.port, "GET", f"/_simulator/{page}")

    assert simulator.requests == ()


@pytest.mark.parametrize("page", ["messages", "requests"])
def test_delete_forgets_all(simulator: Simulator, page: str) -> None:
    """``DELETE`` on either list empties both."""
    send(simulator)
    status, _, body = call(simulator.port, "DELETE", f"/_simulator/{page}")

    assert (204, "") == (status, body)
    assert ((), ()) == (simulator.messages, simulator.requests)


def test_the_index_names_the_magic_numbers(simulator: Simulator) -> None:
    """``/_simulator/`` is a page for people, found without the slash too."""
    _, _, body = call(simulator.port, "GET", "/_simulator/")

    assert all(magic.number in body for magic in MAGIC)
    assert call(simulator.port, "GET", "/_simulator")[0] == 307


def record(number: int) -> tuple[Seen, Received]:
    """A request and its text, told apart by ``number``."""
    now = datetime.now(UTC)
    seen = Seen(
        method="GET", mobile=MOBILE, name="", outcome=Outcome.ACCEPTED, reason=None, received_at=now
    )
    text = {**SENT, "msg": f"canary {number}"}
    return seen, Received(id=str(number), **text, segments=1, encoding="GSM-7", received_at=now)


def test_the_oldest_go_first() -> None:
    """A store holds so many texts and requests and no more."""
    store = Store(limit=2)
    for number in range(3):
        store.add(*record(number))

    assert ["1", "2"] == [message.id for message in store.messages]
    assert len(store.requests) == 2


def test_records_show_no_number_text_or_keyword() -> None:
    """The repr of what is kept masks the number and leaves out text and keyword."""
    shown = "".join(map(repr, record(1)))

    assert "•••1234" in shown
    assert MOBILE not in shown
    assert "canary" not in shown.lower()


def test_two_hundred_connections_at_once(simulator: Simulator) -> None:
    """200 open connections all get an id, and no two the same."""
    open_at_once = [connect(simulator) for _ in range(200)]
    heads = [connection.recv(65_536).decode() for connection in open_at_once]
    for connection in open_at_once:
        connection.close()

    assert all(head.startswith("HTTP/1.1 200 OK") for head in heads)
    assert len({message.id for message in simulator.messages}) == 200


# --- the newer API ------------------------------------------------------------------------------


def test_the_newer_api_accepts(simulator: Simulator) -> None:
    """JSON with a GUID and ErrNum 0; the text is kept as if it came by the legacy page."""
    status, headers, body = post(simulator)
    (kept,) = simulator.messages

    assert status == 200
    assert headers["content-type"] == "application/json"
    assert {"sumoId": kept.id, "Err": {"ErrNum": 0, "ErrMessage": ""}} == json.loads(body)
    assert SENT == {name: getattr(kept, name) for name in SENT}
    assert ["POST"] == [seen.method for seen in simulator.requests]


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"mobile": "5015550101"}, 27),
        ({"mobile": "5015550102"}, 27),
        ({"mobile": "5015550103"}, 28),
        ({"mobile": "5015550104"}, 28),
        ({"mobile": "5015550111"}, 999),
        ({"mobile": "12"}, 27),
        ({"apikey": None}, 258),
        ({"apikey": ""}, 258),
        ({"carrier": None}, 9),
    ],
)
def test_a_refusal_of_the_newer_api_is_a_number(
    simulator: Simulator, changes: dict[str, str | None], number: int
) -> None:
    """HTTP 200, an ErrNum with words, no id, and no text kept."""
    status, _, body = post(simulator, **changes)
    answer = json.loads(body)

    assert (200, "", number) == (status, answer["sumoId"], answer["Err"]["ErrNum"])
    assert answer["Err"]["ErrMessage"]
    assert simulator.messages == ()


def test_the_newer_api_cannot_say_notfound(simulator: Simulator) -> None:
    """Both 0101 and 0102 are seen as not opted in there, as ErrNum 27 says no more."""
    for mobile in ("5015550101", "5015550102"):
        post(simulator, mobile=mobile)

    assert [Reason.NOT_OPTED_IN] * 2 == [seen.reason for seen in simulator.requests]


@pytest.mark.parametrize(("mobile", "expected"), STATUS.items())
def test_faults_of_transport_are_the_same_in_both(
    simulator: Simulator, mobile: str, expected: tuple[int, str | None]
) -> None:
    """What the legacy page answers by status, the newer API does too."""
    status, headers, _ = post(simulator, mobile=mobile)

    assert expected == (status, headers.get("retry-after"))


def test_the_newer_api_has_the_other_faults_too(simulator: Simulator) -> None:
    """A reset, a page instead of JSON, an id cut short."""
    with pytest.raises(ConnectionResetError):
        post(simulator, mobile="5015550106")

    assert post(simulator, mobile="5015550108")[2].startswith("<!DOCTYPE html>")
    assert len(json.loads(post(simulator, mobile="5015550107")[2])["sumoId"]) == 18


def test_percent_encoding_after_json_is_undone(simulator: Simulator) -> None:
    """A form-encoded body means the same as a bare one."""
    fields = json.dumps({"apikey": "secret", **SENT, "msg": "1 + 1 = 100%"})
    post_body(simulator, urlencode({"json": fields}).encode())
    post_body(simulator, b"json=" + fields.encode())

    assert ["1 + 1 = 100%"] * 2 == [message.msg for message in simulator.messages]


WHOLE = b"json=" + json.dumps({"apikey": "secret", **SENT}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"json=",
        b"json={",
        b"json=[]",
        b"json=" + b"[" * 60_000,
        b"json=" + b'{"a":' * 12_000,
        b'xml={"apikey": "a"}',
        WHOLE.replace(TEXT.encode(), b"\\ud800"),
        WHOLE.replace(b'"5015551234"', b"5015551234"),
        WHOLE.replace(TEXT.encode(), b"a" * 70_000),
    ],
)
def test_a_body_that_cannot_be_read_is_http_400(
    simulator: Simulator, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    """No JSON, nested beyond reason, too long, without a text: 400, and the server is well."""
    status, _, _ = post_body(simulator, body)

    assert status == 400
    assert ["unreadable"] == [seen.name for seen in simulator.requests]
    assert [] == [each for each in caplog.records if each.levelno >= logging.WARNING]


def test_the_content_type_chooses_the_call(simulator: Simulator) -> None:
    """Only ``application/json/mt`` is a text in JSON."""
    assert post_body(simulator, WHOLE, "application/json")[0] == 400
    assert post_body(simulator, WHOLE, "Application/JSON/mt; charset=utf-8")[0] == 200


HALF = (
    b"POST /api/sumopost/post HTTP/1.1\r\nHost: sim\r\n"
    b"Content-Type: application/json/mt\r\nContent-Length: 9\r\n\r\nj"
)


def test_a_client_that_leaves_within_its_request_is_no_error(
    simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Half a request is no text, and nothing that the server complains of."""
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=PATIENCE) as connection:
        connection.sendall(HALF)
    until(lambda: simulator.requests)

    assert simulator.messages == ()
    assert [] == [each for each in caplog.records if each.levelno >= logging.WARNING]


# --- the server ---------------------------------------------------------------------------------


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
        greedy.sendall(b"GET /_simulator/messages HTTP/1.1\r\nHost: sim\r\n\r\n")
        greedy.recv(1)
        began = time.monotonic()
    took = time.monotonic() - began
    greedy.close()

    assert took < 3


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
    """With ``allow_remote`` any address of this machine will do."""
    with pytest.raises(OSError, match=r"192\.0\.2\.1"):
        Simulator(host="192.0.2.1", allow_remote=True).__enter__()


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


# --- privacy ------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [logging.DEBUG, 1])
def test_logs_hold_nothing_private(caplog: pytest.LogCaptureFixture, level: int) -> None:
    """Whatever the level, no logger tells a number, a text, a keyword or a query."""
    with caplog.at_level(level), Simulator() as simulator:
        send(simulator)
        post(simulator)
        for magic in MAGIC:
            if magic.digits not in ("0105", "0106"):
                send(simulator, mobile=magic.number)
        with pytest.raises(ConnectionResetError):
            send(simulator, mobile="5015550106")
        with connect(simulator, mobile="5015550105"):
            until(lambda: simulator.requests[-1].name == "no-answer")
        call(simulator.port, "GET", f"/no/such/page?msg={quote(TEXT)}&mobile={MOBILE}")
        with socket.create_connection(("127.0.0.1", simulator.port)) as connection:
            connection.sendall(f"GET {TEXT} {MOBILE} canary\r\n\r\n".encode())
            connection.recv(100)
    form = logging.Formatter()
    logged = "\n".join(f"{form.format(each)} {each.args}" for each in caplog.records)

    # The server does log, so the rest means something.
    assert "uvicorn.error" in {each.name for each in caplog.records}
    assert not re.search("canary|mobile=|msg=|secret|501555", logged, re.IGNORECASE)


def test_the_log_of_another_server_is_left_alone() -> None:
    """A simulator does not silence or configure uvicorn's loggers, which others may use."""
    names = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
    loggers = [logging.getLogger(name) for name in names]
    before = [(each.level, each.propagate, list(each.handlers)) for each in loggers]
    with Simulator() as simulator:
        send(simulator)

    assert before == [(each.level, each.propagate, list(each.handlers)) for each in loggers]


# --- what it costs, and what is said of it ------------------------------------------------------


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


def test_the_documentation_shows_the_table() -> None:
    """The page on magic numbers holds the table as the code has it."""
    assert f"\n\n{magic_table()}\n\n" in PAGE.read_text()


def test_the_plain_table_fits_a_terminal() -> None:
    """One line a number, with its result, of less than 80 characters."""
    lines = magic_text().splitlines()

    assert [magic.number for magic in MAGIC] == [line[:10] for line in lines]
    assert all(len(line) < 80 for line in lines)
    assert all(
        f"{magic.outcome} {magic.reason or ''}".strip() in line
        for magic, line in zip(MAGIC, lines, strict=True)
    )
    assert {magic.reason for magic in MAGIC} > {Reason.NOT_OPTED_IN, Reason.TIMEOUT, None}
