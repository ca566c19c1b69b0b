"""Backends that are wrong on purpose, each in one way; the contract catches every one.

Those that keep their texts are made of `MemoryBackend`, those that speak HTTP of `PlainBackend`.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any, ClassVar
from urllib.parse import urlsplit

import attrs
import requests
from independent_backend import Page, PlainBackend, parse
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from sumotext_backend import Message, Outcome, Reason, SendResult, SmsBackend, Verdict
from sumotext_backend.local import MemoryBackend

log = logging.getLogger("bad")


@attrs.frozen(kw_only=True)
class Raises(MemoryBackend):
    """Raises upon what it cannot encode."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        message.text.encode("latin-1")
        return super().send(message)


@attrs.frozen(kw_only=True)
class SendsTwice(MemoryBackend):
    """Sends, and sends again."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        super().send(message)
        return super().send(message)


@attrs.frozen(kw_only=True)
class SendsAnything(MemoryBackend):
    """Checks nothing."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        self.outbox.append(message)
        return SendResult.of(self.name, message, Verdict(message_id="1"))


@attrs.frozen(kw_only=True)
class Logs(MemoryBackend):
    """Logs what it sends."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        log.debug("sending %s", message.text)
        return super().send(message)


@attrs.frozen(kw_only=True)
class Tells(MemoryBackend):
    """Says in the detail whom it texted."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        return attrs.evolve(super().send(message), detail=f"texted {message.to}")


@attrs.frozen(kw_only=True)
class ShowsItsSecret(MemoryBackend):
    """Declares a secret, and shows it."""

    token: str = attrs.field(default="s3cret-t0ken", metadata={"help": "a token", "secret": True})


@attrs.frozen(kw_only=True)
class HoldsALock(MemoryBackend):
    """Cannot pickle."""

    lock: Any = attrs.field(init=False, factory=threading.Lock, repr=False)


@attrs.frozen(kw_only=True)
class DiesWhenClosed(MemoryBackend):
    """Works until it is closed."""

    closed: list[int] = attrs.field(init=False, factory=list)

    def send(self, message: Message) -> SendResult:
        """Send."""
        if self.closed:
            raise OSError
        return super().send(message)

    def close(self) -> None:
        """Close for good."""
        self.closed.append(1)


@attrs.frozen(kw_only=True)
class SharesOneAnswer(MemoryBackend):
    """Keeps the last result where all threads see it."""

    last: list[SendResult] = attrs.field(init=False, factory=list)

    def send(self, message: Message) -> SendResult:
        """Send."""
        self.last[:] = [super().send(message)]
        time.sleep(0.001)
        return self.last[0]


@attrs.frozen(kw_only=True)
class Undeclared(MemoryBackend):
    """A DSN form that belongs to another, an option without help, one of a type that is none."""

    name: ClassVar[str] = "Not A Name"
    dsn: ClassVar[str] = "other://{nowhere}"
    options: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class NotItsName(MemoryBackend):
    """Is not what is installed under its name."""


@attrs.frozen(kw_only=True)
class TextsTheFirstNumber(MemoryBackend):
    """Texts everybody's text to the first number that it saw."""

    first: list[str] = attrs.field(init=False, factory=list, repr=False)

    def send(self, message: Message) -> SendResult:
        """Send."""
        self.first.append(message.to)
        return attrs.evolve(super().send(attrs.evolve(message, to=self.first[0])), to=message.to)


@attrs.frozen(kw_only=True)
class CutsTheText(MemoryBackend):
    """Sends one segment."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        return super().send(attrs.evolve(message, text=message.text[:160]))


@attrs.frozen(kw_only=True)
class WritesIntoOptions(MemoryBackend):
    """Notes in the message's options that it was tried."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        own: Any = message.options.get(self.name)
        if own is not None:
            own["tried"] = True
        return super().send(message)


@attrs.frozen(kw_only=True)
class KeepsTheLastMessage(MemoryBackend):
    """Has the last message in its pickle."""

    last: list[Message] = attrs.field(init=False, factory=list, repr=False)

    def send(self, message: Message) -> SendResult:
        """Send."""
        self.last[:] = [message]
        return super().send(message)


@attrs.frozen(kw_only=True)
class FailsAnUnknownRefusal(PlainBackend):
    """Calls an error word that it does not know FAILED."""

    def refuse(self, word: str) -> Verdict:
        """Read a refusal."""
        known = super().refuse(word)
        unknown = known.reason is Reason.REFUSED
        return Verdict(reason=Reason.REFUSED_REQUEST, detail="no") if unknown else known


@attrs.frozen(kw_only=True)
class TellsItsToken(PlainBackend):
    """Says in the detail which token was refused."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        result = super().send(message)
        refused = result.reason is Reason.UNAUTHORIZED
        return attrs.evolve(result, detail=f"{self.token} was refused") if refused else result


@attrs.frozen(kw_only=True)
class LogsARefusal(PlainBackend):
    """Logs whom it may not text."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        result = super().send(message)
        if result.reason is Reason.NOT_OPTED_IN:
            log.warning("%s may not be texted", message.to)
        return result


