"""What is measured. To add one: write a function and put it in `CONTENDERS`.

A contender is a context manager that gets the server's base URL and gives a callable, which sends
one text and returns whether it went. What a program does once (a session, a client) belongs
before the ``yield``; what it does for each text belongs in the callable.
"""

from __future__ import annotations

import http.client
import importlib.util
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import attrs

from benchmarks.frameworks import (
    apprise_sumotext,
    apprise_twilio,
    django_sms,
    django_sms_twilio,
    options,
)
from benchmarks.server import Sites
from benchmarks.stats import Bound
from benchmarks.worker import NUMBER, TEXT, Send

TIMEOUT: Final = 30.0
PATH: Final = "/secure/sumoSend.aspx"
QUERY: Final = {
    "mobile": NUMBER,
    "carrier": "ATTUS",
    "shortcode": "74700",
    "key": "SUMO",
    "msg": TEXT,
}


@attrs.frozen
class Contender:
    """``name`` is for ``--only``, ``title`` for the table; ``needs`` are modules to import.

    ``setup`` gets the server's base URL, and with ``tls`` the file of the authority to trust.
    ``threads`` share the sending. ``python`` is another interpreter, whose `Sender.send` it is.
    """

    name: str
    title: str
    setup: Callable[..., AbstractContextManager[Send]]
    needs: tuple[str, ...] = ()
    tls: bool = False
    threads: int = 1
    python: str = ""

    def open(self, sites: Sites) -> AbstractContextManager[Send]:
        """What sends one text."""
        return self.setup(sites.tls, sites.ca_bundle) if self.tls else self.setup(sites.plain)

    def missing(self) -> list[str]:
        """Those modules of ``needs`` that are not installed."""
        return [name for name in self.needs if importlib.util.find_spec(name) is None]


def open_sender(source: str | dict[str, Any]) -> Any:
    """A `Sender` without a ledger, which `benchmarks.ledger` measures and which is the user's."""
    from sumotext_backend import Sender, connect

    return Sender(connect(source).backend)


@contextmanager
def sender(base_url: str, ca_bundle: str = "", transport: str = "sockets") -> Iterator[Send]:
    """Our `Sender.send`."""
    from sumotext_backend import Message, Outcome

    given = {"carrier": "ATTUS", "base_url": base_url, "transport": transport}
    given |= {"ca_bundle": ca_bundle} if ca_bundle else {}
    with open_sender(f"sumotext://74700/SUMO?{urlencode(given)}") as sms:
        yield lambda: sms.send(Message(NUMBER, TEXT)).outcome is Outcome.ACCEPTED


@contextmanager
def ledger_off(base_url: str) -> Iterator[Send]:
    """Our `Sender.send` beside a ledger that is off, as the one of `django_sms` is."""
    from sumotext_backend import Message, Outcome, connect

    providers = {"default": _account(base_url)}
    with connect({"providers": providers, "ledger": {"record": "off"}}) as sms:
        yield lambda: sms.send(Message(NUMBER, TEXT)).outcome is Outcome.ACCEPTED


def _account(base_url: str) -> dict[str, Any]:
    return {"backend": "sumotext", **options(base_url)}


def requests_driver(base_url: str, ca_bundle: str = "") -> AbstractContextManager[Send]:
    """The same by the driver on requests."""
    return sender(base_url, ca_bundle, "requests")


@contextmanager
def fallback(base_url: str) -> Iterator[Send]:
    """A chain of two providers whose health is shared with other processes; the first is well."""
    from sumotext_backend import Message, Outcome

    account = _account(base_url)
    providers = {"default": "first || second", "first": account, "second": account}
    with tempfile.TemporaryDirectory() as state:
        health = {"state": "shared", "path": f"{state}/health.sqlite3"}
        with open_sender({"providers": providers, "health": health}) as sms:
            yield lambda: sms.send(Message(NUMBER, TEXT)).outcome is Outcome.ACCEPTED


