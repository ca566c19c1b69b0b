"""The same provider, unchanged, under an asynchronous driver: same request, same outcome."""

from __future__ import annotations

import asyncio
import http.client
import io
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
from rest_provider import RestBackend

from sumotext_backend import Message, Reason
from sumotext_backend.models import Verdict
from sumotext_backend.providers import (
    HttpBackend,
    NoResponse,
    Request,
    Response,
    conclude,
    prepare,
)
from sumotext_backend.providers.sumotext import SumotextBackend, SumotextV2Backend
from sumotext_backend.testing import FAULTS, Fault, HostileGateway, Raw

MESSAGE = Message("5015551234", "hello")
REQUESTS = {
    "rest": (RestBackend, {"account": "AC1", "token": "s3cret", "sender": "74700"}),
    "legacy": (SumotextBackend, {"shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS"}),
    "v2": (
        SumotextV2Backend,
        {"shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS", "apikey": "s3cret"},
    ),
}
ACCEPTED = {
    "rest": b'{"sid": "SM1"}',
    "legacy": b"5015551234:ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0\r\n",
    "v2": b'{"sumoId": "ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0", "Err": {"ErrNum": 0}}',
}
REFUSED = {
    "rest": b'{"code": 21610}',
    "legacy": b"5015551234:NOTOPT\r\n",
    "v2": b'{"sumoId": null, "Err": {"ErrNum": 27}}',
}
PLAYED = ["N08", "U04", "U05", "U06", "U17-302", "U21-500", "U24", "R05-404", "R06-401", "R07"]


def page(status: int, body: bytes, missing: int = 0) -> Raw:
    """A response, ``missing`` bytes of which do not come."""
    head = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(body) + missing)
    return Raw(head + body)


async def send(backend: HttpBackend, message: Message) -> Verdict:
    """What `HttpBackend.send` does, with an exchange that is awaited."""
    ready = prepare(backend, message)
    if isinstance(ready, Verdict):
        return ready
    return conclude(ready, await exchange(backend, ready.request))


async def exchange(backend: HttpBackend, request: Request) -> Response | NoResponse:
    """Send ``request``, once."""
    host = urlsplit(backend.base_url)
    try:
        reader, writer = await asyncio.open_connection(host.hostname, host.port)
    except OSError:
        return NoResponse(Reason.UNREACHABLE, "no connection")
    try:
        writer.write(encode(request, host.netloc, host.path))
        data = await asyncio.wait_for(reader.read(-1), backend.timeout)
    except TimeoutError:
        return NoResponse(Reason.TIMEOUT, "no answer")
    except OSError:
        return NoResponse(Reason.NO_ANSWER, "no answer")
    finally:
        writer.close()
    return parse(data)


def encode(request: Request, host: str, prefix: str) -> bytes:
    """``request`` as HTTP/1.1 that asks for one response and the end."""
    fields = {"Host": host, "Connection": "close", **request.headers}
    if request.body is not None:
        fields["Content-Length"] = str(len(request.body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    head = f"{request.method} {prefix}{request.target} HTTP/1.1\r\n{lines}\r\n"
    return head.encode("latin-1") + (request.body or b"")


class _Wire(io.BytesIO):
    def makefile(self, *_: Any) -> _Wire:
        return self


def parse(data: bytes) -> Response | NoResponse:
    """The response in ``data``, all that came until the end."""
    raw = http.client.HTTPResponse(_Wire(data))  # type: ignore[arg-type]
    try:
        raw.begin()
    except (http.client.HTTPException, OSError):
        return NoResponse(Reason.NO_ANSWER, "no answer")
    framed = raw.length is not None
    try:
        return Response(raw.status, raw.read(), ended=framed)
    except http.client.IncompleteRead as error:
        return Response(raw.status, error.partial, cut=Reason.BAD_ANSWER)


def ask_both(provider: str, played: Raw | Fault | str) -> tuple[Verdict, Any]:
    """What the asynchronous and the synchronous driver say of the same thing."""
    cls, options = REQUESTS[provider]
    with (
        HostileGateway(played) as gateway,
        closing(cls(base_url=gateway.url, timeout=0.4, **options)) as backend,
    ):
        verdict = asyncio.run(send(backend, MESSAGE))
        return verdict, backend.send(MESSAGE)


@pytest.mark.parametrize("fault", PLAYED)
@pytest.mark.parametrize("provider", REQUESTS)
def test_a_fault_ends_alike_under_both(provider: str, fault: str) -> None:
    """Ten faults: the reason, and so the outcome, is the provider's and not the driver's."""
    verdict, result = ask_both(provider, next(f for f in FAULTS if f.startswith(fault)))

    assert verdict.reason
    assert verdict.reason.outcome is result.outcome


@pytest.mark.parametrize(("status", "missing"), [(200, 0), (400, 0), (403, 9), (404, 999)])
@pytest.mark.parametrize("provider", REQUESTS)
def test_a_refusal_ends_alike_under_both(provider: str, status: int, missing: int) -> None:
    """Whole or with a page that does not come, under any status."""
    verdict, result = ask_both(provider, page(status, REFUSED[provider], missing))

    assert verdict.reason is result.reason
    assert verdict.reason in (Reason.OPTED_OUT, Reason.NOT_OPTED_IN)


@pytest.mark.parametrize("provider", REQUESTS)
def test_half_a_refusal_ends_alike_under_both(provider: str) -> None:
    """It is a doubt."""
    verdict, result = ask_both(provider, page(400, REFUSED[provider][:12], 40))

    assert verdict.reason is result.reason is Reason.BAD_ANSWER


@pytest.mark.parametrize("provider", REQUESTS)
def test_an_acceptance_ends_alike_under_both(provider: str) -> None:
    """With the same id."""
    verdict, result = ask_both(provider, page(200, ACCEPTED[provider]))

    assert verdict.reason is result.reason is None
    assert verdict.message_id == result.message_id
