"""The receiver: who may call, what is kept once, who hears of it, and what is answered."""

from __future__ import annotations

import attrs
import pytest

from sumotext_backend import (
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    Message,
    OptIn,
    OptOut,
    Outcome,
    Reason,
    Sender,
    SendResult,
)
from sumotext_backend.inbound import Arrival
from sumotext_backend.ledger import Ledger, forget, list_doubts, opt_out, purge
from sumotext_backend.ledger.inbox import list_events
from sumotext_backend.ledger.reports import find_report
from sumotext_backend.local import MemoryBackend
from sumotext_backend.routing import Fallback, Route
from tests.inbound.cases import (
    NUMBER,
    OLDER,
    SECRET,
    Heard,
    from_kannel,
    from_twilio,
    make_receiver,
    report_of,
    text_of,
)

STOP = {"from": NUMBER, "to": "74700", "text": "Stop.", "id": "k1"}


def test_a_text_is_kept_and_told(ledger: Ledger, heard: Heard) -> None:
    """Twilio gets its own empty answer."""
    reply = make_receiver(ledger, heard).receive(from_twilio(text_of("hello")))

    assert (200, b"<Response/>") == (reply.status, reply.body)
    [(event, again)] = heard.events
    assert isinstance(event, InboundMessage)
    assert ("hello", NUMBER, False) == (event.text, event.sender, again)
    assert ["DONE"] == [each.state for each in list_events(ledger)]


def test_what_comes_twice_is_told_once(ledger: Ledger, heard: Heard) -> None:
    """By the provider's id; both deliveries get the same answer."""
    receiver = make_receiver(ledger, heard)
    replies = [receiver.receive(from_twilio(text_of("hello", "SM7"))) for _ in range(3)]

    assert {200} == {reply.status for reply in replies}
    assert 1 == len(heard.events)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"method": "HEAD"}, 200),
        ({"method": "OPTIONS"}, 204),
        ({"method": "PUT"}, 405),
        ({"method": "DELETE"}, 405),
        ({"body": None}, 413),
        ({"body": b"MessageSid=SM1&From=x"}, 403),
        ({"target": "/main/wrong-token-wrong-token"}, 404),
        ({"target": "/main"}, 404),
        ({"target": "/"}, 404),
        ({"target": ""}, 404),
        ({"target": "/nobody/0123456789012345678901"}, 404),
    ],
)
def test_what_is_no_callback_is_told_to_nobody(
    change: dict[str, object], status: int, ledger: Ledger, heard: Heard
) -> None:
    """Another method, another address, too long a body, or a wrong signature."""
    arrival = attrs.evolve(from_twilio(text_of()), **change)

    assert status == make_receiver(ledger, heard).receive(arrival).status
    assert [] == heard.events
    assert () == list_events(ledger)


@pytest.mark.parametrize(
    "header",
    [
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Moz", "prefetch"),
    ],
)
def test_a_browser_that_looks_dispatches_nothing(
    header: tuple[str, str], ledger: Ledger, heard: Heard
) -> None:
    """An address that was pasted somewhere is opened by people and previews."""
    arrival = attrs.evolve(from_kannel(STOP), headers=[header])

    assert 403 == make_receiver(ledger, heard).receive(arrival).status
    assert [] == heard.events


def test_a_wrong_signature_is_refused(ledger: Ledger, heard: Heard) -> None:
    """Though the address is right."""
    assert 403 == make_receiver(ledger, heard).receive(from_twilio(text_of(), token="x")).status
    assert [] == heard.events


def test_older_secrets_are_valid_too(ledger: Ledger, heard: Heard) -> None:
    """While providers are moved from one to the next; one that was taken out is not."""
    receiver = make_receiver(ledger, heard, secrets=(SECRET, OLDER))

    assert 200 == receiver.receive(from_kannel(STOP, secret=OLDER)).status
    receiver = make_receiver(ledger, heard, secrets=(SECRET,))
    assert 404 == receiver.receive(from_kannel(STOP, secret=OLDER)).status


def test_a_stop_stops_every_provider_and_a_start_lifts_it(ledger: Ledger, heard: Heard) -> None:
    """The next text through any other is refused without a request."""
    receiver = make_receiver(ledger, heard)
    backends = {name: MemoryBackend() for name in ("main", "other")}
    routes = tuple(Route(provider=name, of=each) for name, each in backends.items())
    sender = Sender(Fallback(chain=routes), ledger=ledger)

    receiver.receive(from_twilio(text_of(" stop! ", "SM1")))
    refused = sender.send(Message(NUMBER, "hello"))
    receiver.receive(from_twilio(text_of("START", "SM2")))
    accepted = sender.send(Message(NUMBER, "hello"))

    assert (Outcome.REJECTED, Reason.OPTED_OUT) == (refused.outcome, refused.reason)
    assert Outcome.ACCEPTED is accepted.outcome
    assert [1, 0] == [len(each.outbox) for each in backends.values()]
    assert [InboundMessage, OptOut, InboundMessage, OptIn] == [type(e) for e, _ in heard.events]