@attrs.frozen(kw_only=True)
class IgnoresTheChain(PlainBackend):
    """Keeps its own time only."""

    def limit(self) -> tuple[float, float]:
        """Take no notice of `deadline.limits`."""
        now = time.monotonic()
        return now + self.connect_timeout, now + min(self.timeout, 1.0)


@attrs.frozen(kw_only=True)
class SharesAConnection(PlainBackend):
    """Keeps one connection for all its threads and processes; takes the lock out of a pickle."""

    open: Any = attrs.field(init=False, factory=list, repr=False, eq=False)

    def exchange(self, request: bytes) -> Page | Verdict:
        """Use the connection that is there."""
        parts = urlsplit(self.base_url)
        if not self.open:
            self.open.append(HTTPConnection(parts.hostname or "", parts.port, timeout=self.timeout))
        body = request.partition(b"\r\n\r\n")[2]
        try:
            self.open[0].request("POST", "/v1/texts", body)
            response = self.open[0].getresponse()
            return Page(response.status, response.read(), whole=True)
        except OSError:
            return self.broke_off()

    def close(self) -> None:
        """Close it."""
        for connection in self.open:
            connection.close()


@attrs.frozen(kw_only=True)
class FollowsHttpsProxy(PlainBackend):
    """Goes where ``HTTPS_PROXY`` points, over TLS alone."""

    def dial(self, by: float) -> socket.socket:
        """Connect."""
        proxy = urlsplit(os.environ.get("HTTPS_PROXY", ""))
        if proxy.hostname and self.base_url.startswith("https"):
            socket.create_connection((proxy.hostname, proxy.port), timeout=1).close()
        return super().dial(by)


@attrs.frozen(kw_only=True)
class KeepsTheLastVerdict(PlainBackend):
    """Has what it was told last on the instance, where the next send finds it."""

    last: list[Verdict] = attrs.field(init=False, factory=list, repr=False, eq=False)

    def read(self, page: Page) -> Verdict:
        """Note the verdict; an empty answer must mean what the last one meant."""
        self.last[:] = [super().read(page)]
        return self.last[0]


