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
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ClassVar, Final

import pytest

from sumotext_backend.backend import SmsBackend
from sumotext_backend.models import Message, Outcome, Reason, SendResult
from sumotext_backend.options import options_of
from sumotext_backend.testing import declaration
from sumotext_backend.testing.leaks import Eavesdropper

ODD_TEXTS: Final = {
    "one letter": "a",
    "one full text": "a" * 160,
    "ten texts": "ten of them " * 120,
    "far too long": "a" * 20_000,
    "emoji": "up \U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd",
    "line ends": "a\r\nb\n\nc\r",
    "controls": "a\x00b\x1b[31m\x7f",
    "markup": '&lt;a href="x?y=1&z=2">\'%00 + %41 {mobile} \\u0041#',
    "blank": "   ",
}
ODD_NUMBERS: Final = {
    "written": "(501) 555-1234",
    "abroad": "+44 20 7946 0958",
    "full-width": "\uff15\uff10\uff11\uff15\uff15\uff15\uff11\uff12\uff13\uff14",
    "line end": "5015551234\r\nX-Injected: 1",
    "surrogate": "\ud800",
    "controls": "\x00",
    "long": "1" * 5_000,
}
NO_NUMBERS: Final = {"empty": "", "a word": "hello", "a plus": "+", "too long": "9" * 40}
NO_TEXTS: Final = {"empty": "", "a lone surrogate": "half of a pair: \ud83d"}

