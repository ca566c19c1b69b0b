"""The same requests and the same reader under asyncio: a driver is a few lines of I/O."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit

import attrs
import pytest

from sumotext_backend import Message, Reason
from sumotext_backend.http import NoResponse, Request, Response
from sumotext_backend.http.failures import explain_unconnected, left
from sumotext_backend.http.reader import REFUSAL_SECONDS, ResponseReader
from sumotext_backend.http.request import encode
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.testing import HostileGateway

DEADLINE = 1.0


async def carry(request: Request, base_url: str, deadline: float) -> Response | NoResponse:
    """One request, once, over a connection of its own."""
    parts = urlsplit(base_url)
    try:
        async with asyncio.timeout(left(deadline)):
            incoming, outgoing = await asyncio.open_connection(parts.hostname, parts.port)
    except OSError as error:
        return explain_unconnected(error)
    reader = ResponseReader(request)
    try:
        outgoing.write(encode(request, parts.path, parts.netloc))
        while not reader.done:
            async with asyncio.timeout(left(deadline)):
                reader.feed(await incoming.read(16_384))
            if reader.refuses:
                deadline = min(deadline, time.monotonic() + REFUSAL_SECONDS)
    except OSError as error:
        reader.fail(error)
    finally:
        outgoing.close()
    return reader.result()


@attrs.frozen(kw_only=True)
class AsyncioBackend(SumotextBackend):
    """The provider as it is, carried by asyncio."""

    def exchange(self, request: Request) -> Response | NoResponse:
        """Send one request, once."""
        return asyncio.run(carry(request, self.base_url, time.monotonic() + self.timeout))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("N08", Reason.UNREACHABLE),
        ("U04", Reason.NO_ANSWER),
        ("U06", Reason.TIMEOUT),
        ("U10", Reason.NO_ANSWER),
        ("U11", Reason.BAD_ANSWER),
        ("U13", Reason.TIMEOUT),
        ("U18", Reason.REDIRECTED),
        ("U21-500", Reason.SERVER_ERROR),
        ("U26", Reason.BAD_ANSWER),
        ("U31-gzip", Reason.BAD_ANSWER),
        ("R03", Reason.NOT_OPTED_IN),
        ("R06-403", Reason.UNAUTHORIZED),
        ("S01", None),
        ("S05-hang", None),
        ("S10", None),
    ],
)
def test_a_fault_has_the_same_answer(fault: str, reason: Reason | None) -> None:
    """The provider's outcome does not depend on what carries its request."""
    account = {"shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS", "timeout": DEADLINE}
    results = []
    for cls in (AsyncioBackend, SumotextBackend):
        with HostileGateway(fault) as gateway:
            backend = cls(base_url=gateway.url, **account)  # type: ignore[arg-type]
            results.append(backend.send(Message("5015551234", "hello")))
            backend.close()
            assert gateway.gets == (0 if fault == "N08" else 1)

    assert [reason, reason] == [result.reason for result in results]
