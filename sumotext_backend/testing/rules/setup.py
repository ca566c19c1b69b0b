"""`HttpSetup`: what an author of a backend over HTTP says of the provider, and how it is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, ClassVar

from sumotext_backend.backend import SmsBackend
from sumotext_backend.models import Outcome, Reason, SendResult
from sumotext_backend.testing.contract import BackendContract
from sumotext_backend.testing.hostile.gateway import HostileGateway
from sumotext_backend.testing.hostile.request import Request, new_guid
from sumotext_backend.testing.hostile.script import Reply
from sumotext_backend.testing.rules.assertions import describe
from sumotext_backend.testing.rules.unknown_refusals import vary_refusals

ROOMY: float = 5.0
"""Seconds for rules that are not about time; the machine may be busy."""


class HttpSetup(BackendContract):
    """What the rules of HTTP ask for; an author writes `backend`, `accepted` and `refused`.

    `backend` is given ``base_url``, ``ca_bundle``, ``timeout`` and ``connect_timeout``.
    """

    timeout: ClassVar[float] = 0.4
    """Seconds; the deadline of a send in these tests."""
    tries: ClassVar[int] = 1
    """Requests that one send may make where each was surely not sent; more for a chain."""
    gateway: HostileGateway

    def accepted(self) -> Reply:
        """How the provider accepts a text to `number`.

        In its body ``{message_id}`` stands for an id that is new for each request, and any other
        name in braces for the value that the request has under that name.
        """
        raise NotImplementedError(f"{type(self).__name__} lacks the method 'accepted'")

    def refused(self) -> Mapping[Reason, Reply]:
        """How the provider refuses a text to `number`, by the reason that it is understood as."""
        raise NotImplementedError(f"{type(self).__name__} lacks the method 'refused'")

    def unknown(self) -> Iterable[Reply]:
        """How it refuses for a reason that no table has.

        What tells each of `refused` apart is replaced by something made up; override this where
        the provider words it otherwise.
        """
        return vary_refusals(self.accepted(), self.refused().values())

    def message_id(self) -> str:
        """An id as the provider makes them, new each time; a GUID unless overridden."""
        return new_guid()

    def values(self, request: Request) -> Iterable[str]:
        """The values in ``request``, with number and text as the message had them.

        Those of path, query, form and JSON; override this where the provider wants a text
        otherwise, in hexadecimal for example.
        """
        return request.values

    def sent(self, backend: SmsBackend) -> Sequence[Iterable[str]] | None:
        """The values of each request that the gateway has read."""
        return [self.values(request) for request in self.gateway.requests]

    def serve(self, *script: Any, tls: bool = False) -> HostileGateway:
        """A gateway that answers as the provider does, where ``script`` says nothing else."""
        return HostileGateway(*script, tls=tls, accepts=self.accepted(), message_id=self.message_id)

    def connect(self, gateway: HostileGateway, timeout: float | None = None) -> SmsBackend:
        """A backend that sends to ``gateway``, within `timeout` seconds unless told otherwise."""
        return self.backend(
            base_url=gateway.url,
            ca_bundle=gateway.ca_bundle,
            timeout=timeout or self.timeout,
            connect_timeout=timeout or self.timeout / 2,
        )

    @contextmanager
    def opened(self) -> Iterator[SmsBackend]:
        """A new backend, and a gateway that accepts; both closed at the end."""
        with (
            self.serve() as self.gateway,
            closing(self.connect(self.gateway, ROOMY)) as backend,
        ):
            yield backend

    def nothing_was_tried(self, subject: SmsBackend) -> None:
        """Check that no connection was made."""
        tried = self.gateway.connections
        assert tried == 0, "a connection was made for what must not be sent"  # noqa: S101

    def max_requests(self, result: SendResult) -> int:
        """Requests that a send which ended so may have made."""
        return self.tries if result.outcome is Outcome.FAILED else 1

    def answer(self, subject: SmsBackend, reply: Any, text: str = "hello") -> SendResult:
        """What ``subject`` says where the gateway answers with ``reply``, by one request."""
        self.gateway.play(reply)
        before = self.gateway.gets
        result = subject.send(self.message(text))
        asked = self.gateway.gets - before
        wrong = f"one send made {asked} requests and ended as {describe(result)}"
        assert asked <= self.max_requests(result), wrong  # noqa: S101
        return result
