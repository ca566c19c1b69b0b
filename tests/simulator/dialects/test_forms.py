"""What a dialect makes of requests that are incomplete, odd, or about several texts."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_providers import CLASSES, FROM, make

from sumotext_backend import Message
from sumotext_backend.providers import Prepared, Request, prepare
from sumotext_backend.simulator.dialects import DIALECTS, PROVIDERS
from sumotext_backend.simulator.dialects.dialect import Dialect
from sumotext_backend.simulator.dialects.speak import name_text
from sumotext_backend.simulator.exchange import Answer, Received
from sumotext_backend.simulator.router import answer
from sumotext_backend.simulator.simulation import Simulation
from sumotext_backend.simulator.states import State

pytestmark = pytest.mark.once

NUMBERS = ("+15015551234", "+15015551235")


def prepare_request(name: str) -> Request:
    """The request of our backend for one text."""
    prepared = prepare(make(name, "http://127.0.0.1"), Message(NUMBERS[0], "hello"))
    assert isinstance(prepared, Prepared)
    return prepared.request


def as_received(name: str, request: Request, **changes: Any) -> Received:
    """``request`` as it comes to the simulator; AWS's is signed only on its way."""
    path, _, query = request.target.partition("?")
    below = f"/{name}" + ("/api" if name == "sumotext-v2" else "")
    headers = {key.lower(): value for key, value in request.headers.items()}
    if name == "aws":
        headers["authorization"] = "AWS4-HMAC-SHA256 Credential=x"
    from urllib.parse import parse_qsl

    fields: dict[str, Any] = {
        "method": request.method,
        "path": below + path,
        "query": tuple(parse_qsl(query, keep_blank_values=True)),
        "headers": tuple(headers.items()),
        "body": request.body or b"",
        **changes,
    }
    return Received(**fields)


def ask(name: str, sim: Simulation, **changes: Any) -> Answer:
    """The answer to our request, changed."""
    return answer(as_received(name, prepare_request(name), **changes), sim)


def login_is_in_query(name: str) -> bool:
    """Kannel's user and password are parameters."""
    return name == "kannel"


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_without_a_login_nothing_is_taken(name: str) -> None:
    """The provider says so in its own words, and the request is seen."""
    sim = Simulation()
    request = as_received(name, prepare_request(name))
    headers = tuple(each for each in request.headers if each[0] != "authorization")
    query = tuple(each for each in request.query if each[0] not in ("username", "password"))
    said = ask(name, sim, headers=headers, query=query)
    word = PROVIDERS[name].words["unauthorized"]

    assert (word.status, ()) == (said.status, sim.store.texts)
    assert [("unauthorized", word.reason)] == [(e.name, e.reason) for e in sim.store.requests]


EMPTY: dict[str, Callable[[Received], dict[str, Any]]] = {
    "form": lambda _: {"body": b""},
    "json": lambda _: {"body": b"{}"},
    "not json": lambda _: {"body": b"{"},
    "a list": lambda _: {"body": b"[]"},
}


@pytest.mark.parametrize("how", EMPTY)
@pytest.mark.parametrize("name", sorted(PROVIDERS.keys() - {"kannel"}))
def test_an_empty_request_is_refused_in_the_providers_words(name: str, how: str) -> None:
    """Nothing is taken, and the answer is one of the provider's refusals."""
    sim = Simulation()
    said = ask(name, sim, **EMPTY[how](as_received(name, prepare_request(name))))
    statuses = {word.status for word in PROVIDERS[name].words.values()}

    assert said.status in statuses
    assert sim.store.texts == ()
    assert [True] == [each.reason is not None for each in sim.store.requests]


MANY: dict[str, Any] = {
    "bandwidth": {"to": [*NUMBERS]},
    "clicksend": {"messages": [{"to": each, "body": "hello"} for each in NUMBERS]},
    "infobip": {
        "messages": [
            {
                "sender": "15015550199",
                "destinations": [{"to": each[1:]} for each in NUMBERS],
                "content": {"text": "hello"},
            }
        ]
    },
    "messagebird": {"recipients": [each[1:] for each in NUMBERS]},
    "plivo": {"dst": "<".join(NUMBERS)},
    "sinch": {"to": [each[1:] for each in NUMBERS]},
}
"""How one request asks for two texts, where one can."""


def ask_many(name: str, sim: Simulation, old: str = "", new: str = "") -> Answer:
    """The answer to a request for two texts, one of the numbers perhaps another."""
    request = prepare_request(name)
    fields = {**json.loads(request.body or b""), **MANY[name]}
    return ask(name, sim, body=json.dumps(fields).replace(old, new).encode())


@pytest.mark.parametrize("name", MANY)
def test_one_request_may_ask_for_several_texts(name: str) -> None:
    """Each is a text of its own, and all are there when they are asked for."""
    sim = Simulation()
    said = ask_many(name, sim)

    assert 200 <= said.status < 300
    assert [number[-4:] for number in NUMBERS] == [each.recipient[-4:] for each in sim.store.texts]
    assert len({each.id for each in sim.store.texts}) == 2


@pytest.mark.parametrize("name", MANY)
def test_where_one_text_is_refused_the_others_are_as_the_provider_has_it(name: str) -> None:
    """All of the request at most; each for itself at ClickSend and Infobip."""
    sim = Simulation()
    said = ask_many(name, sim, "5015551235", "5015550102")
    alone = PROVIDERS[name].each

    assert (200 <= said.status < 300) is alone
    assert (1 if alone else 0) == len(sim.store.texts)
    assert len(sim.store.requests) == 2


