"""`HttpBackend`: the base of every backend that speaks HTTP."""

from __future__ import annotations

import abc
import logging
import time
from typing import Final, Literal

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.deadline import Limits, limits
from sumotext_backend.http.checks import (
    check_base_url,
    check_certificates,
    check_proxy,
    check_seconds,
    check_transliterate,
)
from sumotext_backend.http.prepare import Prepared, conclude, prepare
from sumotext_backend.http.process import Driver, PerProcess
from sumotext_backend.http.request import Request, find_problem
from sumotext_backend.http.requests_driver import RequestsDriver
from sumotext_backend.http.response import NoResponse, Response
from sumotext_backend.http.socket_driver import SocketDriver
from sumotext_backend.models import Message, Reason, SendResult, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.options import one_of

log: Final = logging.getLogger("sumotext_backend.http")


def _common(told: str, *, secret: bool = False) -> dict[str, object]:
    """What an option says of itself that every provider over HTTP has."""
    return {"help": told, "secret": secret, "common": True}


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
        metadata=_common("deadline of a whole send, in seconds"),
    )
    connect_timeout: float = attrs.field(
        default=10.0,
        validator=check_seconds,
        metadata=_common("deadline of connecting, TLS included, in seconds"),
    )
    ca_bundle: str | None = attrs.field(
        default=None,
        validator=check_certificates,
        metadata=_common("PEM file of the authorities to trust (certifi's if unset)"),
    )
    proxy: str | None = attrs.field(
        default=None,
        repr=False,
        validator=check_proxy,
        metadata=_common(
            "http://host:port to go through; the environment's is not used", secret=True
        ),
    )
    allow_plain_http: bool = attrs.field(
        default=False,
        metadata=_common("permit http:// to a host that is not this machine"),
    )
    trust_4xx: bool = attrs.field(
        default=True,
        metadata=_common("take an HTTP 4xx as surely not sent; false makes it UNKNOWN"),
    )
    transport: Literal["sockets", "requests"] = attrs.field(
        default="sockets",
        validator=one_of,
        metadata=_common("what sends: our own sockets, or requests, as always through a proxy"),
    )
    transliterate: bool = attrs.field(
        default=False,
        validator=check_transliterate,
        metadata=_common(
            "write curly quotes and their like plainly, where that makes a text GSM-7"
        ),
    )
    _drivers: PerProcess = attrs.field(init=False, factory=PerProcess, eq=False, repr=False)

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
        ended = self._exchange(request, self._limits(now))
        if log.isEnabledFor(logging.DEBUG):
            self._log(request, ended, time.monotonic() - now)
        return ended

    def _log(self, request: Request, ended: Response | NoResponse, seconds: float) -> None:
        said = ended.status if isinstance(ended, Response) else ended.reason
        path = request.target.partition("?")[0]
        log.debug("%s%s: %s after %.3f s", self.base_url, path, said, seconds)

    def _limits(self, now: float) -> Limits:
        bound = limits()
        by = min(now + self.timeout, bound.deadline)
        return Limits(min(by, now + self.connect_timeout, bound.connect_by), by)

    def _exchange(self, request: Request, limits: Limits) -> Response | NoResponse:
        problem = find_problem(request)
        if problem:
            return NoResponse(Reason.CONFIGURATION, problem)
        try:
            driver = self._drivers.get(self._driver)
        except OSError as error:  # ssl.SSLError among them
            return NoResponse(Reason.CONFIGURATION, _bad_bundle(error))
        except ValueError as error:
            wrong = f"option 'base_url' or 'proxy' cannot be used ({type(error).__name__})"
            return NoResponse(Reason.CONFIGURATION, wrong)
        return driver.send(request, limits)

    def _driver(self) -> Driver:
        """A driver that goes by ``transport``; our own sockets know no proxy."""
        if self.proxy or self.transport == "requests":
            return RequestsDriver(self.base_url, self.ca_bundle, self.proxy)
        return SocketDriver(self.base_url, self.ca_bundle)

    def close(self) -> None:
        """Close the connections of this process."""
        self._drivers.close()


def _bad_bundle(error: Exception) -> str:
    why = getattr(error, "strerror", None) or type(error).__name__
    return f"option 'ca_bundle' names no file of PEM certificates that can be read ({why})"
