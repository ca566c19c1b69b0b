"""A no outlives what the owner does to the programmes of the configuration."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping

import pytest

from sumotext_backend import (
    ConsentSource,
    Message,
    OptIn,
    OptOut,
    Reason,
    Sender,
    SmsBackend,
)
from sumotext_backend.ledger import Ledger, Settings, opt_in, opt_out, show_consent
from sumotext_backend.ledger.heeding import choose_lock, heed
from sumotext_backend.ledger.inbox import keep_events
from sumotext_backend.local import MemoryBackend
from sumotext_backend.routing import Fallback, Route
from tests.ledger.crashes import open_ledger

TO = "5015551234"

Programmes = Mapping[str, tuple[str, ...]]
Open = Callable[[Programmes], Ledger]

NONE: Programmes = {}
SHOP: Programmes = {"offers": ("shop",)}


@pytest.fixture
def restart(place: str) -> Iterator[Open]:
    """A program that starts on one ledger with these programmes, each time it is called."""
    with contextlib.ExitStack() as stack:

        def start(programmes: Programmes) -> Ledger:
            ledger = open_ledger(place, Settings(programmes=programmes))
            stack.callback(ledger.close)
            return ledger

        yield start


def ask(ledger: Ledger, alias: str, reason: str | None = None) -> Reason | None:
    """What a text through the provider of that alias ends as."""
    route = Route(provider=alias, of=MemoryBackend(reason=reason))
    return Sender(route, ledger=ledger).send(Message(TO, "hello")).reason


def test_a_no_binds_the_programme_that_was_called_otherwise(restart: Open) -> None:
    """Whoever said no to ``offers`` is not texted once it is ``promotions``."""
    opt_out(restart(SHOP), TO, programme="offers")

    assert Reason.OPTED_OUT is ask(restart({"promotions": ("shop",)}), "shop")


def test_a_no_binds_when_programmes_are_taken_out(restart: Open) -> None:
    """All providers share one again, which the one that is gone was part of."""
    opt_out(restart(SHOP), TO, programme="offers")

    assert [Reason.OPTED_OUT] * 2 == [ask(restart(NONE), each) for each in ("shop", "main")]


def test_a_no_binds_the_programme_that_came_out_of_the_shared_one(restart: Open) -> None:
    """It was said to all providers, as there was one programme then; so was a refusal."""
    opt_out(restart(NONE), TO)

    assert Reason.OPTED_OUT is ask(restart(SHOP), "shop")


def test_a_no_that_is_being_written_binds_the_programme_that_comes_out_just_then(
    restart: Open,
) -> None:
    """A STOP comes to an old worker while the first one of the new configuration starts."""
    old, new = restart(NONE), restart(SHOP)
    no = OptOut(alias="main", number=TO, source=ConsentSource.TEXT)
    assert old.hasher
    starts = threading.Thread(target=lambda: new.hasher)
    with old.database.transact(choose_lock([no])) as run:
        assert list(heed(old, run, no, lambda _: True))
        starts.start()
        starts.join(0.3)
    starts.join()

    assert Reason.OPTED_OUT is ask(new, "shop")


def test_a_no_to_all_binds_programmes_that_are_configured_elsewhere(restart: Open) -> None:
    """Somebody writes it down from a folder without the configuration, or before its deployment."""
    elsewhere, sender = restart(NONE), restart(SHOP)
    assert elsewhere.hasher
    assert [None] * 2 == [ask(sender, each) for each in ("shop", "main")]
    opt_out(elsewhere, TO)

    assert [Reason.OPTED_OUT] * 2 == [ask(sender, each) for each in ("shop", "main")]


def test_a_yes_to_all_gives_no_consent_to_programmes_that_are_configured_elsewhere(
    restart: Open,
) -> None:
    """Who writes it down does not know of them."""
    sender = restart(SHOP)
    opt_out(sender, TO)
    opt_in(restart(NONE), TO)

    assert [Reason.OPTED_OUT, None] == [ask(sender, each) for each in ("shop", "main")]


def test_a_refusal_binds_the_programme_that_came_out_of_the_shared_one(restart: Open) -> None:
    """Only the provider that refused is asked again, by whatever programme."""
    ask(restart(NONE), "main", "NOT_OPTED_IN")

    assert Reason.NOT_OPTED_IN is ask(restart(SHOP), "shop")
    assert ask(restart(SHOP), "main") is None
    assert Reason.NOT_OPTED_IN is ask(restart(SHOP), "shop")


def test_a_no_follows_its_provider_to_another_programme(restart: Open) -> None:
    """The number that said STOP to a provider is not texted by it for the sake of another list."""
    ask(restart({"offers": ("shop",), "alerts": ("main",)}), "shop", "OPTED_OUT")
    moved: Programmes = {"offers": (), "alerts": ("main", "shop")}

    assert Reason.OPTED_OUT is ask(restart(moved), "shop")


@pytest.mark.parametrize("before", [NONE, SHOP], ids=["split", "renamed"])
def test_a_yes_to_the_programme_of_today_lifts_it(restart: Open, before: Programmes) -> None:
    """What was said to the one of yesterday, too; a yes to another one lifts nothing."""
    opt_out(restart(before), TO, programme="offers" if before else "")
    ledger = restart({"promotions": ("shop",), "alerts": ("main",)})
    opt_in(ledger, TO, programme="alerts")
    told = [ask(ledger, each) for each in ("main", "shop")]
    opt_in(ledger, TO, programme="promotions")

    assert [None, Reason.OPTED_OUT, None] == [*told, ask(ledger, "shop")]


@pytest.mark.parametrize(("minutes", "said"), [(9, Reason.OPTED_OUT), (1, None)])
def test_a_yes_that_comes_late_lifts_no_newer_no_to_the_programme_of_yesterday(
    restart: Open, minutes: int, said: Reason | None
) -> None:
    """It was said so many minutes ago, and the no five. Control: one that was said later does."""
    for word, ago, programmes in (
        (OptOut, 5, SHOP),
        (OptIn, minutes, {"promotions": ("shop",)}),
    ):
        at = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=ago)
        event = word(alias="shop", number=TO, source=ConsentSource.TEXT, at=at)
        keep_events(restart(programmes), "shop", [event], lambda _: True)

    assert said is ask(restart({"promotions": ("shop",)}), "shop")


def test_a_yes_to_a_programme_that_is_gone_lifts_no_no_of_today(restart: Open) -> None:
    """It lifts what was said to itself alone."""
    ledger = restart({"offers": ("shop",), "alerts": ("main",)})
    opt_out(ledger, TO, programme="alerts")
    opt_in(ledger, TO, programme="offers")

    assert Reason.OPTED_OUT is ask(restart({"alerts": ("main",)}), "main")


def test_programmes_that_were_there_are_kept_apart(restart: Open) -> None:
    """Control: while the configuration stays as it is, a no binds its own programme alone."""
    opt_out(restart(SHOP), TO, programme="default")

    assert [None, Reason.OPTED_OUT] == [ask(restart(SHOP), each) for each in ("shop", "main")]


def test_what_binds_a_programme_is_shown(restart: Open) -> None:
    """``consent show`` says of each programme what a send would."""
    opt_out(restart(SHOP), TO, programme="offers")
    shown = show_consent(restart({"promotions": ("shop",)}), TO)

    assert {"offers": "hand", "default": "hand", "promotions": "hand"} == {
        programme: known.opted_out for programme, known in shown.items()
    }


def _chain(alias: str, *names: str) -> SmsBackend:
    links = tuple(Route(provider=name, of=MemoryBackend()) for name in names)
    return Route(provider=alias, of=Fallback(chain=links))


def test_a_programme_that_names_a_chain_means_all_that_it_sends(restart: Open) -> None:
    """The aliases in the chain may be of the shared programme, and are bound by both."""
    ledger = restart({"offers": ("promo",)})
    opt_out(ledger, TO, programme="offers")
    promo, news = (
        Sender(_chain(each, "main"), ledger=ledger).send(Message(TO, "hello")).reason
        for each in ("promo", "news")
    )

    assert (Reason.OPTED_OUT, None) == (promo, news)


def test_a_no_to_a_provider_binds_it_in_a_chain_of_another_programme(restart: Open) -> None:
    """A STOP that the link itself was told."""
    ledger = restart({"offers": ("promo",)})
    opt_out(ledger, TO, programme="default")
    result = Sender(_chain("promo", "main"), ledger=ledger).send(Message(TO, "hello"))

    assert Reason.OPTED_OUT is result.reason