def test_the_owners_words_stop_too(ledger: Ledger, heard: Heard) -> None:
    """Words of other languages."""
    make_receiver(ledger, heard, stop_words=("arrêt",)).receive(from_twilio(text_of("ARRÊT")))

    assert Reason.OPTED_OUT is Sender(MemoryBackend(), ledger=ledger).send(_text()).reason


def test_who_proves_nothing_takes_consent_and_gives_none(ledger: Ledger, heard: Heard) -> None:
    """Without a secret address, and without a signature."""
    receiver = make_receiver(ledger, heard, secrets=())
    start = STOP | {"text": "START", "id": "k2"}
    opt_out(ledger, NUMBER)

    assert 200 == receiver.receive(from_kannel(start, secret="")).status
    assert Reason.OPTED_OUT is Sender(MemoryBackend(), ledger=ledger).send(_text()).reason

    receiver.receive(from_kannel(STOP | {"from": "+15015550000"}, secret=""))
    other = Message("+15015550000", "hello")
    assert Reason.OPTED_OUT is Sender(MemoryBackend(), ledger=ledger).send(other).reason


def test_a_hook_that_raises_hears_again(ledger: Ledger, heard: Heard) -> None:
    """The provider has its 200; the event waits, and is told again as what may be known."""
    heard.fails = 1
    receiver = make_receiver(ledger, heard)

    assert 200 == receiver.receive(from_twilio(text_of())).status
    assert ["WAITING"] == [each.state for each in list_events(ledger)]
    assert (1, 0) == receiver.retry()
    assert [False, True] == [again for _, again in heard.events]
    assert (0, 0) == receiver.retry()


def test_a_report_never_goes_backwards(ledger: Ledger, heard: Heard) -> None:
    """A late "sent" after "delivered" is told, and changes nothing."""
    receiver = make_receiver(ledger, heard)
    for status in ("delivered", "sent", "queued"):
        assert 200 == receiver.receive(from_twilio(report_of(status))).status

    found = find_report(ledger, "SM1")
    assert found
    assert DeliveryStatus.DELIVERED is found.status
    assert 3 == len(heard.events)


@pytest.mark.parametrize("early", [False, True])
def test_a_report_settles_a_doubt(early: bool, ledger: Ledger, heard: Heard) -> None:
    """By our reference, also where it comes before the send has ended."""
    receiver = make_receiver(ledger, heard)

    @attrs.frozen
    class Lost(MemoryBackend):
        def send(self, message: Message) -> SendResult:
            """Take the text, and lose the answer."""
            if early:
                receiver.receive(from_twilio(report_of("sent"), f"?ref={message.reference}"))
            return super().send(message)

    result = Sender(Lost(reason="TIMEOUT"), ledger=ledger).send(_text())
    if not early:
        assert [result.reference] == [each.reference for each in list_doubts(ledger)]
        receiver.receive(from_twilio(report_of("sent"), f"?ref={result.reference}"))

    assert () == list_doubts(ledger)


def test_a_store_that_fails_keeps_the_provider_trying(heard: Heard, tmp_path: object) -> None:
    """503, nothing is told, and the next delivery is taken."""
    from pathlib import Path

    from sumotext_backend.ledger import SqliteDatabase

    path = Path(str(tmp_path)) / "ledger.sqlite3"
    path.write_bytes(b"something else" * 1000)
    receiver = make_receiver(Ledger(SqliteDatabase(path)), heard)

    reply = receiver.receive(from_twilio(text_of()))

    assert (503, "30") == (reply.status, reply.headers["Retry-After"])
    assert [] == heard.events
    path.unlink()
    assert 200 == receiver.receive(from_twilio(text_of())).status
    assert 1 == len(heard.events)


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        ("10.0.0.1", "8.8.8.8", 200),
        ("10.0.0.1", "6.6.6.6, 8.8.8.8", 200),
        ("10.0.0.1", "8.8.8.8, 6.6.6.6", 403),
        ("10.0.0.1", "8.8.8.8, 10.0.0.2", 200),
        ("10.0.0.1", "", 403),
        ("10.0.0.1", "x", 403),
        ("8.8.8.8", "", 200),
        ("8.8.8.8", "6.6.6.6", 200),
        ("6.6.6.6", "8.8.8.8", 403),
        ("::ffff:8.8.8.8", "", 200),
        ("", "8.8.8.8", 403),
    ],
)
def test_who_may_call_is_read_from_the_right(
    peer: str, forwarded: str, status: int, ledger: Ledger, heard: Heard
) -> None:
    """Only proxies of ours are believed; what a caller wrote itself stands further left."""
    receiver = make_receiver(ledger, heard, allow=("8.8.8.0/24",), trusted_proxies=("10.0.0.0/8",))
    headers = [("X-Forwarded-For", forwarded)] if forwarded else []
    arrival = attrs.evolve(from_kannel(STOP), peer=peer, headers=headers)

    assert status == receiver.receive(arrival).status


