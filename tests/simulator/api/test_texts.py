"""The API over texts, over HTTP."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from simulator_client import MOBILE, PATIENCE, call, post, send

from sumotext_backend.simulator import Simulator

pytestmark = pytest.mark.once

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    """One simulator for all."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """One that has seen nothing."""
    running.clear()
    return running


def ask(
    simulator: Simulator, target: str, method: str = "GET", body: object = None
) -> tuple[int, Any]:
    """Status, and the JSON that came; None where none did."""
    given = (None, "") if body is None else (json.dumps(body).encode(), "application/json")
    status, _, words = call(simulator.port, method, f"/api{target}", *given)
    return status, json.loads(words) if words else None


def find(simulator: Simulator, query: str = "") -> list[str]:
    """The texts that are found, in the order of the answer."""
    return [each["text"] for each in ask(simulator, f"/messages{query}")[1]["messages"]]


def test_texts_are_listed_newest_first_and_in_pages(simulator: Simulator) -> None:
    """``before`` goes on where the last page ended."""
    for number in range(5):
        send(simulator, msg=f"text {number}")
    first = ask(simulator, "/messages?limit=2")[1]["messages"]
    rest = find(simulator, f"?before={first[-1]['id']}")

    assert ["text 4", "text 3"] == [each["text"] for each in first]
    assert ["text 2", "text 1", "text 0"] == rest


QUERIES = [
    ("?to=%2B15015551234", 2),
    ("?to=501-555-1234", 2),
    ("?to=5015551235", 0),
    ("?from=74700", 2),
    ("?text=HELLO", 1),
    ("?provider=sumotext", 3),
    ("?provider=twilio", 0),
    ("?state=DELIVERED", 1),
    ("?direction=mo", 1),
    ("?to=5015551234&text=hello", 1),
    ("?id=canary", 0),
    ("?id=", 0),
]


@pytest.mark.parametrize(("query", "count"), QUERIES)
def test_a_query_narrows_it(simulator: Simulator, query: str, count: int) -> None:
    """By number in any writing, part of a text, provider, state, direction."""
    send(simulator, msg="hello")
    send(simulator, msg="other")
    first = simulator.messages[0]
    ask(simulator, f"/messages/{first.id}/deliver", "POST")
    simulator.reply(first, "reply")

    assert count == len(find(simulator, query))


def test_a_test_waits_for_a_text(simulator: Simulator) -> None:
    """The answer comes with the text, and not when the time is over."""
    threading.Timer(0.2, send, [simulator], {"msg": "late"}).start()
    began = time.monotonic()
    found = find(simulator, f"?to={MOBILE}&wait=30")

    assert ["late"] == found
    assert 20 > time.monotonic() - began


def test_a_wait_ends_with_what_there_is(simulator: Simulator) -> None:
    """Two are waited for, one is there."""
    send(simulator, msg="one")

    assert ["one"] == find(simulator, "?wait=0.2&count=2")


def test_who_waits_does_not_hold_up_the_end() -> None:
    """A simulator closes at once."""
    with Simulator() as simulator:
        waiting = socket.create_connection(("127.0.0.1", simulator.port), timeout=PATIENCE)
        waiting.sendall(b"GET /api/messages?wait=50 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        find(simulator)
        began = time.monotonic()
    took = time.monotonic() - began
    waiting.close()

    assert 3 > took


def test_a_text_is_shown_in_full(simulator: Simulator) -> None:
    """Segments and what forced them, states, request."""
    send(simulator, msg="né ł")
    shown = ask(simulator, f"/messages/{simulator.messages[0].id}")[1]

    assert ("UCS-2", ["ł"], 4, 66) == (
        shown["encoding"],
        shown["forced_by"],
        shown["units"],
        shown["units_left"],
    )
    assert ["SUBMITTED"] == [step["state"] for step in shown["trail"]]
    assert ["msg", "né ł"] in shown["request"]["query"]
    assert "+15015551234" == shown["handset"]


def test_the_texts_of_a_list_can_be_had_in_full(simulator: Simulator) -> None:
    """One by its id, or many; one that is gone is none, and no error."""
    send(simulator, msg="a")
    send(simulator, msg="b")
    one = simulator.messages[0].id
    shown = ask(simulator, f"/messages/{one}")[1]
    found = [
        ask(simulator, f"/messages?{query}")[1]["messages"]
        for query in (f"id={one}&whole=true", "whole=true", f"id={one}&whole=false")
    ]
    ask(simulator, f"/messages/{one}", "DELETE")

    assert [shown] == found[0]
    assert shown in found[1]
    assert ([one], False) == ([each["id"] for each in found[2]], "trail" in found[2][0])
    assert (200, []) == (
        ask(simulator, f"/messages?id={one}&whole=true")[0],
        find(simulator, f"?id={one}&whole=true"),
    )


def test_the_handset_answers(simulator: Simulator) -> None:
    """The ends are swapped; it is one more text of that conversation."""
    send(simulator)
    status, shown = ask(
        simulator, f"/messages/{simulator.messages[0].id}/reply", "POST", {"text": "yes"}
    )

    assert 201 == status
    assert (MOBILE, "74700", "mo", "RECEIVED") == (
        shown["from"],
        shown["to"],
        shown["direction"],
        shown["state"],
    )
    assert 409 == ask(simulator, f"/messages/{shown['id']}/deliver", "POST")[0]


def test_what_is_asked_for_is_deleted(simulator: Simulator) -> None:
    """One by its id, some by a query, or all."""
    for msg in ("a", "b", "c", "d"):
        send(simulator, msg=msg)
    one = simulator.messages[0].id
    statuses = [ask(simulator, f"/messages/{one}", "DELETE")[0] for _ in range(2)]
    ask(simulator, "/messages?text=b", "DELETE")
    left = find(simulator)
    ask(simulator, "/messages", "DELETE")

    assert [204, 404] == statuses
    assert (["d", "c"], [], ()) == (left, find(simulator), simulator.requests)


def test_chosen_answers_are_given_in_order_and_spent(simulator: Simulator) -> None:
    """As the magic number of that name; then numbers decide again."""
    ask(simulator, "/faults", "POST", {"name": "throttled", "times": 2})
    status, pending = ask(simulator, "/faults", "POST", {"name": "not-found"})
    answers = [send(simulator) for _ in range(4)]

    assert (201, ["throttled", "throttled", "not-found"]) == (status, [e["name"] for e in pending])
    assert [429, 429, 200, 200] == [answer[0] for answer in answers]
    assert answers[2][2].startswith(f"{MOBILE}:NOTFOUND")
    assert [] == ask(simulator, "/faults")[1]


WRONG = [
    ("GET", "/messages?too=1", None, 422),
    ("GET", "/messages?sender=1", None, 422),
    ("GET", "/messages?limit=0", None, 422),
    ("GET", "/messages?limit=1.5", None, 422),
    ("GET", "/messages?wait=61", None, 422),
    ("GET", "/messages?wait=nan", None, 422),
    ("GET", "/messages?state=lost", None, 422),
    ("GET", "/messages?whole=1", None, 422),
    ("GET", "/messages/none", None, 404),
    ("GET", "/requests?to=1", None, 422),
    ("GET", "/requests?limit=0", None, 422),
    ("POST", "/messages", {"to": "1"}, 422),
    ("POST", "/messages", {"to": 1, "text": "x"}, 422),
    ("POST", "/messages", {"to": "1", "text": "x", "more": 1}, 422),
    ("POST", "/messages", {"to": "1", "text": "x" * 10_001}, 422),
    ("POST", "/messages", {"to": "1", "text": "x" * 70_000}, 413),
    ("POST", "/messages", [], 422),
    ("POST", "/messages", None, 415),
    ("POST", "/messages/none/reply", {"text": "x"}, 404),
    ("POST", "/faults", {"name": "canary"}, 422),
    ("POST", "/faults", {"name": "error", "times": True}, 422),
    ("PUT", "/faults", {}, 405),
]


@pytest.mark.parametrize(("method", "target", "body", "expected"), WRONG)
def test_a_wrong_request_is_one_line_of_json(
    simulator: Simulator, method: str, target: str, body: object, expected: int
) -> None:
    """With a code for programs, and no value of the request."""
    status, said = ask(simulator, target, method, body)

    assert expected == status
    assert {"error", "code"} == set(said)
    assert "canary" not in said["error"]


def test_requests_are_listed_with_their_results(simulator: Simulator) -> None:
    """Accepted and refused ones, newest first; only texts are messages."""
    for mobile in (MOBILE, "5015550101", "5015550112"):
        send(simulator, mobile=mobile)
    shown = ask(simulator, "/requests")[1]

    assert [
        ("5015550112", "error", "UNKNOWN", "SERVER_ERROR"),
        ("5015550101", "not-opted-in", "REJECTED", "NOT_OPTED_IN"),
        (MOBILE, "accepted", "ACCEPTED", None),
    ] == [tuple(one[name] for name in ("to", "name", "outcome", "reason")) for one in shown]
    assert 1 == len(find(simulator))
    assert shown[:1] == ask(simulator, "/requests?limit=1")[1]


def test_a_request_is_listed_as_it_came(simulator: Simulator) -> None:
    """Without secrets; of one that came to no text the begin of its body is enough."""
    post(simulator, mobile="5015550101", msg="canary " * 1000)
    (shown,) = ask(simulator, "/requests")[1]
    came = shown["request"]

    assert ("POST", "/api/sumopost/post") == (came["method"], came["path"])
    assert "canary canary" in came["body"]
    assert "secret" not in came["body"]
    assert 4096 == len(came["body"].encode())


def test_a_request_to_nobodys_path_is_listed(simulator: Simulator) -> None:
    """A program that was pointed at a wrong URL is found there; it is no request to send.

    What a browser asks for by itself is no such program.
    """
    for target in ("/2010-04-01/Accounts/AC1/Messages.json", "/twilio/Messages.json"):
        call(simulator.port, "POST", target, b"Body=hello&AuthToken=t0ken", FORM)
    send(simulator, mobile="5015550101")
    browser = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "same-origin"}
    with closing(http.client.HTTPConnection("127.0.0.1", simulator.port)) as connection:
        connection.request("GET", "/favicon.ico", headers=browser)
        connection.getresponse().read()
    shown = ask(simulator, "/requests")[1]

    assert [
        ("sumotext", "not-opted-in", "/secure/sumoSend.aspx"),
        ("twilio", "no-such-path", "/twilio/Messages.json"),
        ("", "no-such-path", "/2010-04-01/Accounts/AC1/Messages.json"),
    ] == [(one["provider"], one["name"], one["request"]["path"]) for one in shown]
    assert ("FAILED", "REFUSED_REQUEST") == (shown[1]["outcome"], shown[1]["reason"])
    assert "t0ken" not in shown[1]["request"]["body"]
    assert ["not-opted-in"] == [seen.name for seen in simulator.requests]


@pytest.mark.parametrize(
    ("words", "detail"), [("Stop!", "opted out"), ("START", "opted in"), ("stop it", "")]
)
def test_a_reply_says_whether_it_was_heeded(simulator: Simulator, words: str, detail: str) -> None:
    """A keyword is, other words are not."""
    send(simulator)
    target = f"/messages/{simulator.messages[0].id}/reply"
    shown = ask(simulator, target, "POST", {"text": words})[1]

    assert detail == shown["detail"]


def test_the_gateway_says_what_it_can_do(simulator: Simulator) -> None:
    """Its dialects, and what can be chosen."""
    shown = ask(simulator, "/gateway")[1]

    assert {"sumotext", "sumotext-v2"} <= {*shown["dialects"]}
    assert "throttled" in [each["name"] for each in shown["behaviours"]]


def test_every_answer_of_ours_keeps_a_browser_safe(simulator: Simulator) -> None:
    """A policy without `unsafe-inline`, no CORS; a provider's answer has none of it."""
    for path in ("/", "/page/main.js", "/api/messages", "/api/none"):
        headers = call(simulator.port, "GET", path)[1]

        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "nosniff" == headers["x-content-type-options"]
        assert not [name for name in headers if name.startswith("access-control")]
    assert "content-security-policy" not in send(simulator)[1]


