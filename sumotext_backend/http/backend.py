"""`HttpBackend`: the base of every backend that speaks HTTP."""

from __future__ import annotations

import abc
import logging
import os
import re
import time
from collections.abc import Callable
from typing import Final

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.deadline import limits
from sumotext_backend.http.adapter import OneShot
from sumotext_backend.http.checks import check_base_url, check_proxy, check_seconds
from sumotext_backend.http.connections import Call, current
from sumotext_backend.http.prepare import Prepared, conclude, prepare
from sumotext_backend.http.reading import read
from sumotext_backend.http.request import Request
from sumotext_backend.http.response import NoResponse, Response
from sumotext_backend.http.sockets import Stopped
from sumotext_backend.models import Message, Reason, SendResult, Verdict
from sumotext_backend.msisdn import Msisdn

log: Final = logging.getLogger("sumotext_backend.http")


_HEADER: Final = re.compile(r"[\t -~\xa0-\xff]*")


class PerProcess:
    """One adapter for each process: connections that cross a fork swap answers.

    Pickles and copies as empty, so that a backend travels without its connections.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._made: dict[int, OneShot] = {}

    def get(self, make: Callable[[], OneShot]) -> OneShot:
        """This process's adapter, made when there is none. No lock: a fork could hold it."""
        mine = os.getpid()
        adapter = self._made.get(mine)
        if adapter is None:
            for other in list(self._made):
                self._made.pop(other, None)
            adapter = self._made.setdefault(mine, make())
        return adapter

    def close(self) -> None:
        """Close this process's adapter."""
        adapter = self._made.pop(os.getpid(), None)
        if adapter:
            adapter.close()

    def __reduce__(self) -> tuple[type[PerProcess], tuple[()]]:
        """Pickle as empty."""
        return (PerProcess, ())


@attrs.frozen(kw_only=True)
class HttpBackend(SmsBackend):
    """What a provider over HTTP is: it describes, and `send` is the same for all.

    A subclass says in `request` what goes out and in `read` what comes back; it has no I/O.
    `send` checks the message, asks for the request, exchanges it once, and judges the response.
    Raises `ConfigurationError` for an option that cannot be, plain ``http`` to anything but
    loopback without ``allow_plain_http`` among them.
    """

    base_url: str = attrs.field(metadata={"help": "where the provider answers"})
    timeout: float = attrs.field(
        default=30.0,
        validator=check_seconds,
        metadata={"help": "deadline of a whole send, in seconds"},
    )
    connect_timeout: float = attrs.field(
        default=10.0,
        validator=check_seconds,
        metadata={"help": "deadline of connecting, TLS included, in seconds"},
    )
    ca_bundle: str | None = attrs.field(
        default=None, metadata={"help": "PEM file of the authorities to trust (certifi's if unset)"}
    )
    proxy: str | None = attrs.field(
        default=None,
        repr=False,
        validator=check_proxy,
        metadata={
            "help": "http://host:port to go through; the environment's is not used",
            "secret": True,
        },
    )
    allow_plain_http: bool = attrs.field(
        default=False, metadata={"help": "permit http:// to a host that is not this machine"}
    )
    trust_4xx: bool = attrs.field(
        default=True,
        metadata={"help": "take an HTTP 4xx as surely not sent; false makes it UNKNOWN"},
    )
    _adapters: PerProcess = attrs.field(init=False, factory=PerProcess, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Check the address here, so that a subclass may give it a default."""
        check_base_url(self.base_url, allow_plain_http=self.allow_plain_http)

    @abc.abstractmethod
    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """The one request that sends ``message`` to ``number``, or why it cannot be made. Pure.

        ``message`` is one that some provider could send, and its own options are set already.
        """

    @abc.abstractmethod
    def read(self, response: Response, number: Msisdn) -> Verdict:
        """What the body of ``response``, a 2xx or a 4xx, says of the text to ``number``. Pure.

        An id only where it is whole. A code in no table of yours is `Reason.REFUSED`, and what
        is not the provider's own language is `Reason.BAD_ANSWER`. Never raises.
        """

    def send(self, message: Message) -> SendResult:
        """Send ``message`` by one request, once, and judge the response."""
        ready = prepare(self, message)
        verdict = ready if isinstance(ready, Verdict) else self._send(ready)
        return SendResult.of(self.name, message, verdict)

    def _send(self, ready: Prepared) -> Verdict:
        verdict = conclude(ready, self.exchange(ready.request))
        if verdict.out_of_step:
            self.close()
        return verdict

    def exchange(self, request: Request) -> Response | NoResponse:
        """Send ``request``, once. Never raises for what a network or a server does."""
        now = time.monotonic()
        bound = limits()
        by = min(now + self.timeout, bound.deadline)
        connect_by = min(by, now + self.connect_timeout, bound.connect_by)
        call = Call(connect_by=connect_by, deadline=by)
        ended = self._exchange(call, request)
        log.debug(
            "%s%s: %s after %.3f s",
            self.base_url,
            request.target.partition("?")[0],
            ended.status if isinstance(ended, Response) else ended.reason,
            time.monotonic() - now,
        )
        return ended

    def _exchange(self, call: Call, request: Request) -> Response | NoResponse:
        if not all(map(_HEADER.fullmatch, request.headers.values())):
            return NoResponse(Reason.CONFIGURATION, "a header has a character that none may have")
        try:
            adapter = self._adapters.get(self._adapter)
        except OSError as error:  # ssl.SSLError among them
            return NoResponse(Reason.CONFIGURATION, _bad_bundle(error))
        except ValueError as error:
            wrong = f"option 'base_url' or 'proxy' cannot be used ({type(error).__name__})"
            return NoResponse(Reason.CONFIGURATION, wrong)
        # A signal handler may send while this thread is sending.
        outer, current.call = current.call, call
        try:
            raw = adapter.once(request)
            return read(raw, call.sock, request.enough)
        except Stopped as stop:
            return NoResponse(stop.reason, stop.detail)
        except Exception as error:  # noqa: BLE001 - the mark decides, whatever it was
            reason = Reason.NO_ANSWER if call.started else Reason.UNREACHABLE
            return NoResponse(reason, f"the exchange broke off ({type(error).__name__})")
        finally:
            current.call = outer

    def _adapter(self) -> OneShot:
        return OneShot(self.base_url, self.ca_bundle, self.proxy)

    def close(self) -> None:
        """Close the connections of this process."""
        self._adapters.close()


def _bad_bundle(error: Exception) -> str:
    why = getattr(error, "strerror", None) or type(error).__name__
    return f"option 'ca_bundle' names no file of PEM certificates that can be read ({why})"