FREE = {
    "twilio": "/2010-04-01/Accounts/AC1/Messages/SM1.json",
    "telnyx": "/v2/messages/1",
    "plivo": "/v1/Account/MA1/Message/1/",
    "sinch": "/xms/v1/plan1/batches/1",
    "messagebird": "/messages/1",
    "clicksend": "/v3/sms/receipts/1",
    "46elks": "/a1/sms/s1",
}


@pytest.mark.parametrize("name", FREE)
def test_a_text_that_is_not_there_is_not_found(name: str) -> None:
    """HTTP 404, in the provider's words; without a login that comes first."""
    asked = {"method": "GET", "path": f"/{name}{FREE[name]}", "body": b""}
    sim = Simulation()
    unknown = PROVIDERS[name].words["unauthorized"].status

    assert ask(name, sim, **asked).status == 404
    assert unknown == ask(name, sim, **asked, headers=()).status


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_a_path_of_nobodys_is_not_found(name: str) -> None:
    """A request to a path that the provider does not have is no request to send."""
    sim = Simulation()
    said = answer(Received(method="POST", path=f"/{name}/nowhere"), sim)

    assert (404, ()) == (said.status, sim.store.requests)


LOGINS = {
    "aws": "AWS4-HMAC-SHA256 x",
    "infobip": "App k3y",
    "messagebird": "AccessKey k3y",
    "sinch": "Bearer k3y",
    "telnyx": "Bearer k3y",
}
BASIC = f"Basic {base64.b64encode(b'user:s3cret').decode()}"

odd_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    *("to", "from", "text", "body", "dst", "src", "recipients", "originator", "messages"),
    *("DestinationPhoneNumber", "MessageBody", "applicationId", "destinations", "content", "url"),
    *("To", "From", "Body", "StatusCallback", "message", "webhook_url", "callback", "username"),
)


@pytest.mark.parametrize("name", sorted(PROVIDERS))
@given(
    value=st.dictionaries(st.sampled_from(FIELDS), odd_values, max_size=6)
    | st.lists(odd_values, max_size=2),
    raw=st.binary(max_size=60) | st.none(),
    form=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_no_request_breaks_a_dialect(name: str, value: Any, raw: bytes | None, form: bool) -> None:
    """Whatever the body holds, the answer is the provider's, and can be sent."""
    sim = Simulation()
    body = json.dumps(value).encode() if raw is None else raw
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    headers = [("content-type", kind), ("authorization", LOGINS.get(name, BASIC))]
    target = ("x-amz-target", "PinpointSMSVoiceV2.SendTextMessage")
    query = (("username", "u"), ("password", "p"))
    said = ask(name, sim, body=body, headers=(*headers, target), query=query)

    assert 200 <= said.status < 600
    for text in sim.store.texts:
        text.body.encode()


@pytest.mark.parametrize("dialect", PROVIDERS.values(), ids=lambda each: each.name)
def test_every_state_can_be_told(dialect: Dialect) -> None:
    """Whatever state a text to a handset comes into, it is reported or not, and breaks nothing."""
    sim = Simulation()
    ask(dialect.name, sim)
    (text,) = sim.store.texts
    for state in {*State} - {State.RECEIVED}:
        for detail in ("", "OPTED_OUT", "a word that nobody knows"):
            moved = sim.move(text.id, state, detail)
            assert moved
            dialect.teller.report(moved, moved.trail[-1], "http://127.0.0.1/")


def test_every_providers_number_is_told_to_its_backend() -> None:
    """The table of our backends is that of the dialects: none is forgotten."""
    assert CLASSES.keys() == DIALECTS.keys()
    assert FROM.startswith("+")


@pytest.mark.parametrize("name", ["messagebird", "twilio", "telnyx", "46elks", "plivo"])
def test_a_text_from_a_handset_can_be_fetched(name: str) -> None:
    """Under the id that the customer was told, which is of the provider's shape."""
    sim = Simulation()
    ask(name, sim)
    (text,) = sim.store.texts
    sim.reply(text, "yes")
    dialect = PROVIDERS[name]
    incoming = name_text(dialect, sim.store.texts[-1])
    path = FREE[name].rpartition("/SM1")[0] + f"/{incoming.id}.json"
    if name != "twilio":
        path = re.sub(r"(?<=/)s?1(?=/?$)", incoming.id, FREE[name])
    said = ask(name, sim, method="GET", path=f"/{name}{path}", body=b"")

    assert (200, True) == (said.status, incoming.id in said.body.decode())
    assert incoming.id != sim.store.texts[-1].id


def test_sinch_tells_batches_from_texts_of_handsets() -> None:
    """Each is asked for at an address of its own, and is not there at the other."""
    sim = Simulation()
    ask("sinch", sim)
    (batch,) = sim.store.texts
    sim.reply(batch, "yes")
    incoming = name_text(PROVIDERS["sinch"], sim.store.texts[-1])
    found = {
        (place, text.id): ask(
            "sinch", sim, method="GET", path=f"/sinch/xms/v1/plan1/{place}/{text.id}", body=b""
        ).status
        for place in ("batches", "inbounds")
        for text in (batch, incoming)
    }

    assert {
        ("batches", batch.id): 200,
        ("batches", incoming.id): 404,
        ("inbounds", batch.id): 404,
        ("inbounds", incoming.id): 200,
    } == found