def test_the_page_has_no_script_or_style_of_its_own(simulator: Simulator) -> None:
    """What the policy would not let in, and no other host."""
    page = call(simulator.port, "GET", "/")[2]

    assert "http" not in page
    assert "style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count('<script src="/page/') + page.count(
        '<script type="module" src="/page/'
    )
    assert 404 == call(simulator.port, "GET", "/page/..%2fapp.py")[0]


def test_the_rest_of_a_choice_can_be_forgotten(simulator: Simulator) -> None:
    """And a thousand are the most at once."""
    full = [ask(simulator, "/faults", "POST", {"name": "error", "times": 600})[0] for _ in range(2)]
    forgotten = ask(simulator, "/faults", "DELETE")[0]

    assert ([201, 409], 204) == (full, forgotten)
    assert 200 == send(simulator)[0]


@pytest.mark.parametrize("body", [b"", b"{", b'{"text": "\xff"}', b"[" * 60_000])
def test_what_is_no_json_is_one_line_too(simulator: Simulator, body: bytes) -> None:
    """Broken, of another encoding, too deep."""
    status, _, words = call(simulator.port, "POST", "/api/messages", body, "application/json")

    assert 422 == status
    assert {"error": "the body is no JSON", "code": "invalid"} == json.loads(words)


def test_a_lone_surrogate_becomes_a_question_mark(simulator: Simulator) -> None:
    """JSON can hold what no text can; it is shown and stored all the same."""
    body = b'{"to": "5015551234", "text": "a\\ud800b", "from": "\\udfff"}'
    status, _, words = call(simulator.port, "POST", "/api/messages", body, "application/json")

    assert 201 == status
    assert ("a?b", "?") == (json.loads(words)["text"], json.loads(words)["from"])


