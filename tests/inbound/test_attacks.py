"""What somebody sends who means ill: forged, twisted and broken requests, and hooks that fail."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sumotext_backend import Message, OptIn, OptOut, Sender
from sumotext_backend.callbacks import Authenticity, Reply
from sumotext_backend.events import Event
from sumotext_backend.inbound import Arrival, make_asgi_app, make_path, make_wsgi_app
from sumotext_backend.ledger import Ledger, LedgerError, MemoryDatabase, opt_out
from sumotext_backend.ledger.database import Lock, Row, Run
from sumotext_backend.ledger.inbox import list_events, list_open
from sumotext_backend.local import MemoryBackend
from tests.inbound.cases import (
    NUMBER,
    SECRET,
    Heard,
    from_kannel,
    from_twilio,
    make_receiver,
    text_of,
)

TOKEN = make_path(SECRET, "plain").rpartition("/")[2]
TEXT = "?from=%2B15015551234&to=74700&text=hello&id=k1"
START = {"from": NUMBER, "to": "74700", "text": "START", "id": "k9"}


@pytest.fixture
def ledger() -> Ledger:
    """An empty ledger, in memory: none of this is about databases."""
    return Ledger(MemoryDatabase())


@pytest.fixture
def heard() -> Heard:
    """What hooks heard."""
    return Heard()


def may_text(ledger: Ledger, number: str = NUMBER) -> bool:
    """Whether the next text may go."""
    return Sender(MemoryBackend(), ledger=ledger).send(Message(number, "x")).reason is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/plain/{TOKEN}", 200),
        (f"/plain/{TOKEN}/", 200),
        (f"/p%6Cain/{TOKEN}", 200),
        (f"//plain/{TOKEN}", 404),
        (f"/plain//{TOKEN}", 404),
        (f"/plain/{TOKEN}//", 404),
        (f"/plain/{TOKEN}/more", 404),
        (f"/plain%2F{TOKEN}", 404),
        (f"/%2Fplain/{TOKEN}", 404),
        (f"/main/../plain/{TOKEN}", 404),
        (f"/./plain/{TOKEN}", 404),
        (f"/plain/{TOKEN[:-1]}", 404),
        (f"/plain/{TOKEN}%00", 404),
        (f"/PLAIN/{TOKEN}", 404),
        (f"/plain/{TOKEN.swapcase()}", 404),
        ("/plain/%ED%A0%80", 404),
        ("/plain/\ud800", 404),
        ("/\ud800/x", 404),
        ("/pläin/ü", 404),
        ("plain", 404),
        ("*", 404),
    ],
)
def test_one_path_alone_leads_to_a_provider(
    path: str, status: int, ledger: Ledger, heard: Heard
) -> None:
    """No way of writing another path is taken for it."""
    receiver = make_receiver(ledger, heard)

    assert status == receiver.receive(Arrival(method="GET", target=path + TEXT)).status
    assert (status == 200) == bool(heard.events)


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_whatever_the_path_is_there_is_an_answer(path: str) -> None:
    """No exception, and nobody hears of it."""
    heard = Heard()
    receiver = make_receiver(Ledger(MemoryDatabase()), heard)

    assert 404 == receiver.receive(Arrival(method="GET", target=path)).status
    assert [] == heard.events


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["X-Twilio-Signature", "Content-Type", "X-Forwarded-For", "Purpose", "Host"]
            ),
            st.text(st.characters(max_codepoint=255)),
        ),
        max_size=30,
    ),
    st.binary(max_size=200),
)
@settings(max_examples=100, deadline=None)
def test_whatever_headers_and_body_are_the_door_stays_shut(
    headers: list[tuple[str, str]], body: bytes
) -> None:
    """Also those that are not ASCII, empty, or there many times."""
    heard = Heard()
    receiver = make_receiver(Ledger(MemoryDatabase()), heard, trusted_proxies=("1.2.3.4",))
    signed = from_twilio(text_of())
    arrival = attrs.evolve(signed, headers=headers, body=body)

    assert 403 == receiver.receive(arrival).status
    assert [] == heard.events


def test_thousands_of_headers_are_answered(ledger: Ledger, heard: Heard) -> None:
    """Most servers allow less; none of it is kept or shown."""
    headers = [("X-Forwarded-For", "10.0.0.1"), ("X-Junk", "x" * 50)] * 5000
    receiver = make_receiver(ledger, heard, allow=("8.8.8.8",), trusted_proxies=("10.0.0.0/8",))
    arrival = attrs.evolve(from_kannel(START), headers=headers, peer="10.0.0.1")

    assert 403 == receiver.receive(arrival).status


@pytest.mark.parametrize(
    ("forwarded", "status"),
    [
        (["8.8.8.8"], 200),
        (["6.6.6.6", "8.8.8.8"], 200),
        (["8.8.8.8", "6.6.6.6"], 403),
        (["8.8.8.8, 6.6.6.6", "10.0.0.2"], 403),
        (["6.6.6.6", "8.8.8.8, 10.0.0.2"], 200),
        (["8.8.8.8", ""], 403),
        (["8.8.8.8", "unknown"], 403),
        (["8.8.8.8:4711"], 200),
        (["[2001:db8::1]:4711"], 200),
        (["2001:db8::1"], 200),
        (["8.8.8.8:4711, 6.6.6.6:1"], 403),
        (["[6.6.6.6]8.8.8.8:1"], 403),
    ],
)
def test_several_headers_are_one_list(
    forwarded: list[str], status: int, ledger: Ledger, heard: Heard
) -> None:
    """A caller's own header stands before that of our proxy, and is not believed."""
    allow = ("8.8.8.8", "2001:db8::/32")
    receiver = make_receiver(ledger, heard, allow=allow, trusted_proxies=("10.0.0.0/8",))
    headers = [("X-Forwarded-For", each) for each in forwarded]
    arrival = attrs.evolve(from_kannel(START), headers=headers, peer="10.0.0.1")

    assert status == receiver.receive(arrival).status


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("key=SUMO&consent=in", True),
        ("key=sumo&consent=in", True),
        ("key=&consent=in", True),
        ("key=OTHER&consent=in", False),
        ("key=OTHER&msg=START", False),
        ("key=SUMO&msg=START", True),
        ("key=START&msg=START", True),
        ("key=SUMO&msg=hello", False),
    ],
)
def test_a_yes_to_another_keyword_is_none(
    query: str, given: bool, ledger: Ledger, heard: Heard
) -> None:
    """It is told, and changes nothing: the texts of this alias are of its own keyword."""
    receiver = make_receiver(ledger, heard)
    opt_out(ledger, NUMBER)
    fields = f"?mobile=5015551234&shortcode=74700&carrierId=ATTUS&country=USA&{query}"

    receiver.receive(Arrival(method="GET", target=make_path(SECRET, "sumo") + fields))

    assert given == may_text(ledger)
    told = any(isinstance(event, OptIn) for event, _ in heard.events)
    assert told == ("consent=in" in query or "START" in query.partition("msg")[2])


