"""Each fault that a gateway can commit, and the one right answer to it."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import matrix
import pytest
import requests
from matrix import CONNECT, DEADLINE, ONLY_TLS, SLACK, Row
from requests.adapters import HTTPAdapter

from sumotext_backend import (
    ConfigurationError,
    Message,
    Outcome,
    Reason,
    Sender,
    SendResult,
)
from sumotext_backend.providers import Request
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.testing import FAULTS, HostileGateway, Raw
from sumotext_backend.testing.hostile.faults.response import bomb

NUMBER = "5015551234"
BEFORE_HTTP = ("N08", "N09", *ONLY_TLS)
SECOND_REQUEST = ("U07", "S09")
ROWS = list(matrix.rows())
REUSED = [row for row in ROWS if FAULTS[row.fault].row not in BEFORE_HTTP]

Gate = Callable[..., HostileGateway]
Open = Callable[..., Sender]


@pytest.fixture(scope="module", autouse=True)
def packed() -> None:
    """The gateway packs its 64 MB of zeros once; not within the time of a send."""
    bomb(b"")


@pytest.fixture
def gate(sumotext_hostile_gateway: Gate) -> Gate:
    """Opens hostile gateways, and closes them: the package's own fixture."""
    return sumotext_hostile_gateway


@pytest.fixture
def sender(transport: str) -> Open:
    """Opens senders to a gateway, by each driver in turn."""

    def start(gateway: HostileGateway, **options: object) -> Sender:
        fields: dict[str, object] = {
            "shortcode": "74700",
            "keyword": "SUMO",
            "carrier": "ATTUS",
            "base_url": gateway.url,
            "ca_bundle": str(gateway.ca_bundle) if gateway.ca_bundle else None,
            "timeout": DEADLINE,
            "connect_timeout": CONNECT,
            "transport": transport,
        }
        return Sender(SumotextBackend(**fields | options))  # type: ignore[arg-type]

    return start


def timed(sms: Sender) -> tuple[SendResult, float]:
    """One send, and how long it took in seconds."""
    begun = time.monotonic()
    result = sms.send(Message(NUMBER, "hello"))
    return result, time.monotonic() - begun


def gets(row: Row) -> int:
    """How many requests the gateway has read after a fault upon a fresh connection."""
    return 0 if FAULTS[row.fault].row in (*BEFORE_HTTP, "U01", "U02") else 1


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("row", matrix.parameters(ROWS))
def test_on_a_fresh_connection(row: Row, tls: bool, gate: Gate, sender: Open) -> None:
    """One send over a new connection: outcome, reason, number of GETs, time."""
    kind = FAULTS[row.fault].row
    if kind in ONLY_TLS and not tls:
        pytest.skip("a fault of TLS")
    if kind in SECOND_REQUEST:
        pytest.skip("a fault of the second request")
    gateway = gate(row.fault, tls=tls)
    with sender(gateway) as sms:
        result, seconds = timed(sms)

    assert (row.outcome, row.reason) == (result.outcome, result.reason), result.detail
    assert gets(row) == gateway.gets
    assert seconds <= row.seconds


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("row", matrix.parameters(REUSED))
def test_on_a_reused_connection(row: Row, tls: bool, gate: Gate, sender: Open) -> None:
    """One send over a connection that has served before: the same answers."""
    first = (row.fault,) if FAULTS[row.fault].row == "S09" else ("S01", row.fault)
    gateway = gate(*first, tls=tls)
    with sender(gateway) as sms:
        before = sms.send(Message(NUMBER, "first"))
        result, seconds = timed(sms)

    assert Outcome.ACCEPTED is before.outcome
    assert (row.outcome, row.reason) == (result.outcome, result.reason), result.detail
    assert gateway.gets <= 1 + gets(row)
    assert seconds <= row.seconds


def test_a_healthy_connection_is_used_again(gate: Gate, sender: Open) -> None:
    """A hundred sends to a gateway that keeps alive take one connection."""
    gateway = gate("S01")
    with sender(gateway) as sms:
        for _ in range(100):
            sms.send(Message(NUMBER, "hello"))

    assert 100 == gateway.gets
    assert 1 == gateway.connections


@pytest.mark.parametrize(
    ("fault", "header"), [("R07-retry-after", "retry_after"), ("U22-retry-after", "retry_after")]
)
def test_a_wait_that_is_asked_for_is_handed_on(
    fault: str, header: str, gate: Gate, sender: Open
) -> None:
    """Retry-After is clamped to 0-300 seconds and never slept on."""
    gateway = gate(fault)
    with sender(gateway) as sms:
        result, seconds = timed(sms)

    assert 0 <= getattr(result, header) <= 300
    assert seconds < DEADLINE