def test_behind_a_proxy_the_signature_covers_the_public_address(
    ledger: Ledger, heard: Heard
) -> None:
    """Which the proxy tells, if it is one of ours; anybody else's word changes nothing."""
    receiver = make_receiver(ledger, heard, public_url=None, trusted_proxies=("10.0.0.1",))
    told = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "texts.example.com")]
    signed = from_twilio(text_of())
    arrival = attrs.evolve(
        signed, origin="http://127.0.0.1:8000/hooks", headers=[*signed.headers, *told]
    )

    assert 200 == receiver.receive(attrs.evolve(arrival, peer="10.0.0.1")).status
    assert 403 == receiver.receive(attrs.evolve(arrival, peer="10.0.0.2")).status


def test_parts_are_joined_and_told_once(ledger: Ledger, heard: Heard) -> None:
    """In any order, twice; the parts themselves are told to nobody."""
    from urllib.parse import urlencode

    from sumotext_backend.inbound import make_path

    receiver = make_receiver(ledger, heard)
    for number in (2, 1, 2):
        fields = {
            "msisdn": NUMBER[1:],
            "to": "74700",
            "messageId": f"n{number}",
            "text": ("ST", "OP")[number - 1],
            "type": "text",
            "concat": "true",
            "concat-ref": "9",
            "concat-total": "2",
            "concat-part": str(number),
        }
        target = f"{make_path(SECRET, 'nexmo')}?{urlencode(fields)}"
        assert 200 == receiver.receive(Arrival(method="GET", target=target)).status

    texts = [event for event, _ in heard.events if isinstance(event, InboundMessage)]
    assert ["STOP"] == [each.text for each in texts]


def _text() -> Message:
    return Message(NUMBER, "hello")


def test_reprs_and_the_list_hold_nothing_private(ledger: Ledger, heard: Heard) -> None:
    """Neither numbers nor texts, nor the secret."""
    receiver = make_receiver(ledger, heard)
    receiver.receive(from_twilio(text_of("canary-text")))

    shown = repr(receiver) + repr(list_events(ledger)) + repr(heard.events)
    for private in ("canary", "5551234", SECRET):
        assert private not in shown


def test_a_report_has_what_the_provider_said(ledger: Ledger, heard: Heard) -> None:
    """The ledger gives it back as it came."""
    receiver = make_receiver(ledger, heard)
    receiver.receive(from_twilio(report_of("undelivered", ErrorCode="30007")))

    assert heard.events[0][0] == find_report(ledger, "SM1")
    assert isinstance(heard.events[0][0], DeliveryReport)


def test_a_purge_says_what_it_removes_of_what_providers_told(ledger: Ledger, heard: Heard) -> None:
    """First that it would, and then nothing is left of it, but for the mark of a yes."""
    receiver = make_receiver(ledger, heard)
    receiver.receive(from_twilio(text_of("hello", "SM1")))
    receiver.receive(from_twilio(report_of("delivered")))
    counts = [
        (gone.events, gone.reports)
        for gone in (
            purge(ledger, dry_run=True),
            purge(ledger, keep_texts=-1, dry_run=True),
            purge(ledger, keep_rows=-1, dry_run=True),
            purge(ledger, keep_texts=-1),
            purge(ledger, keep_texts=-1),
            purge(ledger, keep_texts=-1, keep_rows=-1),
            purge(ledger, keep_texts=-1, keep_rows=-1),
        )
    ]

    assert [(0, 0), (2, 0), (2, 1), (2, 0), (0, 0), (2, 1), (0, 0)] == counts


def test_what_is_purged_or_forgotten_is_gone(ledger: Ledger, heard: Heard) -> None:
    """Texts that all have heard of, and a number wherever it stands; its no still binds."""
    receiver = make_receiver(ledger, heard)
    receiver.receive(from_twilio(text_of("canary-text", "SM1")))
    receiver.receive(from_twilio(text_of("STOP", "SM2")))

    purge(ledger, keep_texts=-1)
    forget(ledger, NUMBER)

    with ledger.database._lend() as connection:  # type: ignore[attr-defined]
        stored = connection.execute("SELECT event, person FROM sumotext_inbound").fetchall()
    assert [("{}", "")] * 3 == [tuple(row) for row in stored]
    assert Reason.OPTED_OUT is Sender(MemoryBackend(), ledger=ledger).send(_text()).reason
    assert 200 == receiver.receive(from_twilio(text_of("canary-text", "SM1"))).status
    assert 3 == len(heard.events)