@pytest.mark.parametrize("keyword", ["SUMO", "OTHER", ""])
def test_a_no_binds_the_programme_of_the_alias(keyword: str, ledger: Ledger, heard: Heard) -> None:
    """Whatever keyword it was said to: less is texted, never more."""
    receiver = make_receiver(ledger, heard)
    fields = f"?mobile=5015551234&shortcode=74700&carrierId=ATTUS&key={keyword}&consent=out"

    receiver.receive(Arrival(method="GET", target=make_path(SECRET, "sumo") + fields))

    assert not may_text(ledger)
    assert OptOut in {type(event) for event, _ in heard.events}


def test_a_crm_callback_without_a_secret_address_takes_consent_and_gives_none(
    ledger: Ledger, heard: Heard
) -> None:
    """Anybody could call it."""
    receiver = make_receiver(ledger, heard, secrets=())
    fields = "?mobile=5015551234&shortcode=74700&carrierId=ATTUS&key=SUMO&consent="

    receiver.receive(Arrival(method="GET", target=f"/sumo{fields}out"))
    assert not may_text(ledger)

    receiver.receive(Arrival(method="GET", target=f"/sumo{fields}in"))
    assert not may_text(ledger)


def test_a_forged_start_gives_nothing(ledger: Ledger, heard: Heard) -> None:
    """Signed with another key, or without a signature, or with the signature of another text."""
    receiver = make_receiver(ledger, heard)
    opt_out(ledger, NUMBER)
    good = from_twilio(text_of("hello"))
    forged = [
        from_twilio(text_of("START"), token="0" * 32),
        attrs.evolve(from_twilio(text_of("START")), headers=()),
        attrs.evolve(good, body=(good.body or b"").replace(b"hello", b"START")),
    ]

    assert [403] * 3 == [receiver.receive(each).status for each in forged]
    assert not may_text(ledger)


