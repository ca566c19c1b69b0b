"""`HttpBackend`: the base of every backend that speaks HTTP."""

from __future__ import annotations

import ipaddress
import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.deadline import limits
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.files import may_block
from sumotext_backend.http.adapter import OneShot
from sumotext_backend.http.answers import Answer, NoAnswer
from sumotext_backend.http.connections import Call, current
from sumotext_backend.http.reading import Enough, read
from sumotext_backend.http.sockets import Stopped
from sumotext_backend.models import Reason

log: Final = logging.getLogger("sumotext_backend.http")


LONGEST: Final = 86_400.0
"""Seconds that a time-out may be; the system's own sockets take no number at all."""

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


def _certificates(_: object, field: attrs.Attribute[str], value: str | None) -> None:
    if value is not None and may_block(value):
        raise ConfigurationError(f"option {field.name!r} wants a regular file")


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
        default=None,
        validator=_certificates,
        metadata={"help": "PEM file of the authorities to trust (certifi's if unset)"},
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
    _adapters: PerProcess = attrs.field(init=False, factory=PerProcess, eq=False, repr=False)

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
        target: str,
        *,
        enough: Enough = lambda _body: False,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer | NoAnswer:
        """Send one request, once: a GET, or a POST where there is a ``body``.

        ``target`` is path and query below ``base_url``, percent-encoded. Reading stops as soon
        as ``enough(body so far)``. Never raises for what a network or a server does.
        """
        now = time.monotonic()
        bound = limits()
        by = min(now + self.timeout, bound.deadline)
        connect_by = min(by, now + self.connect_timeout, bound.connect_by)
        call = Call(connect_by=connect_by, deadline=by)
        ended = self._exchange(call, target, enough, body, headers or {})
        log.debug(
            "%s%s: %s after %.3f s",
            self.base_url,
            target.partition("?")[0],
            ended.status if isinstance(ended, Answer) else ended.reason,
            time.monotonic() - now,
        )
        return ended

    def _exchange(
        self,
        call: Call,
        target: str,
        enough: Enough,
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> Answer | NoAnswer:
        if not all(map(_HEADER.fullmatch, headers.values())):
            return NoAnswer(Reason.CONFIGURATION, "a header has a character that none may have")
        try:
            adapter = self._adapters.get(self._adapter)
        except OSError as error:  # ssl.SSLError among them
            return NoAnswer(Reason.CONFIGURATION, _bad_bundle(error))
        except ValueError as error:
            wrong = f"option 'base_url' or 'proxy' cannot be used ({type(error).__name__})"
            return NoAnswer(Reason.CONFIGURATION, wrong)
        # A signal handler may send while this thread is sending.
        outer, current.call = current.call, call
        try:
            raw = adapter.once(target, body, headers)
            return read(raw, call.sock, enough)
        except Stopped as stop:
            return NoAnswer(stop.reason, stop.detail)
        except Exception as error:  # noqa: BLE001 - the mark decides, whatever it was
            reason = Reason.NO_ANSWER if call.started else Reason.UNREACHABLE
            return NoAnswer(reason, f"the exchange broke off ({type(error).__name__})")
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
