"""Negative controls of the contract: each kind of bad backend breaks the rule against it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import bad_backends as bad
import pytest
from independent_backend import PlainBackend

from sumotext_backend import Reason, SmsBackend
from sumotext_backend.local import MemoryBackend
from sumotext_backend.testing import BackendContract, HttpBackendContract, Reply

pytestmark = pytest.mark.once

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "contract-kit.md"
EVERY_TEXT = "test_every_text_ends_as_one_result"
NO_TEXT = "test_what_is_no_text_is_rejected"
NO_NUMBER = "test_what_is_no_number_is_rejected"
PRIVATE = "test_nothing_private_is_shown"
KEPT = "test_nothing_is_kept_of_a_send"
FAULT = "test_a_fault_has_one_right_answer"
OVER_TLS = "test_a_fault_over_tls_has_one_right_answer"
OF_A_REFUSAL = "test_nothing_private_is_shown_of_a_refusal"
QUOTES = "test_an_answer_that_quotes_the_request_is_not_shown"
PROXY = "test_the_environment_names_no_proxy"

# Which rule catches which, and with what.
MEMORY = [
    (bad.Raises, EVERY_TEXT, {"text": "\u20ac"}),
    (bad.SendsTwice, "test_a_text_is_sent_once", {}),
    (bad.SendsTwice, EVERY_TEXT, {"text": "a"}),
    (bad.SendsTwice, "test_threads_share_it", {}),
    (bad.SendsAnything, NO_TEXT, {"text": ""}),
    (bad.SendsAnything, NO_NUMBER, {"to": "hello"}),
    (bad.SendsAnything, "test_threads_share_it", {}),
    (bad.Logs, PRIVATE, {}),
    (bad.Tells, PRIVATE, {}),
    (bad.ShowsItsSecret, "test_a_repr_shows_no_secret", {}),
    (bad.HoldsALock, "test_a_pickled_copy_sends", {}),
    (bad.DiesWhenClosed, "test_it_closes_twice_and_sends_again", {}),
    (bad.SharesOneAnswer, "test_threads_share_it", {}),
    (bad.Undeclared, "test_its_name_can_be_configured", {}),
    (bad.Undeclared, "test_its_dsn_form_fits_its_options", {}),
    (bad.Undeclared, "test_its_options_can_be_configured", {}),
    (bad.NotItsName, "test_its_entry_point_finds_it", {}),
    (bad.TextsTheFirstNumber, "test_each_text_goes_to_its_own_number", {}),
    (bad.CutsTheText, "test_a_text_leaves_whole", {"text": "a" * 161}),
    (bad.WritesIntoOptions, "test_a_message_is_left_as_it_was", {}),
    (bad.KeepsTheLastMessage, KEPT, {}),
]
HTTP = [
    (bad.FailsAnUnknownRefusal, "test_an_unknown_refusal_stops_a_chain", {}),
    (bad.TellsItsToken, OF_A_REFUSAL, {}),
    (bad.TellsItsToken, "test_nothing_private_is_shown_of_a_fault", {"fault": "R06-401"}),
    (bad.LogsARefusal, OF_A_REFUSAL, {}),
    (bad.IgnoresTheChain, "test_a_chain_bounds_its_time", {}),
    (bad.SharesAConnection, "test_a_fork_shares_no_connection", {}),
    (bad.FollowsHttpsProxy, PROXY, {"tls": True}),
    (bad.KeepsTheLastVerdict, KEPT, {}),
    (bad.KeepsTheLastVerdict, OF_A_REFUSAL, {}),
    (bad.AnswersAsBefore, "test_each_answer_is_judged_by_itself", {}),
    (bad.GoesByStatus, "test_refusals_are_told_apart", {}),
    (bad.FailsHalfARefusal, "test_half_a_refusal_is_a_doubt", {}),
    *((bad.QuotesTheServer, QUOTES, {"status": status}) for status in ("400 Bad Request",)),
    (bad.QuotesTheMessage, QUOTES, {"status": "500 Internal Server Error"}),
    (bad.SendsALogin, "test_the_environment_gives_no_login", {}),
    (bad.KeepsCookies, "test_no_cookie_is_kept", {}),
    (bad.TriesAgain, FAULT, {"fault": "U05"}),
    (bad.TriesAgain, "test_half_an_acceptance_is_a_doubt", {}),
    *((bad.TrustsAnybody, OVER_TLS, {"fault": fault}) for fault in ("N14", "N15", "N16")),
    (bad.TakesHalfAnId, "test_half_an_acceptance_is_a_doubt", {}),
    (bad.AcceptsAnyPage, FAULT, {"fault": "U24"}),
    (bad.FailsWhatBrokeOff, FAULT, {"fault": "U05"}),
    (bad.FailsWhatBrokeOff, "test_a_used_connection_makes_no_difference", {"fault": "U05"}),
    (bad.BoundsEachRead, FAULT, {"fault": "U13"}),
    (bad.MixesThreads, "test_threads_get_answers_to_their_own_requests", {}),
]
NAIVE = [
    *((FAULT, {"fault": fault}) for fault in ("U01", "U04", "U05", "U06", "U11", "U17-302")),
    *(
        (FAULT, {"fault": fault})
        for fault in ("U21-500", "U22", "U24", "U25-portal", "U31-corrupt")
    ),
    *((OVER_TLS, {"fault": fault}) for fault in ("N14", "N15", "N16")),
    *(("test_nothing_private_is_shown_of_a_fault", {"fault": fault}) for fault in ("N08", "U18")),
    ("test_a_used_connection_makes_no_difference", {"fault": "U05"}),
    ("test_half_an_acceptance_is_a_doubt", {}),
    ("test_half_a_refusal_is_a_doubt", {}),
    ("test_refusals_are_told_apart", {}),
    (PROXY, {"tls": False}),
    (PRIVATE, {}),
    (NO_NUMBER, {"to": "hello"}),
]


class MemoryKit(BackendContract):
    """The contract of some class that keeps its texts; pytest does not collect it."""

    entry_point = True

    def __init__(self, cls: type[MemoryBackend] = MemoryBackend) -> None:
        """Test instances of ``cls``."""
        self.cls = cls

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return self.cls()

    def sent(self, backend: SmsBackend) -> Sequence[Iterable[str]]:
        """What is kept."""
        assert isinstance(backend, MemoryBackend)
        return [(message.to, message.text) for message in backend.outbox]


class HttpKit(HttpBackendContract):
    """The contract of some class that speaks HTTP."""

    def __init__(self, cls: type[PlainBackend] = PlainBackend) -> None:
        """Test instances of ``cls``."""
        self.cls = cls

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return self.cls(**{"token": "s3cret-t0ken", **options})

    def accepted(self) -> Reply:
        """An id."""
        return Reply.json({"id": "{message_id}"})

    def refused(self) -> Mapping[Reason, Reply]:
        """In a 4xx, and in a 200."""
        return {
            Reason.NOT_OPTED_IN: Reply.json({"error": "opted_out"}, "400 Bad Request"),
            Reason.UNAUTHORIZED: Reply.json({"error": "bad_token"}, "401 Unauthorized"),
            Reason.THROTTLED: Reply.json({"error": "slow_down"}),
        }


class MistakenKit(HttpKit):
    """The contract of an author who takes an opt-out for a fault of the configuration."""

    def refused(self) -> Mapping[Reason, Reply]:
        """As the backend has it."""
        return {
            Reason.CONFIGURATION: Reply.json({"error": "opted_out"}, "400 Bad Request"),
            Reason.UNAUTHORIZED: Reply.json({"error": "bad_token"}, "401 Unauthorized"),
        }


class NaiveKit(HttpBackendContract):
    """The contract of `Naive`."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return bad.Naive(**options)

    def accepted(self) -> Reply:
        """A line."""
        return Reply(b"{mobile}:{message_id}")

    def refused(self) -> Mapping[Reason, Reply]:
        """A code."""
        return {Reason.NOT_OPTED_IN: Reply(b"{mobile}:NOTOPT")}


