"""Doubts that a provider is asked about: a record ends one, and no record proves nothing."""

from __future__ import annotations

import email.utils
import json
from pathlib import Path
from typing import Any, Literal

import pytest
from commandline import sumotext

from sumotext_backend import DeliveryStatus, Message, Outcome, Reason, Sender
from sumotext_backend.ledger import (
    Ledger,
    Settings,
    find_entry,
    list_doubts,
    resolve_doubts,
    settle,
)
from sumotext_backend.ledger.reports import find_report
from sumotext_backend.local import MemoryBackend
from sumotext_backend.providers import Found, InfobipBackend, NoAnswer, TwilioBackend
from sumotext_backend.routing import Route
from sumotext_backend.testing import HostileGateway, Reply

NUMBER = "5015551234"
LOST = "U01"
NO_RECORD: dict[str, Any] = {"results": []}


def _make_record(reference: str) -> dict[str, Any]:
    log = {
        "messageId": reference,
        "to": "15015551234",
        "status": {"groupId": 3, "id": 5, "name": "DELIVERED_TO_HANDSET"},
        "error": {"id": 0},
    }
    return {"results": [log]}


def _make_backend(url: str) -> InfobipBackend:
    return InfobipBackend(api_key="k", sender="Shop", base_url=url, timeout=1.0)


def _leave_doubt(ledger: Ledger, key: str = "order-1") -> str:
    """A text whose answer was lost; the reference that it went out with."""
    with HostileGateway("U01") as gateway:
        backend = Route(provider="main", of=_make_backend(gateway.url))
        with Sender(backend, ledger=ledger) as sender:
            result = sender.send(Message(NUMBER, "hello", key=key))
    assert Outcome.UNKNOWN is result.outcome
    assert result.reference
    return result.reference


def test_a_record_settles_a_doubt(ledger: Ledger) -> None:
    """Asked by the reference that the text went out with; its report is kept, too."""
    reference = _leave_doubt(ledger)
    with HostileGateway(Reply.json(_make_record(reference))) as gateway:
        [(entry, said)] = resolve_doubts(ledger, {"main": _make_backend(gateway.url)})

        assert gateway.gets == 1
    assert isinstance(said, Found)
    assert () == list_doubts(ledger)
    settled = find_entry(ledger, entry.reference)
    assert settled
    assert ("ACCEPTED", "SENT") == (settled.outcome, settled.settled)
    assert ["provider"] == [note.source for note in settled.notes]
    report = find_report(ledger, reference)
    assert report
    assert (DeliveryStatus.DELIVERED, "main") == (report.status, report.alias)


@pytest.mark.parametrize("answer", [Reply.json(NO_RECORD), LOST])
def test_no_record_and_no_answer_prove_nothing(answer: Any, ledger: Ledger) -> None:
    """The doubt stays, and its key sends nothing."""
    _leave_doubt(ledger)
    with HostileGateway(answer) as gateway:
        [(_, said)] = resolve_doubts(ledger, {"main": _make_backend(gateway.url)})

    assert said is None or isinstance(said, NoAnswer)
    assert 1 == len(list_doubts(ledger))
    again = MemoryBackend()
    result = Sender(again, ledger=ledger).send(Message(NUMBER, "hello", key="order-1"))
    assert (Outcome.UNKNOWN, True, 0) == (result.outcome, result.stored, len(again.outbox))


def test_only_the_provider_that_left_it_is_asked(ledger: Ledger) -> None:
    """Another one's "no record" would say nothing; where nobody can be asked, that is said."""
    reference = _leave_doubt(ledger)
    with HostileGateway(Reply.json(_make_record(reference))) as gateway:
        backends = {"other": _make_backend(gateway.url), "main": MemoryBackend()}
        [(_, said)] = resolve_doubts(ledger, backends)

        assert gateway.gets == 0
    assert isinstance(said, NoAnswer)
    assert Reason.UNSUPPORTED is said.reason


def _make_twilio(url: str) -> TwilioBackend:
    return TwilioBackend(
        account_sid="AC" + "0" * 32,
        auth_token="t",
        sender="+15015550000",
        base_url=url,
        timeout=1.0,
    )


def _leave_doubts(ledger: Ledger, keys: str) -> None:
    """Texts of the same words through Twilio, whose answers were lost."""
    for key in keys:
        with HostileGateway(LOST) as gateway:
            backend = Route(provider="main", of=_make_twilio(gateway.url))
            with Sender(backend, ledger=ledger) as sender:
                sender.send(Message(NUMBER, "hello", key=key))


@pytest.mark.parametrize(
    ("record", "keys", "settled"), [("needed", "a", 0), ("all", "ab", 0), ("all", "a", 1)]
)
def test_a_record_that_is_only_alike_may_be_of_another_text(
    ledger: Ledger, record: Literal["needed", "all"], keys: str, settled: int
) -> None:
    """Of one without a key, which has no row, or of another doubt; else it settles."""
    ledger.settings = Settings(record=record)
    _leave_doubts(ledger, keys)
    record_of_twilio = {
        "sid": "SM" + "0" * 32,
        "to": f"+1{NUMBER}",
        "body": "hello",
        "direction": "outbound-api",
        "status": "delivered",
        "date_created": email.utils.formatdate(usegmt=True).replace("GMT", "+0000"),
    }
    answer = Reply.json({"messages": [record_of_twilio]})
    with HostileGateway(*[answer] * len(keys)) as gateway:
        answers = list(resolve_doubts(ledger, {"main": _make_twilio(gateway.url)}))

    assert settled == sum(isinstance(said, Found) for _, said in answers)
    assert len(keys) - settled == len(list_doubts(ledger))
    assert settled or all("settle it by hand" in repr(said) for _, said in answers)


def test_a_doubt_that_somebody_else_settled_meanwhile_is_passed_over(ledger: Ledger) -> None:
    """Their word stands, and the doubts after it are asked about all the same."""
    references = [_leave_doubt(ledger, key) for key in ("order-1", "order-2", "order-3")]
    answers = [Reply.json(_make_record(each)) for each in references]
    with HostileGateway(*answers) as gateway:
        asking = resolve_doubts(ledger, {"main": _make_backend(gateway.url)})
        told = [next(asking)]
        settle(ledger, references[1], sent=False, note="rang them up")
        told += asking

    assert [references[0], references[2]] == [entry.reference for entry, _ in told]
    ends = [find_entry(ledger, each) for each in references]
    assert ["SENT", "NOT_SENT", "SENT"] == [end and end.settled for end in ends]


def test_the_command_asks_and_settles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for each doubt; the exit code is 0, and numbers are masked."""
    from sumotext_backend.config import open_ledger

    monkeypatch.chdir(tmp_path)
    ledger = open_ledger()
    reference = _leave_doubt(ledger)
    with HostileGateway(Reply.json(NO_RECORD), Reply.json(_make_record(reference))) as gateway:
        Path("sumotext.toml").write_text(
            "[providers.main]\n"
            f'backend = "infobip"\napi_key = "k"\nsender = "Shop"\nbase_url = "{gateway.url}"\n'
        )
        first = sumotext("doubts", "resolve")
        second = json.loads(sumotext("doubts", "resolve", "--json").stdout)

    assert "still a doubt: no record" in first.stdout
    assert NUMBER not in first.stdout
    assert [True] == [each["settled"] for each in second["doubts"]]
    assert "there are no doubts" in sumotext("doubts", "resolve").stdout
    ledger.close()
