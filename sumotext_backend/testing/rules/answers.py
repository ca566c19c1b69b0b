"""`AnswerRules`: what the provider's own answers are understood as, whole and cut."""

# ruff: noqa: S101 - a rule is an assertion

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from sumotext_backend.backend import SmsBackend
from sumotext_backend.models import Outcome, Reason, SendResult
from sumotext_backend.testing.hostile.request import Request
from sumotext_backend.testing.hostile.script import Reply
from sumotext_backend.testing.rules import faults
from sumotext_backend.testing.rules.assertions import assert_accepted, describe
from sumotext_backend.testing.rules.cases import SENDS, THREADS
from sumotext_backend.testing.rules.setup import HttpSetup


class AnswerRules(HttpSetup):
    """Rules about acceptances and refusals."""

    def test_an_acceptance_is_understood(self, subject: SmsBackend) -> None:
        """What `accepted` says is ACCEPTED, under the id that the gateway gave."""
        result = subject.send(self.message())

        assert_accepted(result)
        assert self._has_id(result), "the id is not the one that the provider gave"

    def test_it_can_say_that_a_person_may_not_be_texted(self) -> None:
        """One of the refusals at least is about the person or the text: no chain goes on then."""
        outcomes = {reason.outcome for reason in self.refused()}

        wrong = "none of the refusals is REJECTED, so a chain goes on after each"
        assert Outcome.REJECTED in outcomes, wrong

    def test_refusals_are_told_apart(self, subject: SmsBackend) -> None:
        """What `refused` says has its reason, under an HTTP 4xx too, and costs one request."""
        for reason, reply in self._refusals():
            result = self.answer(subject, reply)

            wrong = f"a refusal for {reason} ended as {describe(result)}"
            assert reason is result.reason, wrong

    def test_an_unknown_refusal_stops_a_chain(self, subject: SmsBackend) -> None:
        """A refusal whose word nobody knows may be about the person: it is never FAILED."""
        for reply in self.unknown():
            result = self.answer(subject, reply)

            wrong = f"a refusal in an unknown word ended as {result.outcome}; override 'unknown' "
            wrong += "if the provider words it otherwise"
            assert result.outcome in (Outcome.REJECTED, Outcome.UNKNOWN), wrong

    def test_half_an_acceptance_is_a_doubt(self, subject: SmsBackend) -> None:
        """An acceptance cut anywhere is UNKNOWN, or ACCEPTED under the whole id."""
        for cut in faults.cut(self.accepted()):
            result = self.answer(subject, cut)

            wrong = f"half an acceptance ended as {describe(result)}"
            assert result.outcome in (Outcome.ACCEPTED, Outcome.UNKNOWN), wrong
            doubt = Outcome.UNKNOWN is result.outcome
            assert doubt or self._has_id(result), "half an acceptance was accepted under half an id"

    def test_half_a_refusal_is_a_doubt(self, subject: SmsBackend) -> None:
        """A refusal cut anywhere is UNKNOWN, or what the whole one is: never another.

        Under an HTTP 4xx too: no chain goes on after half an opt-out.
        """
        for reason, reply in self._refusals():
            for cut in faults.cut(reply):
                result = self.answer(subject, cut)

                wrong = f"half a refusal for {reason} ended as {describe(result)}"
                assert reason is result.reason or Outcome.UNKNOWN is result.outcome, wrong

    def test_each_answer_is_judged_by_itself(self, subject: SmsBackend) -> None:
        """What came before does not matter: accepted, refused, accepted, in doubt, accepted."""
        for reason, reply in self.refused().items():
            assert_accepted(self.answer(subject, self.accepted()))
            result = self.answer(subject, reply)

            wrong = f"after an acceptance, a refusal for {reason} ended as {describe(result)}"
            assert reason is result.reason, wrong
        assert_accepted(self.answer(subject, self.accepted()))
        doubt = self.answer(subject, "U21-500")

        assert Outcome.UNKNOWN is doubt.outcome, f"after others, a doubt ended as {describe(doubt)}"
        assert_accepted(self.answer(subject, self.accepted()))

    def test_threads_get_answers_to_their_own_requests(self, subject: SmsBackend) -> None:
        """8 threads send 20 texts each, half of which are refused: each learns of its own."""
        reason, refusal = next(
            pair for pair in self.refused().items() if pair[0].outcome is Outcome.REJECTED
        )
        refused = {text: number % 2 == 1 for number, text in enumerate(_TEXTS)}

        def choose(request: Request) -> Reply:
            found = [text for text in self.values(request) if refused.get(text)]
            return refusal if found else self.accepted()

        self.gateway.play(choose)
        with ThreadPoolExecutor(THREADS) as pool:
            results = pool.map(lambda text: subject.send(self.message(text)), _TEXTS)
            ended = dict(zip(_TEXTS, results, strict=True))
        ids = {
            text: request.message_id.upper()
            for request in self.gateway.requests
            for text in self.values(request)
            if text in refused
        }
        for text, result in ended.items():
            expected = reason if refused[text] else None
            assert expected is result.reason, "a thread was told how the text of another ended"
            own = refused[text] or ids[text] == str(result.message_id).upper()
            assert own, "a thread was given the id of another's text"

    def _refusals(self) -> Iterator[tuple[Reason, Reply]]:
        """Each refusal as the provider words it, and under some 4xx."""
        for reason, reply in self.refused().items():
            yield from ((reason, each) for each in faults.vary_status(reply))

    def _has_id(self, result: SendResult) -> bool:
        """Whether ``result`` has the id of the last request; the case of its letters is free."""
        expected = self.gateway.requests[-1].message_id
        return expected.upper() == str(result.message_id).upper()


_TEXTS = [f"text {number} of many" for number in range(THREADS * SENDS)]
