"""How a TCP connection is made before a deadline: addresses of a name, one after the other."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import threading
from collections import deque
from typing import Any, Final

from sumotext_backend.http.failures import seconds_left

MAX_LOOKUPS: Final = 16
"""Names that are looked up at once, each in a thread that ends when the resolver does."""

Address = tuple[socket.AddressFamily, tuple[Any, ...]]


class Lookup:
    """The addresses of one name, looked up in a thread, since a resolver knows no deadline.

    All who ask for a name while it is looked up wait for the same answer. An event would have one
    lock for all of them, which an alarm of the program could leave held.
    """

    def __init__(self, host: str, port: int) -> None:
        """Begin nothing yet."""
        self.host = host
        self.port = port
        self._ended = False
        self._waiting: deque[threading.Lock] = deque()
        self._addresses: list[Address] = []
        self._error: tuple[Any, ...] | None = None

    def run(self) -> None:
        """Ask the resolver, and wake those who wait."""
        try:
            self._addresses = ask(self.host, self.port)
        except OSError as error:
            self._error = error.args
        except Exception as error:  # noqa: BLE001 - a host name can be wrong in many ways
            self._error = (errno.EINVAL, type(error).__name__)
        finally:
            _forget(self)
            self._wake()

    def wait(self, deadline: float) -> list[Address]:
        """The addresses. Raises `OSError` where there is none, `TimeoutError` at the deadline."""
        mine = threading.Lock()
        mine.acquire()
        self._waiting.append(mine)  # before the look, as `_wake` looks after: nobody sleeps on
        if not (self._ended or mine.acquire(timeout=seconds_left(deadline))):
            raise TimeoutError
        if self._error is not None:
            raise OSError(*self._error)
        return self._addresses

    def _wake(self) -> None:
        self._ended = True
        while self._waiting:
            self._waiting.popleft().release()


_under_way: Final[dict[tuple[str, int], Lookup]] = {}
"""No lock stands around it: each step is one that the interpreter does at once."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_under_way.clear)  # the threads stayed behind


def _forget(lookup: Lookup) -> None:
    if _under_way.get((lookup.host, lookup.port)) is lookup:
        _under_way.pop((lookup.host, lookup.port), None)


def ask(host: str, port: int, flags: int = 0) -> list[Address]:
    """What the system's resolver says, however long it takes. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [(family, address) for family, _, _, _, address in found]


def resolve(host: str, port: int, deadline: float) -> list[Address]:
    """The addresses of ``host``; an IP address takes no look-up, and so no thread.

    Raises `OSError` where there is none, `TimeoutError` at the deadline.
    """
    if _is_ip(host):
        return ask(host, port, socket.AI_NUMERICHOST)
    mine = Lookup(host, port)
    try:
        lookup = _under_way.setdefault((host, port), mine)
        if lookup is mine:
            _begin(mine)
    except BaseException:
        _forget(mine)
        raise
    return lookup.wait(deadline)


def _begin(lookup: Lookup) -> None:
    if len(_under_way) > MAX_LOOKUPS:
        raise OSError(errno.EAGAIN, "too many look-ups of names hang")
    try:
        threading.Thread(target=lookup.run, name="sumotext-resolve", daemon=True).start()
    except RuntimeError:  # the interpreter ends, or the system has no more threads
        raise OSError(errno.EAGAIN, "no thread can be started to look the name up") from None


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def dial(
    host: str, port: int, deadline: float, make: type[socket.socket] | None = None
) -> socket.socket:
    """A connected socket, of the class ``make`` where one is given.

    Addresses are tried in turn and share what is left of the time.
    Raises `OSError` (the last address's), `TimeoutError` at the deadline.
    """
    addresses = resolve(host, port, deadline)
    last = OSError(errno.EADDRNOTAVAIL, "no address")
    for index, (family, address) in enumerate(addresses):
        share = seconds_left(deadline) / (len(addresses) - index)
        try:
            # Looked up here and not when this module is imported: something may have replaced it.
            return _connect((make or socket.socket)(family, socket.SOCK_STREAM), address, share)
        except OSError as error:
            last = error
    raise last


def _connect(sock: socket.socket, address: tuple[Any, ...], seconds: float) -> socket.socket:
    try:
        sock.settimeout(seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock
