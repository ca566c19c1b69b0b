"""`TransportRules`: faults of network and server, time, connections, forks."""

# ruff: noqa: S101 - a rule is an assertion

from __future__ import annotations

import os
import time
from contextlib import closing
from typing import Final

import pytest

from sumotext_backend.backend import SmsBackend
from sumotext_backend.deadline import within
from sumotext_backend.models import Message, Outcome, Reason, SendResult
from sumotext_backend.testing.hostile.script import End, Fault
from sumotext_backend.testing.rules import faults
from sumotext_backend.testing.rules.assertions import assert_accepted, describe
from sumotext_backend.testing.rules.forking import run_in_fork
from sumotext_backend.testing.rules.setup import ROOMY, HttpSetup

SLACK_SECONDS: Final = 0.5
"""By which a deadline may be passed: a machine may be busy."""
_BOUND_SECONDS: Final = 0.2
"""That a chain leaves to one of its providers."""
_FORK_TIMEOUT: Final = 10.0
_TRIES: Final = 3
"""Of a fault upon which no connection came about; a backend that is wrong is wrong each time."""


class TransportRules(HttpSetup):
    """Rules about what a network and a server may do."""

    @pytest.mark.parametrize("fault", faults.OF_ALL)
    def test_a_fault_has_one_right_answer(self, fault: str) -> None:
        """FAILED if surely nothing was sent, UNKNOWN if it may be; in time, and never again."""
        self._check_fault(fault, tls=False)

    @pytest.mark.parametrize("fault", faults.OF_TLS)
    def test_a_fault_over_tls_has_one_right_answer(self, fault: str) -> None:
        """The same over TLS, and no text for a server whose certificate cannot be trusted."""
        self._check_fault(fault, tls=True)

    def _check_fault(self, fault: str, *, tls: bool) -> None:
        right = faults.right(fault)
        for _ in range(_TRIES):
            result, seconds, requests = self._play(fault, tls=tls)
            # On a busy machine even a connection within this machine may take too long.
            if right is Outcome.FAILED or result.reason is not Reason.UNREACHABLE:
                break
        wrong = f"upon {fault}, which is {right}, it says {describe(result)}"
        assert right is result.outcome, wrong
        assert requests <= self.max_requests(result), f"upon {fault} it made {requests} requests"
        assert seconds <= self.timeout + SLACK_SECONDS, f"upon {fault} it took {seconds:.2f} s"
        if fault.startswith("N"):
            assert requests == 0, f"upon {fault} a text left for a server that was not proven"

    def _play(self, fault: str, *, tls: bool) -> tuple[SendResult, float, int]:
        """What one send says of ``fault``, how many seconds it took and requests it made."""
        with self.serve(fault, tls=tls) as gateway, closing(self.connect(gateway)) as backend:
            begun = time.monotonic()
            result = backend.send(self.message())
            return result, time.monotonic() - begun, gateway.gets

    def test_a_chain_bounds_its_time(self) -> None:
        """A send ends within `deadline.within`, however long its own time-out is."""
        with self.serve("U06") as gateway, closing(self.connect(gateway, ROOMY)) as backend:
            begun = time.monotonic()
            end = begun + _BOUND_SECONDS
            result = within(end, end, lambda: backend.send(self.message()))
            seconds = time.monotonic() - begun

        left = f"a chain left {_BOUND_SECONDS} s, and the send took {seconds:.2f} s"
        assert seconds <= _BOUND_SECONDS + SLACK_SECONDS, left
        assert Outcome.UNKNOWN is result.outcome, f"a silent server ended as {result.outcome}"

    @pytest.mark.parametrize("fault", faults.OF_REUSE)
    def test_a_used_connection_makes_no_difference(self, fault: str) -> None:
        """A fault on a connection that has served before is a doubt, and is not tried again."""
        with (
            self.serve(self.accepted(), fault) as gateway,
            closing(self.connect(gateway, ROOMY)) as backend,
        ):
            first = backend.send(self.message("first"))
            second = backend.send(self.message("second"))
            requests = gateway.gets

        assert_accepted(first)
        assert Outcome.UNKNOWN is second.outcome, f"upon {fault} it says {second.outcome}"
        assert requests <= 2, f"upon {fault} it made {requests - 1} requests for one text"

    def test_a_connection_that_was_closed_is_replaced(self) -> None:
        """A server may close between two texts: the second goes over a new connection."""
        closes = Fault("closes", "ok", "Accepts, then closes.", (self.accepted(), End.CLOSE))
        with (
            self.serve(closes) as gateway,
            closing(self.connect(gateway, ROOMY)) as backend,
        ):
            for expected in (1, 2):
                result = backend.send(self.message())
                time.sleep(0.02)  # until the server's FIN is here

                assert_accepted(result)
                assert expected == gateway.gets, "one send did not make one request"

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
    def test_a_fork_shares_no_connection(self, subject: SmsBackend) -> None:
        """A child sends over a connection of its own, or it and its parent swap answers."""
        assert_accepted(subject.send(self.message("before")))
        message = self.message("from the child")
        told = run_in_fork(lambda: _describe(subject, message), _FORK_TIMEOUT)
        assert_accepted(subject.send(self.message("from the parent")))

        before, child, parent = self.gateway.requests
        wrong = f"the child of a fork was told {told or 'nothing'}"
        assert told == f"ACCEPTED {self.id_of(child).upper()}", wrong
        shared = child.connection in (before.connection, parent.connection)
        assert not shared, "parent and child of a fork share a connection"


def _describe(backend: SmsBackend, message: Message) -> str:
    result: SendResult = backend.send(message)
    return f"{result.outcome} {result.message_id}".upper()