@contextmanager
def requests_session(base_url: str, ca_bundle: str | None = None) -> Iterator[Send]:
    """One `requests.Session`, kept."""
    import requests

    with requests.Session() as session:
        url = base_url + PATH
        given: dict[str, Any] = {"params": QUERY, "timeout": TIMEOUT, "verify": ca_bundle}
        yield lambda: session.get(url, **given).status_code == 200


@contextmanager
def urllib3_pool(base_url: str) -> Iterator[Send]:
    """One `urllib3.PoolManager`, kept."""
    import urllib3

    with urllib3.PoolManager(timeout=TIMEOUT) as pool:
        url = base_url + PATH
        yield lambda: pool.request("GET", url, fields=QUERY).status == 200


@contextmanager
def http_client(base_url: str) -> Iterator[Send]:
    """One connection of the standard library, kept: about the least that Python can do."""
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=TIMEOUT)

    def send() -> bool:
        connection.request("GET", f"{PATH}?{urlencode(QUERY)}")
        with connection.getresponse() as response:
            response.read()
            return response.status == 200

    with closing(connection):
        yield send


CONTENDERS: Final = (
    Contender("sender", "Sender.send", sender),
    Contender("requests-driver", "the same, transport=requests", requests_driver),
    Contender("fallback", "fallback of two, shared health", fallback),
    Contender("sender-off", "Sender.send, ledger off", ledger_off),
    Contender("requests", "requests.Session.get", requests_session),
    Contender("sender-tls", "Sender.send, TLS", sender, tls=True),
    Contender("requests-driver-tls", "transport=requests, TLS", requests_driver, tls=True),
    Contender("requests-tls", "requests.Session.get, TLS", requests_session, tls=True),
    Contender("threads", "Sender.send, 16 threads", sender, threads=16),
    Contender("urllib3", "urllib3.PoolManager.request", urllib3_pool),
    Contender("http.client", "http.client.HTTPConnection", http_client),
    Contender("apprise", "Apprise, our plugin", apprise_sumotext, ("apprise", "sumotext_apprise")),
    Contender("apprise-twilio", "Apprise's Twilio plugin", apprise_twilio, ("apprise",)),
    Contender(
        "django-sms", "django-sms, our backend", django_sms, ("django", "sms", "sumotext_django")
    ),
    Contender(
        "django-sms-twilio",
        "django-sms, Twilio backend",
        django_sms_twilio,
        ("django", "sms", "twilio"),
    ),
)

BASE: Final = "sender"
"""The contender that all others are compared with; always measured."""

BOUNDS: Final = (
    Bound("sender", "requests", 0.16),
    Bound("sender", "requests-driver", 0.4),
    Bound("requests-driver", "requests", 0.6),
    Bound("fallback", "requests", 0.02, above="sender"),
    Bound("sender-tls", "requests-tls", 0.16),
    Bound("sender", "before", 0.4),
    Bound("sender-tls", "before-tls", 0.4),
    Bound("threads", "before-threads", 0.45),
    Bound("requests-driver", "before", 1.05),
    Bound("requests-driver-tls", "before-tls", 1.05),
    Bound("apprise", "apprise-twilio", 0.6),
    Bound("django-sms", "requests", 0.1, above="sender-off"),
)


def before(python: str) -> tuple[Contender, ...]:
    """`Sender.send` of the version that the interpreter ``python`` has, each way."""
    return (
        Contender("before", "before: Sender.send", sender, python=python),
        Contender("before-tls", "before, TLS", sender, python=python, tls=True),
        Contender("before-threads", "before, 16 threads", sender, python=python, threads=16),
    )


def chosen(only: Sequence[str]) -> list[Contender]:
    """The contenders named in ``only``, all where it is empty, and `BASE` in any case."""
    return [one for one in CONTENDERS if not only or one.name in {BASE, *only}]
