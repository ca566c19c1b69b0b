"""What a script may hold, and how a gateway follows it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from raw_client import GUID, MOMENT, S01, TIMEOUT, Client, both

from sumotext_backend.testing import (
    FAULTS,
    Fault,
    HostileGateway,
    Raw,
    Reply,
    Request,
    fault,
    fault_table,
    of_row,
)

pytestmark = pytest.mark.once

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "hostile-gateway.md"
ROWS = {
    "N08", "N09", "N11", "N12", "N13", "N14", "N15", "N16", "N17",
    "U01", "U02", "U04", "U05", "U06", "U07", "U09", "U10", "U11", "U13", "U14", "U17", "U18",
    "U19", "U21", "U22", "U24", "U25", "U26", "U27", "U29", "U30", "U31", "U34", "U35", "U36",
    "U37", "U38",
    "S01", "S02", "S04", "S05", "S07", "S08", "S09", "S10",
    "R01", "R02", "R03", "R04", "R05", "R06", "R07",
}  # fmt: skip


@both
def test_script(tls: bool) -> None:
    """A request uses up one fault, the last repeats, and `play` starts anew."""
    with HostileGateway("R01", "R03", tls=tls) as gateway, Client(gateway) as client:
        seen = [client.ask().whole() for _ in range(3)]
        gateway.play("R04", "S01")
        seen += [client.ask().whole() for _ in range(3)]

    lines = [answer.partition(b"\r\n\r\n")[2].partition(b"\r\n")[0][11:] for answer in seen]
    assert [b"NOTIP", b"NOTOPT", b"NOTOPT", b"NOTFOUND"] == lines[:4]
    assert all(re.fullmatch(GUID, line) for line in lines[4:])


@both
def test_a_connection_that_fails_uses_up_a_fault(tls: bool) -> None:
    """A connection closed before its request stands for that request."""
    with HostileGateway("U01", "S01", tls=tls) as gateway:
        with Client(gateway) as first:
            assert ("fin", b"") == first.ask().rest()
        with Client(gateway) as second:
            assert re.fullmatch(S01, second.ask().whole(), re.DOTALL)

    assert (1, 2) == (gateway.gets, gateway.connections)


@both
@pytest.mark.parametrize("end", ["close", "rst", "keep", "hang"])
def test_raw(end: str, tls: bool) -> None:
    """`Raw` plays bytes untouched, marks and all, and ends as it is told."""
    data = b"\x00HTTP {mobile} \xff"
    play = Raw(data, end=end)  # type: ignore[arg-type]
    ends, goes_on = end in ("close", "rst"), end != "hang"
    with HostileGateway(play, tls=tls) as gateway, Client(gateway) as client:
        seen, got = client.ask().until(re.escape(data), TIMEOUT if ends else MOMENT)
        again = client.ask().more(TIMEOUT if goes_on else MOMENT)

    expected = {"close": ("fin", "fin"), "rst": ("rst", "fin"), "keep": ("silence", "")}
    assert expected.get(end, ("silence", "silence")) == (seen, again)
    assert data == got


def test_raw_function() -> None:
    """`Raw` may be a function of the request."""
    raw = Raw(lambda request: f"<{request.query['to']}>".encode())
    with HostileGateway(raw) as gateway, Client(gateway) as client:
        assert ("fin", b"<+12125551212>") == client.ask(target="/x?to=%2B12125551212").rest()


def test_a_reply_of_any_provider() -> None:
    """A script may hold a `Reply`, its marks filled from the request, whatever it calls them."""
    reply = Reply.json({"sid": "{message_id}", "to": "{To}", "from": "{nobody}"}, "201 Created")
    with HostileGateway(reply) as gateway, Client(gateway) as client:
        head, _, body = (
            client.ask(method="POST", body=b"To=%2B15015551234").whole().partition(b"\r\n\r\n")
        )

    assert b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n" % len(body) in head + b"\r\n"
    assert head.endswith(b"\r\nContent-Type: application/json")
    assert {
        "sid": gateway.requests[0].message_id,
        "to": "+15015551234",
        "from": "{nobody}",
    } == json.loads(body)


def test_a_reply_that_depends_upon_the_request() -> None:
    """A script may hold a function from the request to its reply."""

    def reply(request: Request) -> Reply:
        return Reply(request.path.encode(), "404 Not Found" if "no" in request.path else "200 OK")

    with HostileGateway(reply) as gateway, Client(gateway) as client:
        seen = [client.ask(target=target).whole() for target in ("/yes", "/no")]

    assert [b"200", b"404"] == [answer[9:12] for answer in seen]
    assert seen[1].endswith(b"\r\n\r\n/no")


def test_how_it_accepts() -> None:
    """`accepts` is what it answers without a script and before U07 closes, under ids as told."""
    ids = iter(["SM1", "SM2"])
    for script in ((), ("U07",)):
        with (
            HostileGateway(
                *script, accepts=Reply(b"id={message_id}"), message_id=lambda: next(ids)
            ) as gateway,
            Client(gateway) as client,
        ):
            answer = client.ask().whole()

        assert answer.endswith(b"\r\n\r\nid=" + gateway.requests[0].message_id.encode())
    assert "SM2" == gateway.requests[0].message_id


def test_own_fault() -> None:
    """A script may hold a `Fault`, one of ours or one's own."""
    mine = Fault("X01-mine", "wire", "Answers bytes.", (Raw(b"hello"),))
    with HostileGateway(FAULTS["R03"], mine) as gateway, Client(gateway) as client:
        assert b":NOTOPT\r\n" in client.ask().whole()
        assert b"hello" == client.ask().until(b"hello")[1]
    assert "X01" == mine.row


def test_rows() -> None:
    """Every row that a server can commit is there; a bare row is its first variant."""
    assert ROWS == {one.row for one in FAULTS.values()}
    assert all(fault(row) == of_row(row)[0] for row in ROWS)
    assert FAULTS["U17-301"] is fault("U17")
    assert FAULTS["S05-rst"] in of_row("S05")
    assert () == of_row("U99")


@pytest.mark.parametrize(
    ("name", "message"),
    [("U17-310", "did you mean 'U17-3"), ("", "no fault ''"), ("N13", "tls=True")],
)
def test_wrong_script(name: str, message: str) -> None:
    """A name that is none, or a fault of TLS on a plain gateway, is refused before it listens."""
    with pytest.raises(ValueError, match=message):
        HostileGateway(name)
    with HostileGateway() as gateway, pytest.raises(ValueError, match=message):
        gateway.play("S01", name)


def test_wrong_end() -> None:
    """An end that is none is refused."""
    with pytest.raises(ValueError, match="end"):
        Raw(b"", end="explode")  # type: ignore[arg-type]


def test_documented_table() -> None:
    """The table in the documentation is the one that the code gives."""
    assert fault_table() in PAGE.read_text()
