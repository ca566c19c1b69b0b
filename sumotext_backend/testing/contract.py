"""`BackendContract`: the rules that every backend keeps, as a pytest class to derive from.

Every rule is a test of its own. What a backend's author writes is one method::

    class TestAcme(BackendContract):
        def backend(self, **options):
            return AcmeBackend(**{"token": "s3cret-t0ken", **options})
"""

# ruff: noqa: S101 - a rule is an assertion

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ClassVar

import attrs
import pytest

from sumotext_backend.backend import SmsBackend
from sumotext_backend.models import Message, Outcome, Reason, SendResult
from sumotext_backend.testing.leaks import LeakFinder
from sumotext_backend.testing.rules.assertions import assert_accepted, assert_no_leak, describe
from sumotext_backend.testing.rules.cases import (
    NO_NUMBERS,
    NO_TEXTS,
    ODD_NUMBERS,
    ODD_TEXTS,
    SENDS,
    THREADS,
    WHOLE_TEXTS,
)
from sumotext_backend.testing.rules.declaration import DeclarationRules
from sumotext_backend.testing.rules.matching import has_number, has_text


class BackendContract(DeclarationRules):
    """The rules of `SmsBackend`. Derive a class whose name begins with ``Test``."""

    number: ClassVar[str] = "+15015551234"
    """A number that the backend takes."""
    other_number: ClassVar[str] = "+15015555678"
    """Another one."""

    def backend(self, **options: Any) -> SmsBackend:
        """Make a new backend that accepts a text to `number`; ``options`` go before your own.

        Give every secret a value of its own, such as ``"s3cret-t0ken"``: it is looked for in
        whatever is shown.
        """
        raise NotImplementedError(f"{type(self).__name__} lacks the method 'backend'")

    def sent(self, backend: SmsBackend) -> Sequence[Iterable[str]] | None:
        """What has left ``backend`` so far: of each text the values that left with it.

        Its number and its text are among them: ``[(each.to, each.text) for each in outbox]``.
        None where nobody can tell.
        """
        return None

    def count(self, backend: SmsBackend) -> int | None:
        """How many texts have left ``backend`` so far; None where nobody can tell."""
        sent = self.sent(backend)
        return None if sent is None else len(sent)

    @contextmanager
    def opened(self) -> Iterator[SmsBackend]:
        """A new backend, closed at the end."""
        backend = self.backend()
        try:
            yield backend
        finally:
            backend.close()

    @pytest.fixture
    def subject(self) -> Iterator[SmsBackend]:
        """The backend under test, new for each rule."""
        with self.opened() as backend:
            yield backend

    def message(self, text: str = "hello") -> Message:
        """A message that the backend takes."""
        return Message(self.number, text)

    def test_a_text_is_sent_once(self, subject: SmsBackend) -> None:
        """A text that may go is accepted under an id, and leaves once."""
        result = subject.send(self.message())

        assert_accepted(result)
        assert result.message_id, "an accepted text has no id"
        assert self.count(subject) in (None, 1), "one send did not let one text go"

    def test_each_text_goes_to_its_own_number(self, subject: SmsBackend) -> None:
        """Number and text that leave are those of the message, whatever was sent before."""
        texts = {"first": self.number, "second": self.other_number, "third": self.number}
        for text, number in texts.items():
            assert_accepted(subject.send(attrs.evolve(self.message(text), to=number)))
        sent = self.sent(subject)
        if sent is None:
            pytest.skip("nobody can tell what has left: write 'sent'")
        for text, number in texts.items():
            own = [tuple(values) for values in sent if has_text(values, text)]

            assert len(own) == 1, "a text did not leave, or left twice"
            assert has_number(own[0], number), "a text left for another number than its message's"
            others = {self.number, self.other_number} - {number}
            assert not any(has_number(own[0], other) for other in others), "it left for two numbers"

    @pytest.mark.parametrize("text", WHOLE_TEXTS.values(), ids=WHOLE_TEXTS)
    def test_a_text_leaves_whole(self, text: str, subject: SmsBackend) -> None:
        """What leaves is the text as it was given, to its last character; or nothing leaves."""
        subject.send(self.message(text))

        for values in self.sent(subject) or ():
            assert has_text(values, text), "the text that left is not the text that was given"

    def test_a_message_is_left_as_it_was(self, subject: SmsBackend) -> None:
        """`send` changes nothing in the message, its options neither."""
        plain = self.message()
        own = dict(plain.options.get(subject.name, {}))
        message = attrs.evolve(
            plain, options={"somebody-else": {"key": "value"}, subject.name: own}
        )
        before = repr({name: dict(options) for name, options in message.options.items()})
        subject.send(message)
        after = repr({name: dict(options) for name, options in message.options.items()})

        assert before == after, "send wrote into message.options"

    @pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
    def test_every_text_ends_as_one_result(self, text: str, subject: SmsBackend) -> None:
        """Whatever the text: `send` returns a `SendResult` for this number, and never raises."""
        self._check_result(subject, self.message(text))

    @pytest.mark.parametrize("to", ODD_NUMBERS.values(), ids=ODD_NUMBERS)
    def test_every_number_ends_as_one_result(self, to: str, subject: SmsBackend) -> None:
        """Whatever the number: `send` returns a `SendResult` for it, and never raises."""
        self._check_result(subject, attrs.evolve(self.message(), to=to))

    def _check_result(self, subject: SmsBackend, message: Message) -> None:
        result = subject.send(message)

        assert isinstance(result, SendResult), "send returned something that is not a SendResult"
        assert message.to == result.to, "the result is about another number than the message"
        assert result.backend, "the result does not name its backend"
        has_id = bool(result.message_id)
        assert has_id or result.outcome is not Outcome.ACCEPTED, "an accepted text has no id"
        possible = {Outcome.ACCEPTED: (None, 1), Outcome.UNKNOWN: (None, 0, 1)}
        left = self.count(subject)
        assert left in possible.get(result.outcome, (None, 0)), f"{result.outcome}, but {left} left"

    @pytest.mark.parametrize("text", NO_TEXTS.values(), ids=NO_TEXTS)
    def test_what_is_no_text_is_rejected(self, text: str, subject: SmsBackend) -> None:
        """What no provider could send is REJECTED / INVALID_MESSAGE, and nothing leaves."""
        result = subject.send(self.message(text))

        wrong = f"what no provider could send ended as {describe(result)}"
        assert Reason.INVALID_MESSAGE is result.reason, wrong
        self.nothing_was_tried(subject)

    @pytest.mark.parametrize("to", NO_NUMBERS.values(), ids=NO_NUMBERS)
    def test_what_is_no_number_is_rejected(self, to: str, subject: SmsBackend) -> None:
        """What is no phone number is REJECTED, whatever the provider, and nothing leaves."""
        result = subject.send(attrs.evolve(self.message(), to=to))

        wrong = f"what is not a phone number ended as {describe(result)}"
        assert Outcome.REJECTED is result.outcome, wrong
        self.nothing_was_tried(subject)

    def nothing_was_tried(self, subject: SmsBackend) -> None:
        """Check that ``subject``, which is new, has let nothing go."""
        assert self.count(subject) in (None, 0), "something left that must not"

    def test_nothing_private_is_shown(
        self,
        subject: SmsBackend,
        caplog: pytest.LogCaptureFixture,
        recwarn: pytest.WarningsRecorder,
    ) -> None:
        """Number, text and secrets are in no log, warning, repr, detail, error or traceback."""
        caplog.set_level(logging.DEBUG)
        finder = LeakFinder(self.number, subject)
        result = subject.send(self.message(finder.text))

        assert_no_leak(finder.search_output(result, caplog, recwarn))

    def test_nothing_is_kept_of_a_send(self, subject: SmsBackend) -> None:
        """A pickle of the backend holds neither message nor result of what it has sent."""
        finder = LeakFinder(self.number, subject)
        subject.send(self.message(finder.text))
        kept = finder.search_state(subject)

        assert kept == [], f"the backend keeps of a send: {', '.join(kept)}"

    def test_a_repr_shows_no_secret(self, subject: SmsBackend) -> None:
        """What is declared as secret or left out of the repr is not in it, by any way."""
        assert_no_leak(LeakFinder(self.number, subject).search({"repr": f"{subject!r} {subject}"}))

    def test_it_closes_twice_and_sends_again(self, subject: SmsBackend) -> None:
        """`close` may be called twice, before and after a send, and a later send works."""
        for _ in range(2):
            subject.close()
            subject.close()

            assert_accepted(subject.send(self.message()))

    def test_a_pickled_copy_sends(self, subject: SmsBackend) -> None:
        """A backend pickles, before and after a send, and its copy sends as it does."""
        for _ in range(2):
            copy = pickle.loads(pickle.dumps(subject))  # noqa: S301 - our own
            result = copy.send(self.message())
            copy.close()

            assert_accepted(result)
            assert_accepted(subject.send(self.message()))

    def test_threads_share_it(self, subject: SmsBackend) -> None:
        """8 threads send 20 texts each: all are accepted, each under an id of its own."""
        texts = [f"text {number}" for number in range(THREADS * SENDS)]
        with ThreadPoolExecutor(THREADS) as pool:
            results = list(pool.map(lambda text: subject.send(self.message(text)), texts))

        for result in results:
            assert_accepted(result)
        ids = {result.message_id for result in results}
        assert len(texts) == len(ids), "texts of several threads share an id"
        assert self.count(subject) in (None, len(texts)), "not every text left once"
