"""Who said no is not texted, now or later, through whomever."""

from __future__ import annotations

import pytest

from sumotext_backend import Message, Outcome, Reason, Sender, SmsBackend
from sumotext_backend.ledger import Ledger, Settings, opt_in, opt_out, show_consent
from sumotext_backend.ledger.consent import Consent, decide, join
from sumotext_backend.local import MemoryBackend, NullBackend
from sumotext_backend.numbering import find_twin
from sumotext_backend.routing import Fallback, Route

TO = "5015551234"


def _make_chain(main: MemoryBackend, backup: MemoryBackend) -> Fallback:
    return Fallback(chain=(Route(provider="main", of=main), Route(provider="backup", of=backup)))


def test_a_refusal_outlives_the_provider_that_gave_it(ledger: Ledger) -> None:
    """SUMOTEXT refuses a person, and is down minutes later: the backup does not text them."""
    backup = MemoryBackend()
    refuses = _make_chain(MemoryBackend(reason="NOT_OPTED_IN"), backup)
    down = _make_chain(MemoryBackend(reason="UNREACHABLE"), backup)
    Sender(refuses, ledger=ledger).send(Message(TO, "hello"))

    later = Sender(down, ledger=ledger).send(Message(TO, "hello"))

    assert Outcome.REJECTED is later.outcome
    assert 0 == len(backup.outbox)


def test_the_provider_that_refused_is_asked_again(ledger: Ledger) -> None:
    """It is the one that knows; its acceptance lifts the refusal for all."""
    backup = MemoryBackend()
    Sender(_make_chain(MemoryBackend(reason="NOT_OPTED_IN"), backup), ledger=ledger).send(
        Message(TO, "hello")
    )
    main = MemoryBackend()

    accepted = Sender(_make_chain(main, backup), ledger=ledger).send(Message(TO, "hello"))
    down = _make_chain(MemoryBackend(reason="UNREACHABLE"), backup)
    later = Sender(down, ledger=ledger).send(Message(TO, "hello"))

    assert (Outcome.ACCEPTED, Outcome.ACCEPTED) == (accepted.outcome, later.outcome)
    assert (1, 1) == (len(main.outbox), len(backup.outbox))


def test_another_company_under_the_alias_is_not_the_one_that_refused(ledger: Ledger) -> None:
    """Nobody is texted whom SUMOTEXT refused because its alias is another provider's today."""
    refuses = MemoryBackend(reason="NOT_OPTED_IN")
    Sender(Route(provider="main", of=refuses), ledger=ledger).send(Message(TO, "hello"))
    other = NullBackend()

    swapped = Sender(Route(provider="main", of=other), ledger=ledger).send(Message(TO, "hello"))
    back = Sender(Route(provider="main", of=MemoryBackend()), ledger=ledger)
    asked = back.send(Message(TO, "hello"))
    later = Sender(Route(provider="main", of=other), ledger=ledger).send(Message(TO, "hello"))

    assert (Reason.NOT_OPTED_IN, None, None) == (swapped.reason, asked.reason, later.reason)
    assert "'main', a 'memory' then, refused" in swapped.detail


def test_an_opt_out_stops_every_provider(ledger: Ledger) -> None:
    """No provider is asked once one said that the person opted out."""
    main, backup = MemoryBackend(), MemoryBackend()
    Sender(MemoryBackend(reason="OPTED_OUT"), ledger=ledger).send(Message(TO, "hello"))

    result = Sender(_make_chain(main, backup), ledger=ledger).send(Message(f"+1{TO}", "hello"))

    assert Reason.OPTED_OUT is result.reason
    assert (0, 0) == (len(main.outbox), len(backup.outbox))


PROGRAMMES = Settings(programmes={"offers": ("shop",), "alerts": ("main", "group")})


def _ask(backend: SmsBackend, ledger: Ledger) -> Reason | None:
    return Sender(backend, ledger=ledger).send(Message(TO, "hello")).reason


@pytest.mark.parametrize("programme", PROGRAMMES.all_programmes)
def test_a_provider_of_no_programme_is_bound_by_a_no_to_any(ledger: Ledger, programme: str) -> None:
    """A DSN, or a backend of code: a person who said no is not texted by what belongs to none."""
    ledger.settings = PROGRAMMES
    nameless = Route(provider="memory", of=MemoryBackend(), is_alias=False)
    before = _ask(MemoryBackend(), ledger)
    opt_out(ledger, TO, programme=programme)
    told = [_ask(each, ledger) for each in (MemoryBackend(), Fallback(chain=(nameless,)))]
    opt_in(ledger, TO, programme=programme)

    assert [None, Reason.OPTED_OUT, Reason.OPTED_OUT, None] == [
        before,
        *told,
        _ask(MemoryBackend(), ledger),
    ]