def test_a_strict_echo_is_a_doubt(gate: Gate, sender: Open) -> None:
    """U35 with echo="strict": UNKNOWN / ECHO_MISMATCH, the id kept."""
    gateway = gate("U35")
    with sender(gateway, echo="strict") as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Reason.ECHO_MISMATCH is result.reason
    assert result.message_id


def test_a_4xx_is_a_doubt_where_the_owner_says_so(gate: Gate, sender: Open) -> None:
    """R05 rests on an assumption, which can be withdrawn."""
    gateway = gate("R05")
    with sender(gateway, trust_4xx=False) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Outcome.UNKNOWN is result.outcome


def test_a_cut_tail_is_told(gate: Gate, sender: Open) -> None:
    """S05: the id is whole, the rest of the answer was not read; the detail says so."""
    gateway = gate("S05-hang")
    with sender(gateway) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Outcome.ACCEPTED is result.outcome
    assert "was not read" in result.detail


@pytest.mark.parametrize(
    ("message", "options", "reason"),
    [
        (Message(NUMBER, "\ud800"), {}, Reason.INVALID_MESSAGE),  # N01
        (Message(NUMBER, ""), {}, Reason.INVALID_MESSAGE),  # N02
        (Message(NUMBER, "x" * 2048), {}, Reason.UNSUPPORTED),  # N02b
        (Message(NUMBER, "ж" * 400), {}, Reason.UNSUPPORTED),  # N02b
        (Message("+447700900958", "hello"), {}, Reason.UNSUPPORTED),  # N03
        (Message("hello", "hello"), {}, Reason.INVALID_RECIPIENT),  # N03
        (Message(NUMBER, "hello"), {"carrier": None}, Reason.CONFIGURATION),  # N04
        (Message(NUMBER, "hello", sender="+15015550000"), {}, Reason.UNSUPPORTED),
        (Message(NUMBER, "hello", options={"sumotext": {"carier": "X"}}), {}, Reason.CONFIGURATION),
    ],
)
def test_what_cannot_be_sent_is_not_tried(
    message: Message, options: dict[str, object], reason: Reason, gate: Gate, sender: Open
) -> None:
    """N01-N04: nothing is connected."""
    gateway = gate("S01")
    with sender(gateway, **options) as sms:
        result = sms.send(message)

    assert reason is result.reason
    assert 0 == gateway.connections


def test_a_query_of_2048_bytes_is_sent(gate: Gate, sender: Open) -> None:
    """The longest query that the gateway takes goes; one byte more does not."""
    gateway = gate("S01")
    with sender(gateway) as sms:
        sms.send(Message(NUMBER, "x"))
        used = len(str(gateway.requests[0].target).partition("?")[2])
        longest = sms.send(Message(NUMBER, "x" * (2048 - used + 1)))
        longer = sms.send(Message(NUMBER, "x" * (2048 - used + 2)))

    assert Outcome.ACCEPTED is longest.outcome
    assert Reason.UNSUPPORTED is longer.reason


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_bundle_that_cannot_be_read(
    content: str | None, tmp_path: Path, gate: Gate, sender: Open
) -> None:
    """N05: a missing or empty CA file is a matter of configuration."""
    bundle = tmp_path / "ca.pem"
    if content:
        bundle.write_text(content)
    gateway = gate("S01", tls=True)
    with sender(gateway, ca_bundle=str(bundle)) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Reason.CONFIGURATION is result.reason
    assert 0 == gateway.gets


def test_a_name_that_does_not_exist(gate: Gate, sender: Open) -> None:
    """N06: no such host."""
    with sender(gate("S01"), base_url="https://gateway.invalid") as sms:
        result, seconds = timed(sms)

    assert Reason.UNREACHABLE is result.reason
    assert seconds <= DEADLINE + SLACK