@pytest.mark.parametrize("error", [ValueError("canary"), SystemExit(3), LedgerError("canary")])
def test_whatever_a_hook_raises_the_provider_has_its_answer(
    error: BaseException, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    """And the event waits for the next try; the log has the kind of the error alone."""

    def tell(event: Event, *, again: bool) -> list[str]:
        raise error

    receiver = attrs.evolve(make_receiver(ledger, Heard()), tell=tell)

    assert 200 == receiver.receive(from_twilio(text_of())).status
    assert ["WAITING"] == [each.state for each in list_open(ledger)]
    assert "canary" not in caplog.text
    assert type(error).__name__ in caplog.text


def test_a_hook_that_hangs_holds_up_its_own_event_alone(ledger: Ledger) -> None:
    """The same callback again has its answer at once, and so has another."""
    hangs, goes_on, heard = threading.Event(), threading.Event(), Heard()

    def tell(event: Event, *, again: bool) -> list[str]:
        if not heard(event, again=again) and len(heard.events) == 1:
            hangs.set()
            goes_on.wait(30)
        return []

    receiver = attrs.evolve(make_receiver(ledger, heard), tell=tell)
    first = threading.Thread(target=receiver.receive, args=(from_twilio(text_of(sid="SM1")),))
    first.start()
    hangs.wait(30)
    again = receiver.receive(from_twilio(text_of(sid="SM1")))
    other = receiver.receive(from_twilio(text_of(sid="SM2")))
    still = first.is_alive()
    goes_on.set()
    first.join()

    assert (200, 200, True) == (again.status, other.status, still)
    assert ["DONE", "DONE"] == [each.state for each in list_events(ledger)]


class _Breaks(MemoryDatabase):
    """A database that fails once, at one statement."""

    def __init__(self, statement: str) -> None:
        """Take its name."""
        super().__init__()
        self.statement = statement

    @contextlib.contextmanager
    def transact(self, lock: Lock | None = None) -> Iterator[Run]:
        """Fail in the middle of the transaction."""
        with super().transact(lock) as run:

            def watch(statement: str, **values: object) -> list[Row]:
                if statement == self.statement:
                    self.statement = ""
                    raise LedgerError("it is broken")
                return run(statement, **values)

            yield watch


@pytest.mark.parametrize(
    ("statement", "first", "states"),
    [
        ("add_inbound", 503, []),
        ("add_said_consent", 503, []),
        ("claim_inbound", 200, ["DONE", "WAITING"]),
        ("end_inbound", 200, ["DONE", "TELLING"]),
    ],
)
def test_a_ledger_that_breaks_in_between_loses_nothing(
    statement: str, first: int, states: list[str], heard: Heard
) -> None:
    """Before it is kept the provider is to call again; afterwards it is told later."""
    ledger = Ledger(_Breaks(statement))
    receiver = make_receiver(ledger, heard)
    arrival = from_twilio(text_of("STOP"))

    assert first == receiver.receive(arrival).status
    assert states == [each.state for each in list_events(ledger)]
    assert 200 == receiver.receive(arrival).status
    if statement == "claim_inbound":
        assert (1, 0) == receiver.retry()
    assert {"InboundMessage", "OptOut"} == {type(event).__name__ for event, _ in heard.events}
    assert not may_text(ledger)


@attrs.frozen
class _Broken:
    """A stranger's provider, one of whose methods raises."""

    method: str

    def __getattr__(self, name: str) -> Any:
        if name not in {"authenticate", "read_callback", "reply_to"}:
            raise AttributeError(name)
        good = {
            "authenticate": Authenticity.UNPROVEN,
            "read_callback": [],
            "reply_to": Reply(),
        }

        def call(*_: object) -> object:
            if name == self.method:
                raise RuntimeError("canary")
            return good[name]

        return call


@pytest.mark.parametrize("method", ["authenticate", "read_callback", "reply_to"])
def test_a_provider_that_breaks_is_no_500(
    method: str, ledger: Ledger, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    """It is to call again, and the log has the kind of the error alone."""
    plain = make_receiver(ledger, heard)
    broken: Any = _Broken(method)
    receiver = attrs.evolve(plain, backends={"plain": broken})

    assert 503 == receiver.receive(from_kannel(START)).status
    assert "RuntimeError" in caplog.text
    assert "canary" not in caplog.text


def test_who_left_the_configuration_is_not_taken_but_what_is_kept_is_told(
    ledger: Ledger, heard: Heard
) -> None:
    """Its address is nobody's any more; what it said before is not lost."""
    heard.fails = 1
    make_receiver(ledger, heard).receive(from_kannel(START | {"text": "hello"}))
    left = attrs.evolve(make_receiver(ledger, heard), backends={})

    assert 404 == left.receive(from_kannel(START)).status
    assert (1, 0) == left.retry()


@pytest.mark.parametrize("alias", ["über", "a.b-c", "ç" * 40, "a b", "a/b", "%2e", "..", "näme?#"])
def test_an_alias_of_odd_characters_has_an_address(
    alias: str, ledger: Ledger, heard: Heard
) -> None:
    """Written in ASCII, so that each provider can call it; another alias's is none."""
    plain = make_receiver(ledger, heard)
    receiver = attrs.evolve(plain, backends={alias: plain.backends["plain"]})
    path = make_path(SECRET, alias)

    assert path.isascii()
    assert 2 == path.count("/")
    assert 200 == receiver.receive(Arrival(method="GET", target=path + TEXT)).status
    assert 404 == receiver.receive(Arrival(method="GET", target=f"/plain/{TOKEN}")).status


def test_nothing_private_is_logged_whatever_is_sent(
    ledger: Ledger, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither numbers, texts, tokens nor what the caller wrote as an alias."""
    caplog.set_level(logging.DEBUG)
    receiver = make_receiver(ledger, heard)
    heard.fails = 1
    for arrival in (
        from_twilio(text_of("canary")),
        from_twilio(text_of("canary"), token="0"),
        from_kannel({"text": "canary", "from": NUMBER}),
        Arrival(method="GET", target="/canary%0Aforged: line/canary"),
        Arrival(method="GET", target=f"/canary%0Aforged/{TOKEN}?text=canary"),
        attrs.evolve(from_kannel({"text": "canary"}), method="GE\nT canary"),
    ):
        receiver.receive(arrival)

    assert caplog.records
    for private in ("canary", "5551234", TOKEN, SECRET, "forged"):
        assert private not in caplog.text


def test_a_look_tells_that_there_is_something_and_no_more(ledger: Ledger, heard: Heard) -> None:
    """Of HEAD and OPTIONS, by whoever has the address."""
    receiver = make_receiver(ledger, heard)
    for method in ("HEAD", "OPTIONS"):
        arrival = attrs.evolve(from_kannel(START), method=method)
        assert b"" == receiver.receive(arrival).body
        assert 404 == receiver.receive(attrs.evolve(arrival, target="/plain/x")).status
    assert [] == heard.events


def test_a_receiver_without_a_secret_warns_at_start(
    ledger: Ledger, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    """With a secret there is no warning; without one there is, in whatever it stands."""
    for make in (make_wsgi_app, make_asgi_app):
        make(make_receiver(ledger, heard))
        assert "" == caplog.text

        make(make_receiver(ledger, heard, secrets=()))
        assert "secrets" in caplog.text
        caplog.clear()


def test_a_report_of_somebody_unknown_takes_no_consent(ledger: Ledger, heard: Heard) -> None:
    """A short code or a name is nobody who could be texted."""
    receiver = make_receiver(ledger, heard)
    receiver.receive(from_kannel(START | {"from": "BANK", "text": "STOP"}))

    assert may_text(ledger)


def test_an_event_of_another_version_keeps_no_other_from_being_told(
    ledger: Ledger, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    """It waits for the version that can read it, with a line in the log."""
    receiver = make_receiver(ledger, heard)
    heard.fails = 2
    for sid in ("SM1", "SM2"):
        receiver.receive(from_twilio(text_of(sid=sid)))
    ledger.database._connection.execute(  # type: ignore[attr-defined]
        "UPDATE sumotext_inbound SET kind = 'Novel' WHERE seq = 1"
    )

    assert (1, 1) == receiver.retry()
    assert ["WAITING"] == [each.state for each in list_open(ledger)]
    assert "another version" in caplog.text
