"""`ProviderRules`: what a table of a provider's own answers must become; a test of one is data.

The tables in the tests are written from the providers' documentation, not from our modules.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

import attrs
import pytest
from our_providers import OTHERS, list_answers, list_providers

from sumotext_backend import ConfigurationError, Message, Outcome, Reason
from sumotext_backend.config import connect
from sumotext_backend.http import (
    HttpBackend,
    Prepared,
    Response,
    classify_status,
    conclude,
    prepare,
)
from sumotext_backend.models import Verdict
from sumotext_backend.testing import HttpBackendContract, Reply

Answer = tuple[int, Any]
"""An HTTP status, and the value that the body is the JSON of."""

MESSAGE = Message("+15015551234", "hello", reference="7f8d1c1e-ref")


def serialize(value: Any) -> bytes:
    """``value`` as a body: JSON, unless it is bytes already."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def reply(answer: Answer) -> Reply:
    """``answer`` as the hostile gateway gives it."""
    status, value = answer
    return Reply.json(value, f"{status} {HTTPStatus(status).phrase}")


class ProviderRules(HttpBackendContract):
    """The contract of one provider of ours, and its tables.

    ``options`` make a backend. ``success`` is a documented acceptance, with ``"{message_id}"`` for
    its id; ``successes`` are more of them. ``codes`` are the documented codes of refusals by what
    they mean, and `refuse` puts one into an answer. ``odd`` are answers that prove nothing.
    ``others`` names the samples that this provider might give too. ``wrong`` are options that
    cannot be, each with words of the error.
    """

    entry_point = True

    cls: ClassVar[type[HttpBackend]]
    module: ClassVar[Any]
    options: ClassVar[Mapping[str, Any]]
    url: ClassVar[str]
    success: ClassVar[Answer]
    successes: ClassVar[Sequence[Answer]] = ()
    codes: ClassVar[Mapping[Reason, str]]
    unknown_code: ClassVar[Any] = 31337
    odd: ClassVar[Sequence[Answer]] = ()
    own_samples: ClassVar[frozenset[str]] = frozenset()
    wrong: ClassVar[Sequence[tuple[Mapping[str, Any], str]]]

    def refuse(self, code: Any) -> Answer:
        """A whole refusal with that code, as the provider words it."""
        raise NotImplementedError

    def backend(self, **options: Any) -> HttpBackend:
        """Return a new one."""
        return self.cls(**{**self.options, **options})

    def accepted(self) -> Reply:
        """The documented acceptance."""
        return reply(self.success)

    def refused(self) -> Mapping[Reason, Reply]:
        """The first code of each reason that says that surely nothing was sent."""
        return {
            reason: reply(self.refuse(codes.split()[0]))
            for reason, codes in self.codes.items()
            if reason.outcome is not Outcome.UNKNOWN
        }

    def prepare(self, message: Message = MESSAGE, **options: Any) -> Prepared:
        """The request for ``message``."""
        prepared = prepare(self.backend(**options), message)
        assert isinstance(prepared, Prepared), prepared
        return prepared

    def judge(self, answer: Answer, *, ended: bool = True) -> Verdict:
        """What ``answer`` proves."""
        status, value = answer
        return conclude(self.prepare(), Response(status, serialize(value), ended))

    def ends(self, answer: Answer) -> str:
        """How a send ends after ``answer``, in a word."""
        return str(self.judge(answer).reason or Outcome.ACCEPTED)

    def list_codes(self) -> Iterator[tuple[str, Reason]]:
        """Each documented code, and what it means."""
        for reason, codes in self.codes.items():
            yield from ((code, reason) for code in codes.split())

    def fill(self, answer: Answer, message_id: str) -> Answer:
        """``answer`` with the id in its place."""
        return answer[0], serialize(answer[1]).replace(b"{message_id}", message_id.encode())

    def test_each_code_means_what_is_documented(self) -> None:
        """Every code of the documentation, and a chain goes on after exactly those FAILED."""
        judged = {code: self.judge(self.refuse(code)) for code, _ in self.list_codes()}

        assert {**dict(self.list_codes())} == {code: each.reason for code, each in judged.items()}
        assert {code: code for code in judged} == {code: each.raw for code, each in judged.items()}

    def test_the_module_knows_no_other_code(self) -> None:
        """Its table, which the page shows, is the documented one."""
        assert dict(self.list_codes()) == self.module.REASONS

    def test_a_code_in_no_table_stops_a_chain(self) -> None:
        """It is REJECTED / REFUSED: it may be about the person."""
        assert self.ends(self.refuse(self.unknown_code)) == Reason.REFUSED

    def test_each_documented_success_is_accepted(self) -> None:
        """Under the whole id."""
        for answer in (self.success, *self.successes):
            message_id = self.message_id()
            verdict = self.judge(self.fill(answer, message_id))

            assert (None, message_id) == (verdict.reason, verdict.message_id), answer

    def test_an_id_that_is_not_whole_is_a_doubt(self) -> None:
        """A part of one, more than one, nothing, null, a number, an object, blanks."""
        whole, one = serialize(self.success[1]), self.message_id()
        for part in (one[:8], f"{one} ", f"{one}/+15015551234", "", "  ", "{message_id}"):
            body = whole.replace(b"{message_id}", part.encode())

            assert self.judge((self.success[0], body)).reason is Reason.BAD_ANSWER, part
        for part in (b"null", b"12", b"{}", b"[]", b"true"):
            body = whole.replace(b'"{message_id}"', part)

            assert self.judge((self.success[0], body)).reason is Reason.BAD_ANSWER, part

    def test_an_id_in_a_refusal_is_a_doubt(self) -> None:
        """An acceptance under an HTTP 4xx, or one with the refusal beside it, under any status."""
        status, body = self.fill(self.success, self.message_id())
        answers = [(400, body)]
        accepted, (_, refusal) = json.loads(body), self.refuse(next(self.list_codes())[0])
        if not accepted.keys() & refusal.keys():
            answers += [(each, accepted | refusal) for each in (status, 400)]

        for answer in answers:
            assert Outcome.UNKNOWN is self.judge(answer).reason.outcome, answer  # type: ignore[union-attr]

    def test_what_is_odd_is_a_doubt(self) -> None:
        """UNKNOWN, each of them."""
        for answer in self.odd:
            verdict = self.judge(self.fill(answer, self.message_id()))

            assert verdict.reason, f"accepted: {answer}"
            assert Outcome.UNKNOWN is verdict.reason.outcome, f"{verdict.reason}: {answer}"

    def test_no_beginning_of_an_answer_proves_anything(self) -> None:
        """Cut at any byte, an acceptance and a refusal are UNKNOWN: so is half an opt-out."""
        refusal = self.refuse(next(self.list_codes())[0])
        for status, value in (self.fill(self.success, self.message_id()), refusal):
            body = serialize(value)
            found = {
                self.judge((status, body[:length]), ended=False).reason.outcome  # type: ignore[union-attr]
                for length in range(len(body))
            }

            assert {Outcome.UNKNOWN} == found, status

    def test_another_providers_answer_is_not_understood(self) -> None:
        """Under a 2xx it is UNKNOWN, and under a 4xx what the status says."""
        for name in {*list_providers(), *OTHERS} - {self.cls.name, *self.own_samples}:
            for _, value in list_answers(name):
                success = self.judge((200, value)).reason
                by_status = classify_status(Response(400, b"", ended=True))

                assert by_status
                assert success, f"an answer of {name} was accepted"
                assert Outcome.UNKNOWN is success.outcome, f"{name}: {success}"
                assert by_status.reason is self.judge((400, value)).reason, f"{name}: {value}"

    def test_a_5xx_is_a_doubt_whatever_it_says(self) -> None:
        """The server may have sent the text before it failed."""
        for code, _ in self.list_codes():
            assert self.ends((503, self.refuse(code)[1])) == Reason.SERVER_ERROR

    def test_what_it_keeps_of_an_answer_is_a_code(self) -> None:
        """Free text goes no further: it may hold the number."""
        for code, _ in self.list_codes():
            status, value = self.refuse(code)
            body = serialize(value).replace(b"no such", b"no +15015551234 such")
            shown = self.judge((status, body))

            assert "5015551234" not in f"{shown.detail} {shown.raw}"

    def test_it_is_made_of_a_dsn(self) -> None:
        """The documented one, percent-encoding undone."""
        made = connect(self.url).backend
        while hasattr(made, "of"):
            made = made.of

        assert isinstance(made, self.cls)
        for name, value in self.options.items():
            assert getattr(made, name) == value, name

    def test_the_message_says_what_it_is_sent_from(self) -> None:
        """Its options for this provider come before its sender, and that before the option."""
        named = Message("5015551234", "hi", sender="246810")
        own = attrs.evolve(named, options={self.cls.name: {"sender": "13579"}})
        bodies = [self.prepare(message).request.body or b"" for message in (MESSAGE, named, own)]

        assert [b"246810" in body for body in bodies] == [False, True, False]
        assert [b"13579" in body for body in bodies] == [False, False, True]

    def test_wrong_options_are_told_in_one_line_without_their_values(self) -> None:
        """What is wrong, and never a value."""
        for options, words in self.wrong:
            with pytest.raises(ConfigurationError, match=words) as caught:
                self.cls(**{**self.options, **options})
            line = str(caught.value)

            assert "\n" not in line
            values = [str(each) for each in options.values() if len(str(each or "")) > 4]
            assert not any(value in line for value in values), line