def test_a_resolver_that_hangs(monkeypatch: pytest.MonkeyPatch, gate: Gate, sender: Open) -> None:
    """N07: the deadline holds for the resolver too, though it knows none."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: time.sleep(2) or [])
    with sender(gate("S01"), base_url="https://slow.invalid") as sms:
        result, seconds = timed(sms)

    assert Reason.UNREACHABLE is result.reason
    assert seconds <= CONNECT + SLACK


def test_black_holes_share_the_time(
    monkeypatch: pytest.MonkeyPatch, gate: Gate, sender: Open
) -> None:
    """N10: three addresses that swallow everything take one deadline, not three."""
    hole = gate("N09")
    address = ("127.0.0.1", int(hole.url.rpartition(":")[2]))
    three = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)] * 3
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: three)
    with sender(hole) as sms:
        result, seconds = timed(sms)

    assert Reason.UNREACHABLE is result.reason
    assert seconds <= CONNECT + SLACK


def test_a_second_address_gets_its_share(
    monkeypatch: pytest.MonkeyPatch, gate: Gate, sender: Open
) -> None:
    """Behind a black hole, an address that works is still reached in time."""
    hole, works = gate("N09"), gate("S01")
    ports = [int(each.url.rpartition(":")[2]) for each in (hole, works)]
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: both)
    with sender(hole) as sms:
        result, _ = timed(sms)

    assert Outcome.ACCEPTED is result.outcome
    assert 1 == works.gets


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.row == "N17"])
def test_a_proxy_that_refuses(name: str, gate: Gate, sender: Open) -> None:
    """N17: a refused CONNECT is UNREACHABLE, a 407 UNAUTHORIZED; nothing reached the gateway."""
    proxy, gateway = gate(name), gate("S01", tls=True)
    with sender(gateway, proxy=proxy.url) as sms:
        result, seconds = timed(sms)

    assert (Reason.UNAUTHORIZED if "407" in name else Reason.UNREACHABLE) is result.reason
    assert 0 == gateway.connections
    assert seconds <= DEADLINE + SLACK


def test_a_deadline_that_is_spent_before_the_write(gate: Gate, sender: Open) -> None:
    """N18: with no time left nothing is written, so nothing was sent."""
    gateway = gate("S01")
    with sender(gateway, timeout=1e-6) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Reason.UNREACHABLE is result.reason
    assert 0 == gateway.gets


# Negative controls: what the obvious client does.


def naive(gateway: HostileGateway, session: requests.Session) -> tuple[Outcome, float]:
    """What a program that calls requests in the obvious way believes, and after how long."""
    begun = time.monotonic()
    try:
        answer = session.get(
            f"{gateway.url}/secure/sumoSend.aspx",
            params={"mobile": NUMBER, "msg": "hello"},
            timeout=(CONNECT, DEADLINE),
            verify=str(gateway.ca_bundle) if gateway.ca_bundle else True,
        )
        line = answer.text.split("\n")[0].strip()
        known = {"NOTOPT": Outcome.REJECTED, "NOTFOUND": Outcome.REJECTED, "NOTIP": Outcome.FAILED}
        found = known.get(line.partition(":")[2], Outcome.ACCEPTED)
        outcome = found if answer.ok else Outcome.FAILED
    except requests.Timeout:
        outcome = Outcome.UNKNOWN
    except (requests.RequestException, OSError):
        outcome = Outcome.FAILED
    return outcome, time.monotonic() - begun


LASTING = ("S05-hang", "U13", "U14", "U19", "U30")
"""Faults upon which a bare client stays for ever, or nearly so; not counted."""


@pytest.mark.once
def test_control_the_obvious_client_fails_many_rows(gate: Gate) -> None:
    """Plain requests gets at least 20 rows of the matrix wrong: outcome, number of GETs or time."""
    wrong: set[str] = set()
    for row in ROWS:
        fault = FAULTS[row.fault]
        if fault.row in (*ONLY_TLS, *SECOND_REQUEST) or row.fault.startswith(LASTING):
            continue
        gateway = gate(row.fault)
        with requests.Session() as session:
            session.trust_env = False
            outcome, seconds = naive(gateway, session)
        if (outcome, gateway.gets) != (row.outcome, gets(row)) or seconds > row.seconds:
            wrong.add(fault.row)
        gateway.close()

    assert len(wrong) >= 20, sorted(wrong)


@pytest.mark.parametrize("fault", ["U04", "U05"])
def test_control_a_retrying_adapter_sends_twice(fault: str, gate: Gate, sender: Open) -> None:
    """With max_retries=1 requests sends the GET again, where this library sends it once."""
    theirs, ours = gate(fault), gate(fault)
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=1))
        naive(theirs, session)
    with sender(ours) as sms:
        sms.send(Message(NUMBER, "hello"))

    assert 2 == theirs.gets
    assert 1 == ours.gets


def answer(status: str, line: bytes) -> Raw:
    """An HTTP answer with that status and first line."""
    body = line + b"\r\n"
    return Raw(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body))


@pytest.mark.parametrize("status", ["400 Bad", "403 No", "404 Gone", "429 Slow"])
@pytest.mark.parametrize(
    ("word", "reason"), [(b"NOTOPT", Reason.NOT_OPTED_IN), (b"NOTFOUND", Reason.NOT_SUBSCRIBED)]
)
def test_a_refusal_in_a_4xx_stays_a_refusal(
    status: str, word: bytes, reason: Reason, gate: Gate, sender: Open
) -> None:
    """No chain may go on after an opt-out, whatever HTTP status it comes with."""
    with sender(gate(answer(status, NUMBER.encode() + b":" + word))) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert reason is result.reason


def test_an_id_in_a_4xx_is_a_doubt(gate: Gate, sender: Open) -> None:
    """A status that says no and an id that says yes contradict each other; the id is kept."""
    line = NUMBER.encode() + b":ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0"
    with sender(gate(answer("404 Not Found", line))) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Reason.BAD_ANSWER is result.reason
    assert result.message_id


def test_a_header_that_cannot_be_is_not_sent(gate: Gate, sender: Open) -> None:
    """A line end in a header, as in a pasted key, is a matter of configuration."""
    gateway = gate("S01")
    with sender(gateway) as sms:
        ended = sms.backend.exchange(Request(target="/", headers={"X-Key": "a\r\nb"}))  # type: ignore[attr-defined]

    assert Reason.CONFIGURATION is ended.reason
    assert 0 == gateway.connections


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": "https://127.0.0.1:99999"},
        {"base_url": "http://["},
        {"base_url": "ftp://127.0.0.1"},
        {"base_url": "https://a/?b=c"},
        {"base_url": "https://user:secret@a"},
        {"base_url": "http://gateway.example"},
        {"proxy": "http://127.0.0.1:abc"},
        {"proxy": "https://127.0.0.1:1"},
        {"timeout": 0.0},
        {"connect_timeout": float("nan")},
        {"timeout": 1e10},
        {"base_url": "https://exa mple.com"},
        {"keyword": "\udcff"},
        {"shortcode": "1234"},
    ],
    ids=str,
)
def test_options_that_cannot_be_are_refused_at_once(
    options: dict[str, object], gate: Gate, sender: Open
) -> None:
    """The error names the option and none of its value."""
    with pytest.raises(ConfigurationError) as caught:
        sender(gate("S01"), **options)

    assert next(iter(options)) in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("end", ["close", "rst"])
@pytest.mark.parametrize(
    "line",
    [
        NUMBER.encode() + b":NOTOPT",
        b"2125551212:NOTOPT\r\n",
        NUMBER.encode() + b":ACAEEBE7-DFC3",
        NUMBER.encode() + b":OPTEDOUT\r\n",
    ],
)
def test_a_4xx_whose_line_is_not_understood_is_a_doubt(
    line: bytes, end: Literal["close", "rst"], gate: Gate, sender: Open
) -> None:
    """It may be half a refusal, so no chain goes on."""
    with sender(gate(Raw(b"HTTP/1.1 403 No\r\n\r\n" + line, end=end))) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Outcome.UNKNOWN is result.outcome


def test_a_4xx_is_not_waited_for(gate: Gate, sender: Open) -> None:
    """A body that never comes takes a second at most; it might have been an opt-out."""
    head = b"HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\n"
    with sender(gate(Raw(head, end="hang")), timeout=10.0) as sms:
        result, seconds = timed(sms)

    assert Reason.BAD_ANSWER is result.reason
    assert seconds <= 1.0 + SLACK


@pytest.mark.parametrize("announced", [100, None], ids=["a length", "no length"])
@pytest.mark.parametrize("half", [b"", b"<html>", b'{"error": "opted'])
@pytest.mark.parametrize("status", ["400 Bad", "401 Who", "403 No", "422 Odd", "429 Slow"])
def test_half_a_4xx_is_a_doubt(
    status: str, half: bytes, announced: int | None, gate: Gate, sender: Open
) -> None:
    """A body that broke off, an empty one too, may be half an opt-out: no chain goes on."""
    length = b"" if announced is None else b"Content-Length: %d\r\n" % announced
    page = b"HTTP/1.1 %s\r\n%s\r\n%s" % (status.encode(), length, half)
    with sender(gate(Raw(page, end="close"))) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Outcome.UNKNOWN is result.outcome


@pytest.mark.parametrize(
    ("more", "reason"), [(-1, Reason.UNAUTHORIZED), (1, Reason.BAD_ANSWER)], ids=["all", "too much"]
)
@pytest.mark.parametrize("chunked", [False, True], ids=["a length", "chunks"])
def test_a_4xx_of_which_not_all_is_read_is_a_doubt(
    chunked: bool, more: int, reason: Reason, gate: Gate, sender: Open
) -> None:
    """What was not read may be the refusal; a large page that is read goes by its status."""
    page = b"x" * (16_384 + more)
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(page)
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page) if chunked else page
    whole = b"HTTP/1.1 403 No\r\n%s\r\n\r\n%s" % (framing, body)
    with sender(gate(Raw(whole, end="keep"))) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert reason is result.reason


@pytest.mark.parametrize("page", [b"", b"<html>No</html>", b'{"message": "Forbidden"}'])
def test_a_whole_4xx_in_another_language_goes_by_its_status(
    page: bytes, gate: Gate, sender: Open
) -> None:
    """A proxy's page says nothing about the recipient: surely not sent, and the chain goes on."""
    whole = b"HTTP/1.1 403 No\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)
    with sender(gate(Raw(whole, end="keep"))) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Reason.UNAUTHORIZED is result.reason