def run(
    kit: BackendContract, rule: str, given: Mapping[str, Any], request: pytest.FixtureRequest
) -> None:
    """Run one rule of ``kit`` as pytest would."""
    test = getattr(kit, rule)
    wanted = set(inspect.signature(test).parameters) - {*given, "subject"}
    fixtures = {name: request.getfixturevalue(name) for name in wanted}
    if "subject" not in inspect.signature(test).parameters:
        test(**given, **fixtures)
        return
    with kit.opened() as subject:
        test(subject=subject, **given, **fixtures)


@pytest.mark.parametrize(("cls", "rule", "given"), MEMORY)
def test_control_a_bad_backend_is_caught(
    cls: type[MemoryBackend], rule: str, given: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """The rule fails for the bad backend, and not for the good one that it is made of."""
    run(MemoryKit(), rule, given, request)
    request.getfixturevalue("caplog").clear()

    with pytest.raises(Exception):  # noqa: B017, PT011 - what is bad may raise anything
        run(MemoryKit(cls), rule, given, request)


@pytest.mark.parametrize(("cls", "rule", "given"), HTTP)
def test_control_a_bad_backend_over_http_is_caught(
    cls: type[PlainBackend], rule: str, given: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """The rule says what is wrong with the bad backend, and nothing of the good one."""
    run(HttpKit(), rule, given, request)
    request.getfixturevalue("caplog").clear()

    with pytest.raises(AssertionError, match=r"\w+ \w+ \w+"):
        run(HttpKit(cls), rule, given, request)


def test_control_an_author_who_is_mistaken_is_caught(request: pytest.FixtureRequest) -> None:
    """Backend and contract agree that an opt-out is FAILED: no chain would stop at one."""
    rule = "test_it_can_say_that_a_person_may_not_be_texted"
    kit = MistakenKit(bad.FailsItsOwnRefusal)
    run(HttpKit(), rule, {}, request)
    run(kit, "test_refusals_are_told_apart", {}, request)

    with pytest.raises(AssertionError, match="REJECTED"):
        run(kit, rule, {}, request)


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize(("rule", "given"), NAIVE)
def test_control_the_obvious_client_is_caught(
    rule: str, given: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """Rules of HTTP that plain requests with retries breaks."""
    with pytest.raises(AssertionError):
        run(NaiveKit(), rule, given, request)


def test_control_the_obvious_client_can_send(request: pytest.FixtureRequest) -> None:
    """It does accept what is accepted, so the rules above fail for their own reasons."""
    run(NaiveKit(), "test_an_acceptance_is_understood", {}, request)
    run(NaiveKit(), "test_a_text_is_sent_once", {}, request)


def test_every_bad_backend_has_its_rule() -> None:
    """All bad backends are above, each with a rule that catches it, and they are not few."""
    caught = {cls for cls, _, _ in [*MEMORY, *HTTP]} | {bad.FailsItsOwnRefusal, bad.Naive}

    assert caught == set(bad.list_bad().values())
    assert len(caught) >= 27
    assert f"{len(caught)} backends that are bad on purpose" in PAGE.read_text()
