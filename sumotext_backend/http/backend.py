"""`HttpBackend`: the base of every backend that speaks HTTP."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import urlsplit

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.http.answers import Answer, NoAnswer
from sumotext_backend.http.process import Driver, PerProcess
from sumotext_backend.http.request import Enough, Request, find_problem
from sumotext_backend.http.requests_driver import RequestsDriver
from sumotext_backend.http.socket_driver import SocketDriver
from sumotext_backend.limits import Limits, limits
from sumotext_backend.models import Reason

log: Final = logging.getLogger("sumotext_backend.http")


LONGEST: Final = 86_400.0
"""Seconds that a time-out may be; the system's own sockets take no number at all."""


def _above_zero(_: object, field: attrs.Attribute[float], value: float) -> None:
    if not 0 < value <= LONGEST:
        raise ConfigurationError(
            f"option {field.name!r} wants a number of seconds above 0, and at most a day"
        )


def _check_address(base_url: str) -> None:
    if not _is_address(base_url, ("http", "https")):
        raise ConfigurationError("option 'base_url' wants https://host or http://host")
    parts = urlsplit(base_url)
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigurationError("option 'base_url' wants no query, fragment or login")


def _proxy_address(_: object, field: attrs.Attribute[str], value: str | None) -> None:
    if value is not None and not _is_address(value, ("http",)):
        raise ConfigurationError(f"option {field.name!r} wants http://host:port")


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        plain = value.isascii() and value.isprintable() and " " not in value
        return plain and parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port, or of brackets
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@attrs.frozen(kw_only=True)
class HttpBackend(SmsBackend):
    """Options of every backend that speaks HTTP, and `exchange`.

    Raises `ConfigurationError` for an option that cannot be, plain ``http`` to anything but
    loopback without ``allow_plain_http`` among them.
    """

    base_url: str = attrs.field(metadata={"help": "where the provider answers"})
    timeout: float = attrs.field(
        default=30.0,
        validator=_above_zero,
        metadata={"help": "deadline of a whole send, in seconds"},
    )
    connect_timeout: float = attrs.field(
        default=10.0,
        validator=_above_zero,
        metadata={"help": "deadline of connecting, TLS included, in seconds"},
    )
    ca_bundle: str | None = attrs.field(
        default=None, metadata={"help": "PEM file of the authorities to trust (certifi's if unset)"}
    )
    proxy: str | None = attrs.field(
        default=None,
        repr=False,
        validator=_proxy_address,
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
    transport: Literal["sockets", "requests"] = attrs.field(
        default="sockets",
        validator=attrs.validators.in_(("sockets", "requests")),
        metadata={"help": "what sends: our own sockets, or requests, as always through a proxy"},
    )
    _drivers: PerProcess = attrs.field(init=False, factory=PerProcess, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Check the address here, so that a subclass may give it a default.

        Refuse to send numbers and texts over a network in the clear.
        """
        _check_address(self.base_url)
        parts = urlsplit(self.base_url)
        open_air = parts.scheme == "http" and not _is_loopback(parts.hostname or "")
        if open_air and not self.allow_plain_http:
            raise ConfigurationError(
                "option 'base_url' is plain http to another machine: numbers and texts would "
                "be readable on the way; use https, or set allow_plain_http=true"
            )

    def exchange(
        self,
        request: Request | str,
        *,
        enough: Enough | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer | NoAnswer:
        """Send ``request``, once. Never raises for what a network or a server does.

        A target alone (path and query below ``base_url``, percent-encoded) is a GET, or a POST
        where there is a ``body``.
        """
        if isinstance(request, str):
            method = "GET" if body is None else "POST"
            more = {"enough": enough} if enough else {}
            request = Request(request, method, body, headers or {}, **more)
        del body, headers  # so that no tracker of errors finds them in this frame
        now = time.monotonic()
        ended = self._exchange(request, self._limits(now))
        log.debug(
            "%s%s: %s after %.3f s",
            self.base_url,
            request.target.partition("?")[0],
            ended.status if isinstance(ended, Answer) else ended.reason,
            time.monotonic() - now,
        )
        return ended

    def _limits(self, now: float) -> Limits:
        bound = limits()
        by = min(now + self.timeout, bound.deadline)
        return Limits(min(by, now + self.connect_timeout, bound.connect_by), by)

    def _exchange(self, request: Request, limits: Limits) -> Answer | NoAnswer:
        problem = find_problem(request)
        if problem:
            return NoAnswer(Reason.CONFIGURATION, problem)
        try:
            driver = self._drivers.get(self._driver)
        except OSError as error:  # ssl.SSLError among them
            return NoAnswer(Reason.CONFIGURATION, _bad_bundle(error))
        except ValueError as error:
            wrong = f"option 'base_url' or 'proxy' cannot be used ({type(error).__name__})"
            return NoAnswer(Reason.CONFIGURATION, wrong)
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