def test_a_whole_4xx_with_an_unknown_code_is_a_refusal(gate: Gate, sender: Open) -> None:
    """It is the gateway's own no, and may be about the person: REJECTED, and no chain goes on."""
    with sender(gate(answer("403 No", NUMBER.encode() + b":OPTEDOUT"))) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Reason.REFUSED is result.reason


def test_a_408_is_a_doubt(gate: Gate, sender: Open) -> None:
    """It tells of time and proves nothing."""
    with sender(gate(answer("408 Request Timeout", b"slow"))) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Reason.TIMEOUT is result.reason


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_a_left_over_answer_is_not_taken_for_the_next(tls: bool, gate: Gate, sender: Open) -> None:
    """Two answers at once, in one TLS record: the next send opens a connection of its own."""
    good = f"{NUMBER}:ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0\r\n".encode().ljust(8192)
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 8192\r\n\r\n" + good
    gateway = gate(Raw(whole * 2, end="keep"), "R03", tls=tls)
    with sender(gateway) as sms:
        first = sms.send(Message(NUMBER, "hello"))
        second = sms.send(Message(NUMBER, "hello"))

    assert Outcome.ACCEPTED is first.outcome
    assert Reason.NOT_OPTED_IN is second.reason


def test_a_connection_that_is_one_answer_behind_is_closed(gate: Gate, sender: Open) -> None:
    """An answer about another number may belong to another request."""
    gateway = gate("U35", "S01")
    with sender(gateway) as sms:
        sms.send(Message(NUMBER, "hello"))
        sms.send(Message(NUMBER, "hello"))

    assert 2 == gateway.connections


