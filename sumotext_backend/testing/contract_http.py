"""`HttpBackendContract`: the rules of a backend that speaks HTTP, kept against a hostile gateway.

::

    class TestAcme(HttpBackendContract):
        def backend(self, **options):
            return AcmeBackend(**{"token": "s3cret-t0ken", **options})

        def accepted(self):
            return Reply(b'{"id": "{smsid}"}')

        def refused(self):
            return {Reason.NOT_OPTED_IN: Reply(b'{"error": "opted_out"}')}
"""

# ruff: noqa: S101 - a rule is an assertion

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import ClassVar, Final

import attrs
import pytest

from sumotext_backend.backend import SmsBackend
from sumotext_backend.models import Outcome, Reason, SendResult
from sumotext_backend.testing import contract_faults as faults
from sumotext_backend.testing.contract import SENDS, THREADS, BackendContract
from sumotext_backend.testing.hostile.gateway import HostileGateway
from sumotext_backend.testing.hostile.script import End, Fault, Reply
from sumotext_backend.testing.leaks import Eavesdropper

SLACK: Final = 0.5
"""Seconds by which a deadline may be passed: a machine may be busy."""

_TOKEN: Final = re.compile(rb"zq([0-9]+)qz")


class HttpBackendContract(BackendContract):
    """The rules of `BackendContract`, and those of HTTP.

    `backend` is given ``base_url``, ``ca_bundle``, ``timeout`` and ``connect_timeout``.
    """

    timeout: ClassVar[float] = 0.4
    """Seconds; the deadline of a send in these tests."""
    tries: ClassVar[int] = 1
    """Requests that one send may make where each was surely not sent; more for a chain."""
    gateway: HostileGateway

    def accepted(self) -> Reply:
        """How the provider accepts a text to `number`.

        In its body ``{smsid}`` stands for an id that is new for each request, ``{mobile}`` for
        the number in a request that names one ``mobile``.
        """
        raise NotImplementedError(f"{type(self).__name__} lacks the method 'accepted'")

    def refused(self) -> Mapping[Reason, Reply]:
        """How the provider refuses a text to `number`, by the reason that it is understood as."""
        raise NotImplementedError(f"{type(self).__name__} lacks the method 'refused'")

    def sent(self, backend: SmsBackend) -> int | None:
        """How many requests the gateway has read."""
        return self.gateway.gets

    def at(self, gateway: HostileGateway) -> SmsBackend:
        """A backend that sends to ``gateway``, with short deadlines."""
        return self.backend(
            base_url=gateway.url,
            ca_bundle=gateway.ca_bundle,
            timeout=self.timeout,
            connect_timeout=self.timeout / 2,
        )

    def accepting(self) -> Fault:
        """`accepted`, as the gateway plays it."""
        return Fault("accepted", "ok", "Accepts.", (self.accepted(),))

    @contextmanager
    def opened(self) -> Iterator[SmsBackend]:
        """A new backend, and a gateway that accepts; both closed at the end."""
        with HostileGateway(self.accepting()) as self.gateway, self._roomy() as backend:
            yield backend

    @contextmanager
    def _roomy(self) -> Iterator[SmsBackend]:
        # No rule that uses it is about time, and the machine may be busy.
        options = {"timeout": 5.0, "connect_timeout": 5.0, "ca_bundle": None}
        with closing(self.backend(base_url=self.gateway.url, **options)) as backend:
            yield backend

    def nothing_was_tried(self, subject: SmsBackend) -> None:
        """Check that no connection was made."""
        assert self.gateway.connections == 0

    def test_an_acceptance_is_understood(self, subject: SmsBackend) -> None:
        """What `accepted` says is ACCEPTED, under the id that the gateway gave."""
        result = subject.send(self.message())

        assert Outcome.ACCEPTED is result.outcome, result.detail
        assert self.gateway.requests[0].smsid == str(result.message_id).upper()

    def test_refusals_are_told_apart(self, subject: SmsBackend) -> None:
        """What `refused` says has its reason, under an HTTP 4xx too, and costs one request."""
        for reason, reply in self._refusals():
            self.gateway.play(Fault("refused", "code", "Refuses.", (reply,)))
            before = self.gateway.gets
            result = subject.send(self.message())

            assert reason is result.reason, result.detail
            assert self.gateway.gets - before <= self._at_most(result)

    def test_half_an_acceptance_is_a_doubt(self, subject: SmsBackend) -> None:
        """An acceptance cut anywhere is UNKNOWN, or ACCEPTED under the whole id."""
        for cut in faults.cuts(self.accepted()):
            result = self._meets_cut(subject, cut)

            assert result.outcome in (Outcome.ACCEPTED, Outcome.UNKNOWN), result.detail
            whole = self.gateway.requests[-1].smsid == str(result.message_id).upper()
            assert whole or Outcome.UNKNOWN is result.outcome

    def test_half_a_refusal_is_a_doubt(self, subject: SmsBackend) -> None:
        """A refusal cut anywhere is UNKNOWN, or what the whole one is: never another.

        Under an HTTP 4xx too: no chain goes on after half an opt-out.
        """
        for reason, reply in self._refusals():
            for cut in faults.cuts(reply):
                result = self._meets_cut(subject, cut)

                assert result.reason is reason or Outcome.UNKNOWN is result.outcome, result.detail

    def _refusals(self) -> Iterator[tuple[Reason, Reply]]:
        for reason, reply in self.refused().items():
            yield from ((reason, each) for each in faults.refusals(reply))

    def _meets_cut(self, subject: SmsBackend, cut: Fault) -> SendResult:
        self.gateway.play(cut)
        before = self.gateway.gets
        result = subject.send(self.message())

        assert self.gateway.gets - before <= self._at_most(result)
        return result

    @pytest.mark.parametrize("fault", faults.OF_ALL)
    def test_a_fault_has_one_right_answer(self, fault: str) -> None:
        """FAILED if surely nothing was sent, UNKNOWN if it may be; in time, and never again."""
        self._meets(fault, tls=False)

    @pytest.mark.parametrize("fault", faults.OF_TLS)
    def test_a_fault_over_tls_has_one_right_answer(self, fault: str) -> None:
        """The same over TLS, and no text for a server whose certificate cannot be trusted."""
        self._meets(fault, tls=True)

    def _meets(self, fault: str, *, tls: bool) -> None:
        with HostileGateway(fault, tls=tls) as gateway, closing(self.at(gateway)) as backend:
            begun = time.monotonic()
            result = backend.send(self.message())
            seconds = time.monotonic() - begun

            assert faults.right(fault) is result.outcome, result.detail
            assert gateway.gets <= self._at_most(result)
            assert seconds <= self.timeout + SLACK
            if fault.startswith("N"):
                assert gateway.gets == 0

    @pytest.mark.parametrize("fault", faults.OF_REUSE)
    def test_a_used_connection_makes_no_difference(self, fault: str) -> None:
        """A fault on a connection that has served before is a doubt, and is not tried again."""
        with (
            HostileGateway(self.accepting(), fault) as gateway,
            closing(self.at(gateway)) as backend,
        ):
            first = backend.send(self.message("first"))
            second = backend.send(self.message("second"))

            assert Outcome.ACCEPTED is first.outcome, first.detail
            assert Outcome.UNKNOWN is second.outcome, second.detail
            assert gateway.gets <= 2

    def test_a_connection_that_was_closed_is_replaced(self) -> None:
        """A server may close between two texts: the second goes over a new connection."""
        closes = attrs.evolve(self.accepting(), steps=(self.accepted(), End.CLOSE))
        with HostileGateway(closes) as self.gateway, self._roomy() as backend:
            for expected in (1, 2):
                result = backend.send(self.message())
                time.sleep(0.02)  # until the server's goodbye is here

                assert Outcome.ACCEPTED is result.outcome, result.detail
                assert expected == self.gateway.gets

    @pytest.mark.parametrize("fault", faults.THAT_TALK)
    def test_nothing_private_is_shown_of_a_fault(
        self, fault: str, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
    ) -> None:
        """What went wrong is told without number, text or secret."""
        caplog.set_level(logging.DEBUG)
        with HostileGateway(fault) as gateway, closing(self.at(gateway)) as backend:
            ears = Eavesdropper(self.number, backend)
            result = backend.send(self.message(ears.text))

            assert ears.heard(result, caplog, recwarn) == []
            assert ears.kept(backend) == []

    def test_threads_get_answers_to_their_own_requests(self, subject: SmsBackend) -> None:
        """8 threads send 20 texts each: each result has the id that was given to its text."""
        texts = [f"zq{number}qz" for number in range(THREADS * SENDS)]
        with ThreadPoolExecutor(THREADS) as pool:
            results = pool.map(lambda text: subject.send(self.message(text)), texts)
            ids = [str(result.message_id).upper() for result in results]

        assert dict(enumerate(ids)) == {
            int(number): request.smsid
            for request in self.gateway.requests
            for number in _TOKEN.findall(request.head + request.body)
        }

    def test_the_environment_names_no_proxy(
        self, subject: SmsBackend, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """``HTTP_PROXY`` and its like are not followed: a proxy would read number and text."""
        with HostileGateway("N17-502") as trap:
            for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, trap.url)
                monkeypatch.setenv(name.lower(), trap.url)
            for name in ("NO_PROXY", "no_proxy"):
                monkeypatch.delenv(name, raising=False)
            result = subject.send(self.message())

            assert Outcome.ACCEPTED is result.outcome, result.detail
            assert trap.connections == 0

    def _at_most(self, result: SendResult) -> int:
        """Requests that a send which ended so may have made."""
        return self.tries if result.outcome is Outcome.FAILED else 1