THREADS: Final = 8
SENDS: Final = 20
"""By each thread."""

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class BackendContract:
    """The rules of `SmsBackend`. Derive a class whose name begins with ``Test``."""

    number: ClassVar[str] = "+15015551234"
    """A number that the backend takes."""
    entry_point: ClassVar[bool] = False
    """Whether the backend is installed under its name, and is to be found by it."""

    def backend(self, **options: Any) -> SmsBackend:
        """Make a new backend that accepts a text to `number`; ``options`` go before your own.

        Give every secret a value of its own, such as ``"s3cret-t0ken"``: it is looked for in
        whatever is shown.
        """
        raise NotImplementedError(f"{type(self).__name__} lacks the method 'backend'")

    def sent(self, backend: SmsBackend) -> int | None:
        """How many texts ``backend`` has let go so far; None where nobody can tell."""
        return None

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

        assert Outcome.ACCEPTED is result.outcome, result.detail
        assert result.message_id
        assert self.sent(subject) in (None, 1)

    @pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
    def test_every_text_ends_as_one_result(self, text: str, subject: SmsBackend) -> None:
        """Whatever the text: `send` returns a `SendResult` for this number, and never raises."""
        self._one_result(subject, Message(self.number, text))

    @pytest.mark.parametrize("to", ODD_NUMBERS.values(), ids=ODD_NUMBERS)
    def test_every_number_ends_as_one_result(self, to: str, subject: SmsBackend) -> None:
        """Whatever the number: `send` returns a `SendResult` for it, and never raises."""
        self._one_result(subject, Message(to, "hello"))

    def _one_result(self, subject: SmsBackend, message: Message) -> None:
        result = subject.send(message)

        assert isinstance(result, SendResult)
        assert message.to == result.to
        assert result.backend
        assert bool(result.message_id) or Outcome.ACCEPTED is not result.outcome
        assert self.sent(subject) in self._possible(result)

    @staticmethod
    def _possible(result: SendResult) -> tuple[int | None, ...]:
        """How many texts may have left after the one send that ended so."""
        if result.outcome is Outcome.ACCEPTED:
            return (None, 1)
        return (None, 0, 1) if result.outcome is Outcome.UNKNOWN else (None, 0)

    @pytest.mark.parametrize("text", NO_TEXTS.values(), ids=NO_TEXTS)
    def test_what_is_no_text_is_rejected(self, text: str, subject: SmsBackend) -> None:
        """What no provider could send is REJECTED / INVALID_MESSAGE, and nothing leaves."""
        result = subject.send(Message(self.number, text))

        assert Reason.INVALID_MESSAGE is result.reason
        self.nothing_was_tried(subject)

    @pytest.mark.parametrize("to", NO_NUMBERS.values(), ids=NO_NUMBERS)
    def test_what_is_no_number_is_rejected(self, to: str, subject: SmsBackend) -> None:
        """What is no phone number is REJECTED, whatever the provider, and nothing leaves."""
        result = subject.send(Message(to, "hello"))

        assert Outcome.REJECTED is result.outcome, result.detail
        self.nothing_was_tried(subject)

    def nothing_was_tried(self, subject: SmsBackend) -> None:
        """Check that ``subject``, which is new, has let nothing go."""
        assert self.sent(subject) in (None, 0)

    def test_nothing_private_is_shown(
        self,
        subject: SmsBackend,
        caplog: pytest.LogCaptureFixture,
        recwarn: pytest.WarningsRecorder,
    ) -> None:
        """Number, text and secrets are in no log, warning, repr, detail, error or traceback."""
        caplog.set_level(logging.DEBUG)
        ears = Eavesdropper(self.number, subject)
        result = subject.send(self.message(ears.text))

        assert ears.heard(result, caplog, recwarn) == []
        assert ears.kept(subject) == []

    def test_a_repr_shows_no_secret(self, subject: SmsBackend) -> None:
        """What is declared as secret or left out of the repr is not in it, by any way."""
        assert Eavesdropper(self.number, subject).found({"repr": f"{subject!r} {subject}"}) == []

    def test_it_closes_twice_and_sends_again(self, subject: SmsBackend) -> None:
        """`close` may be called twice, before and after a send, and a later send works."""
        for _ in range(2):
            subject.close()
            subject.close()

            assert Outcome.ACCEPTED is subject.send(self.message()).outcome

    def test_a_pickled_copy_sends(self, subject: SmsBackend) -> None:
        """A backend pickles, before and after a send, and its copy sends as it does."""
        for _ in range(2):
            copy = pickle.loads(pickle.dumps(subject))  # noqa: S301 - our own
            result = copy.send(self.message())
            copy.close()

            assert Outcome.ACCEPTED is result.outcome, result.detail
            assert Outcome.ACCEPTED is subject.send(self.message()).outcome

    def test_threads_share_it(self, subject: SmsBackend) -> None:
        """8 threads send 20 texts each: all are accepted, each under an id of its own."""
        texts = [f"text {number}" for number in range(THREADS * SENDS)]
        with ThreadPoolExecutor(THREADS) as pool:
            results = list(pool.map(lambda text: subject.send(self.message(text)), texts))

        assert {Outcome.ACCEPTED} == {result.outcome for result in results}
        assert len(texts) == len({result.message_id for result in results})
        assert self.sent(subject) in (None, len(texts))

    def test_its_name_can_be_configured(self, subject: SmsBackend) -> None:
        """`name` is made of small letters, digits and single hyphens: it is a DSN's scheme too."""
        assert _NAME.fullmatch(subject.name)

    def test_its_dsn_form_fits_its_options(self, subject: SmsBackend) -> None:
        """`dsn`, where there is one, begins with the name, and its parts are options, once each."""
        assert declaration.wrong_in_dsn(type(subject)) == []

    def test_its_options_can_be_configured(self, subject: SmsBackend) -> None:
        """Every option has a help text, and a type that text from a configuration is read as."""
        assert declaration.wrong_in_options(type(subject)) == []
        assert set(options_of(type(subject))) >= set(declaration.dsn_slots(type(subject)))

    def test_its_entry_point_finds_it(self, subject: SmsBackend) -> None:
        """Installed, it is found under its name, once."""
        if not self.entry_point:
            pytest.skip("set entry_point = True once the backend is installed under its name")

        assert [type(subject)] == declaration.installed_as(subject.name)