def test_an_alias_is_bound_by_its_own_programme_alone(ledger: Ledger) -> None:
    """One that no programme names shares the default one with all others."""
    ledger.settings = PROGRAMMES
    opt_out(ledger, TO, programme="offers")
    aliases = [Route(provider=name, of=MemoryBackend()) for name in ("shop", "main", "other")]

    assert [Reason.OPTED_OUT, None, None] == [_ask(each, ledger) for each in aliases]


def test_what_an_alias_holds_is_of_its_programme(ledger: Ledger) -> None:
    """A provider without an alias of its own is bound as the one is that it is inside of."""
    ledger.settings = PROGRAMMES
    inside = Route(provider="memory", of=MemoryBackend(), is_alias=False)
    groups = [Route(provider=name, of=Fallback(chain=(inside,))) for name in ("group", "other")]
    opt_out(ledger, TO, programme="offers")
    before = [_ask(each, ledger) for each in groups]
    opt_out(ledger, TO, programme="alerts")

    assert [None, None, Reason.OPTED_OUT, None] == [
        *before,
        *(_ask(each, ledger) for each in groups),
    ]


def test_a_refusal_in_any_programme_binds_a_provider_of_none(ledger: Ledger) -> None:
    """Only the one that refused is asked again."""
    ledger.settings = PROGRAMMES
    _ask(Route(provider="shop", of=MemoryBackend(reason="NOT_OPTED_IN")), ledger)
    other = _ask(Route(provider="other", of=MemoryBackend()), ledger)

    assert (None, Reason.NOT_OPTED_IN) == (other, _ask(NullBackend(), ledger))


def test_a_provider_of_no_programme_speaks_for_the_default_one(ledger: Ledger) -> None:
    """What one refuses binds those that no programme names, and no programme of others."""
    ledger.settings = PROGRAMMES
    _ask(MemoryBackend(reason="OPTED_OUT"), ledger)

    assert ["default"] == list(show_consent(ledger, TO))


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_refusals_by_one_alias_the_stricter_one_holds(order: int) -> None:
    """For what belongs to no programme, and whose chain takes NOT_SUBSCRIBED as none."""
    reasons = ["NOT_OPTED_IN", "NOT_SUBSCRIBED"][::order]
    both = join([Consent(refused_by={"main": each}, refused_as={"main": "x"}) for each in reasons])

    refused = decide(both, "backup", "y", {"main": ("NOT_SUBSCRIBED",)})
    assert refused
    assert refused.reason is Reason.NOT_OPTED_IN


TWINS = [
    ("+5215512345678", "+525512345678"),
    ("+5491123456789", "+541123456789"),
    ("+5511987654321", "+551187654321"),
]


@pytest.mark.parametrize("twins", [*TWINS, *(pair[::-1] for pair in TWINS)])
def test_a_no_binds_the_other_way_to_write_a_number(ledger: Ledger, twins: tuple[str, str]) -> None:
    """A network hands over STOP from either, whatever the text was sent to; a yes lifts both."""
    said, sent = twins
    sender = Sender(NullBackend(), ledger=ledger)
    opt_out(ledger, said)
    while_out = ledger.read_consent(sent)
    opt_in(ledger, sent)

    assert ["OPTED_OUT"] == [row[0] for row in while_out]
    assert {""} == {show_consent(ledger, each)["default"].opted_out for each in twins}
    assert sender.send(Message(twins[0], "hello")).reason is not Reason.OPTED_OUT


@pytest.mark.parametrize(
    "number", ["+15015551234", "+5215512345", "+551132145678", "+541", "+56912345678"]
)
def test_other_numbers_are_written_in_one_way(number: str) -> None:
    """Control: nobody is taken for somebody else."""
    assert number == find_twin(number)


def test_a_text_to_the_other_way_to_write_a_number_does_not_go(ledger: Ledger) -> None:
    """To a handset of Brazil, whose old number said no."""
    opt_out(ledger, "+551187654321")

    assert Reason.OPTED_OUT is _ask_number("+5511987654321", ledger)
    assert _ask_number("+5511987654322", ledger) is None


def _ask_number(number: str, ledger: Ledger) -> Reason | None:
    return Sender(NullBackend(), ledger=ledger).send(Message(number, "hello")).reason