@attrs.frozen(kw_only=True)
class AnswersAsBefore(PlainBackend):
    """Takes a server's error for the answer before it, and hides that from a pickle."""

    last: dict[int, Verdict] = attrs.field(init=False, factory=dict, repr=False, eq=False)

    def read(self, page: Page) -> Verdict:
        """Read."""
        if page.status >= 500 and self.last:
            return self.last[0]
        self.last[0] = super().read(page)
        return self.last[0]

    def __getstate__(self) -> dict[str, Any]:
        """Leave it out."""
        names = [field.name for field in attrs.fields(type(self)) if field.name != "last"]
        return {**{name: getattr(self, name) for name in names}, "last": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take the state."""
        for name, value in state.items():
            object.__setattr__(self, name, value)


@attrs.frozen(kw_only=True)
class FailsItsOwnRefusal(PlainBackend):
    """Calls an opt-out FAILED, and its author's contract agrees."""

    def refuse(self, word: str) -> Verdict:
        """Read a refusal."""
        reasons = {"opted_out": Reason.CONFIGURATION}
        return Verdict(reason=reasons.get(word, Reason.UNAUTHORIZED), detail="no")


@attrs.frozen(kw_only=True)
class GoesByStatus(PlainBackend):
    """Does not read what a 4xx says."""

    def read_refusal(self, page: Page, document: Any) -> Verdict:
        """Go by the status."""
        return super().read_refusal(attrs.evolve(page, whole=True), None)


@attrs.frozen(kw_only=True)
class FailsHalfARefusal(PlainBackend):
    """Goes by the status where the body of a 4xx broke off."""

    def read_refusal(self, page: Page, document: Any) -> Verdict:
        """Take every body for whole."""
        return super().read_refusal(attrs.evolve(page, whole=True), document)


@attrs.frozen(kw_only=True)
class QuotesTheServer(PlainBackend):
    """Puts what the server says into the detail."""

    def read(self, page: Page) -> Verdict:
        """Read."""
        verdict = super().read(page)
        words = page.body.decode("latin-1")
        return attrs.evolve(verdict, detail=words) if verdict.reason else verdict


@attrs.frozen(kw_only=True)
class QuotesTheMessage(PlainBackend):
    """Puts the ``message`` of an error into the detail."""

    def read(self, page: Page) -> Verdict:
        """Read."""
        verdict, document = super().read(page), parse(page.body)
        words = document.get("message") if isinstance(document, dict) else None
        return attrs.evolve(verdict, detail=str(words)) if words else verdict


@attrs.frozen(kw_only=True)
class SendsALogin(PlainBackend):
    """Lets requests add what ``.netrc`` says, and keep cookies."""

    session: Any = attrs.field(init=False, factory=requests.Session, repr=False, eq=False)

    def exchange(self, request: bytes) -> Page | Verdict:
        """Use the session."""
        body = request.partition(b"\r\n\r\n")[2]
        try:
            response = self.session.post(self.base_url, data=body, timeout=self.timeout)
        except requests.RequestException:
            return self.broke_off()
        return Page(response.status_code, response.content, whole=True)


@attrs.frozen(kw_only=True)
class KeepsCookies(PlainBackend):
    """Says again what a server wanted remembered."""

    cookies: list[bytes] = attrs.field(init=False, factory=list, repr=False, eq=False)

    def encode(self, to: str, text: str) -> bytes:
        """Add the cookie."""
        request = super().encode(to, text)
        cookie = b"".join(b"Cookie: %b\r\n" % each for each in self.cookies)
        return request.replace(b"Host:", cookie + b"Host:", 1)

    def read(self, page: Page) -> Verdict:
        """Keep one."""
        self.cookies[:] = [b"session=hostile"]
        return super().read(page)


@attrs.frozen(kw_only=True)
class TriesAgain(PlainBackend):
    """Sends again after a doubt."""

    def deliver(self, to: str, text: str) -> Verdict:
        """Send once or twice."""
        verdict = super().deliver(to, text)
        doubt = verdict.reason and verdict.reason.outcome is Outcome.UNKNOWN
        return super().deliver(to, text) if doubt else verdict


@attrs.frozen(kw_only=True)
class TrustsAnybody(PlainBackend):
    """Looks at no certificate."""

    def context(self) -> ssl.SSLContext:
        """Trust all."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context


@attrs.frozen(kw_only=True)
class TakesHalfAnId(PlainBackend):
    """Looks for an id in what came, whole or not."""

    def read(self, page: Page) -> Verdict:
        """Look for an id."""
        found = re.search(rb'"id": "([^"]+)', page.body)
        return Verdict(message_id=found[1].decode()) if found else super().read(page)


@attrs.frozen(kw_only=True)
class AcceptsAnyPage(PlainBackend):
    """Makes up an id where a 2xx has none."""

    def read(self, page: Page) -> Verdict:
        """Accept."""
        verdict = super().read(page)
        return Verdict(message_id="none") if page.status < 300 and verdict.reason else verdict


@attrs.frozen(kw_only=True)
class FailsWhatBrokeOff(PlainBackend):
    """Calls it FAILED when no answer came."""

    def broke_off(self) -> Verdict:
        """Say that nothing was sent."""
        return Verdict(reason=Reason.UNREACHABLE, detail="no answer")


@attrs.frozen(kw_only=True)
class BoundsEachRead(PlainBackend):
    """Gives every read the whole time, so that a server that drips never ends."""

    def seconds_to_read(self, deadline: float) -> float:
        """Begin anew, for some seconds at most, as the tests must end."""
        if time.monotonic() > deadline + 1.0:
            raise TimeoutError
        return self.timeout


@attrs.frozen(kw_only=True)
class MixesThreads(PlainBackend):
    """Has the verdict on the instance while it makes the result, where other threads write."""

    verdicts: Any = attrs.field(init=False, factory=dict, repr=False, eq=False)

    def deliver(self, to: str, text: str) -> Verdict:
        """Send."""
        self.verdicts["last"] = super().deliver(to, text)
        time.sleep(0.001)
        verdict: Verdict = self.verdicts["last"]
        return verdict


@attrs.frozen(kw_only=True)
class Naive(SmsBackend):
    """What a program writes that calls requests in the obvious way, with retries."""

    name: ClassVar[str] = "naive"

    base_url: str
    timeout: float
    connect_timeout: float
    ca_bundle: str | None = None

    def send(self, message: Message) -> SendResult:
        """Send."""
        try:
            verdict = self._deliver(message)
        except requests.RequestException as error:
            log.warning("%s could not be texted: %s", message.to, error)
            verdict = Verdict(reason=Reason.UNREACHABLE, detail=str(error))
        return SendResult.of(self.name, message, verdict)

    def _deliver(self, message: Message) -> Verdict:
        with requests.Session() as session:
            adapter = HTTPAdapter(max_retries=Retry(1, allowed_methods=None))
            session.mount("http://", adapter)
            answer = session.post(
                self.base_url,
                params={"mobile": message.to, "msg": message.text},
                timeout=(self.connect_timeout, self.timeout),
                verify=False,
            )
        answer.raise_for_status()
        return Verdict(message_id=answer.text.partition(":")[2].strip() or "none")


def list_bad() -> Mapping[str, type[SmsBackend]]:
    """Every class of this module that is a backend, by name."""
    return {
        name: value
        for name, value in globals().items()
        if isinstance(value, type) and value.__module__ == __name__
    }