def test_the_connect_deadline_holds_through_a_proxy(gate: Gate, sender: Open) -> None:
    """A slow answer to CONNECT leaves less time for the TLS handshake, not the same again."""
    head = b"HTTP/1.1 200 OK\r\n\r\n"

    def slowly(_: str) -> bytes:
        time.sleep(CONNECT * 0.8)
        return head

    proxy, gateway = gate(Raw(slowly, end="hang")), gate("S01", tls=True)
    with sender(gateway, proxy=proxy.url, timeout=5.0) as sms:
        result, seconds = timed(sms)

    assert Reason.UNREACHABLE is result.reason
    assert seconds <= CONNECT + SLACK


def test_tls_that_keeps_no_deadline_is_refused(
    monkeypatch: pytest.MonkeyPatch, gate: Gate, sender: Open, transport: str
) -> None:
    """Where something replaces the standard library's TLS sockets, nothing goes without one.

    Our own driver needs no socket class for its deadline, which therefore holds.
    """
    gateway = gate("U30", tls=True)
    deaf = property(lambda _: ssl.SSLSocket, lambda *_: None)
    monkeypatch.setattr(ssl.SSLContext, "sslsocket_class", deaf)
    with sender(gateway) as sms:
        result, seconds = timed(sms)

    expected = (Reason.TLS, 0) if transport == "requests" else (Reason.TIMEOUT, 1)
    assert expected == (result.reason, gateway.gets)
    assert seconds <= DEADLINE + SLACK


def test_keys_of_tls_are_not_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gate: Gate, sender: Open
) -> None:
    """$SSLKEYLOGFILE would let a reader of the network read numbers and texts."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    with sender(gate("S01", tls=True)) as sms:
        result = sms.send(Message(NUMBER, "hello"))

    assert Outcome.ACCEPTED is result.outcome
    assert not (tmp_path / "keys").exists()