@pytest.mark.parametrize("since", ["-1", "x", "9" * 30, "%00", "1.5"])
def test_a_version_is_a_number(simulator: Simulator, since: str) -> None:
    """Anything else is refused before a stream begins."""
    assert 422 == ask(simulator, f"/events?since={since}")[0]


def test_the_description_is_served(simulator: Simulator) -> None:
    """It knows every path that there is."""
    from sumotext_backend.simulator.api.routes import TABLE

    described = ask(simulator, "/openapi.json")[1]["paths"]

    assert {path: {*table} for path, table in TABLE.items()} == {
        path: {name.upper() for name in each if name != "parameters"}
        for path, each in described.items()
    }


def test_the_token_is_given_by_a_form() -> None:
    """The right one is kept in a cookie that no script reads; a wrong one is asked for again."""
    form = "application/x-www-form-urlencoded"
    with Simulator(token="s3cret") as simulator:
        wrong = call(simulator.port, "POST", "/", b"token=s3cre", form)
        right = call(simulator.port, "POST", "/", b"token=s3cret", form)
        nothing = call(simulator.port, "POST", "/", b"x" * 70_000, form)

    assert [401, 303, 401] == [answer[0] for answer in (wrong, right, nothing)]
    assert "set-cookie" not in wrong[1]
    assert "httponly; path=/; samesite=strict" in right[1]["set-cookie"].lower()
