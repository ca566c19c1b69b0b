"""A backend over a socket of its own that keeps the contract, and shares no transport with ours.

It shows that the contract asks for nothing but behaviour, and bad backends are made of it.
"""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlencode, urlsplit

import attrs

from sumotext_backend import Message, Reason, SendResult, SmsBackend, Verdict
from sumotext_backend.backend import check
from sumotext_backend.deadline import limits

MAX_BYTES: Final = 16_384
REFUSALS: Final[Mapping[str, Reason]] = {
    "opted_out": Reason.NOT_OPTED_IN,
    "bad_token": Reason.UNAUTHORIZED,
    "slow_down": Reason.THROTTLED,
}


@attrs.frozen
class Page:
    """An HTTP response: ``whole`` where its body is as long as its head says."""

    status: int
    body: bytes
    whole: bool


@attrs.frozen(kw_only=True)
class PlainBackend(SmsBackend):
    """A provider that takes a POST of JSON and refuses in a 4xx."""

    name: ClassVar[str] = "plain"

    base_url: str = attrs.field(metadata={"help": "where the provider answers"})
    token: str = attrs.field(repr=False, metadata={"help": "the key", "secret": True})
    timeout: float = attrs.field(default=30.0, metadata={"help": "seconds of a send"})
    connect_timeout: float = attrs.field(default=10.0, metadata={"help": "seconds to connect"})
    ca_bundle: str | None = attrs.field(default=None, metadata={"help": "a PEM file"})

    def send(self, message: Message) -> SendResult:
        """Send."""
        number = check(message)
        verdict = number if isinstance(number, Verdict) else self.deliver(number.e164, message.text)
        return SendResult.of(self.name, message, verdict)

    def deliver(self, to: str, text: str) -> Verdict:
        """Make one request and read its response."""
        page = self.exchange(self.encode(to, text))
        return page if isinstance(page, Verdict) else self.read(page)

    def encode(self, to: str, text: str) -> bytes:
        """The request."""
        body = json.dumps({"to": to, "text": text, "from": "+15015550000"}).encode()
        return self.request(body, "application/json")

    def request(self, body: bytes, kind: str) -> bytes:
        """A POST of ``body``."""
        return (
            f"POST /v1/texts HTTP/1.1\r\nHost: {urlsplit(self.base_url).netloc}\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode() + body

    def limit(self) -> tuple[float, float]:
        """By when to be connected and to have an answer."""
        now, bound = time.monotonic(), limits()
        deadline = min(now + self.timeout, bound.deadline)
        return min(now + self.connect_timeout, deadline, bound.connect_by), deadline

    def exchange(self, request: bytes) -> Page | Verdict:
        """Connect, write, read."""
        connect_by, deadline = self.limit()
        try:
            sock = self.dial(connect_by)
        except ssl.SSLError:
            return Verdict(reason=Reason.TLS, detail="no handshake")
        except OSError:
            return Verdict(reason=Reason.UNREACHABLE, detail="no connection")
        with sock:
            try:
                sock.sendall(request)
                return self.receive(sock, deadline)
            except TimeoutError:
                return Verdict(reason=Reason.TIMEOUT, detail="the deadline passed")
            except OSError:
                return self.broke_off()

    def broke_off(self) -> Verdict:
        """What a connection that broke after the request proves."""
        return Verdict(reason=Reason.NO_ANSWER, detail="the connection broke off")

    def dial(self, by: float) -> socket.socket:
        """A connection, TLS included."""
        parts = urlsplit(self.base_url)
        address = (parts.hostname or "", parts.port or 443)
        sock = socket.create_connection(address, timeout=seconds_until(by))
        if parts.scheme != "https":
            return sock
        sock.settimeout(seconds_until(by))
        try:
            return self.context().wrap_socket(sock, server_hostname=parts.hostname)
        except OSError:
            sock.close()
            raise

    def context(self) -> ssl.SSLContext:
        """Whom to trust."""
        return ssl.create_default_context(cafile=self.ca_bundle)

    def receive(self, sock: socket.socket, deadline: float) -> Page:
        """The response."""
        data = b""
        while not is_whole(data) and len(data) < MAX_BYTES:
            sock.settimeout(self.seconds_to_read(deadline))
            part = sock.recv(4096)
            if not part:
                break
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        status = head[9:12]
        if head[:5] != b"HTTP/" or not status.isdigit():
            raise ConnectionError
        return Page(int(status), body, is_whole(data))

    def seconds_to_read(self, deadline: float) -> float:
        """How long one read may take."""
        return seconds_until(deadline)

    def read(self, page: Page) -> Verdict:
        """What the response proves."""
        document = parse(page.body)
        if 200 <= page.status < 300 and isinstance(document, dict):
            return self.read_document(document)
        if 400 <= page.status < 500:
            return self.read_refusal(page, document)
        if 300 <= page.status < 400:
            return Verdict(reason=Reason.REDIRECTED, detail=f"HTTP status {page.status}")
        reason = Reason.SERVER_ERROR if page.status >= 500 else Reason.BAD_ANSWER
        return Verdict(reason=reason, detail=f"HTTP status {page.status}")

    def read_refusal(self, page: Page, document: Any) -> Verdict:
        """What a 4xx proves."""
        if isinstance(document, dict):
            return self.read_document(document)
        if not page.whole:
            return self.broke_off()
        reasons = {401: Reason.UNAUTHORIZED, 403: Reason.UNAUTHORIZED, 429: Reason.THROTTLED}
        reason = reasons.get(page.status, Reason.REFUSED_REQUEST)
        return Verdict(reason=reason, detail=f"HTTP status {page.status}")

    def read_document(self, document: dict[str, Any]) -> Verdict:
        """What the provider's own words prove."""
        message_id, error = document.get("id"), document.get("error")
        if isinstance(message_id, str) and message_id:
            return Verdict(message_id=message_id)
        return self.refuse(str(error))

    def refuse(self, word: str) -> Verdict:
        """What a refusal means."""
        if word in REFUSALS:
            return Verdict(reason=REFUSALS[word], detail=f"the provider says {word}")
        return Verdict(reason=Reason.REFUSED, detail="a word that is not documented")


@attrs.frozen(kw_only=True)
class FormBackend(PlainBackend):
    """A provider that takes a form, has ids and codes of its own, and repeats the number."""

    name: ClassVar[str] = "form"
    codes: ClassVar[Mapping[int, Reason]] = {
        21610: Reason.NOT_OPTED_IN,
        21211: Reason.INVALID_RECIPIENT,
        20003: Reason.UNAUTHORIZED,
    }

    def encode(self, to: str, text: str) -> bytes:
        """The request."""
        form = urlencode({"To": to, "Body": text, "From": "+15015550000"}).encode()
        return self.request(form, "application/x-www-form-urlencoded")

    def deliver(self, to: str, text: str) -> Verdict:
        """Make one request; the response must repeat the number."""
        page = self.exchange(self.encode(to, text))
        if isinstance(page, Verdict):
            return page
        document = parse(page.body)
        if isinstance(document, dict) and document.get("to", to) != to:
            return Verdict(reason=Reason.ECHO_MISMATCH, detail="another number")
        return self.read(page)

    def read_document(self, document: dict[str, Any]) -> Verdict:
        """What the provider's own words prove."""
        if str(document.get("sid", "")).startswith("SM"):
            return Verdict(message_id=document["sid"])
        reason = self.codes.get(document.get("code", 0), Reason.REFUSED)
        return Verdict(reason=reason, detail="the provider refuses")


def seconds_until(moment: float) -> float:
    """Seconds until ``moment``, above zero."""
    left = moment - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def is_whole(data: bytes) -> bool:
    """Whether ``data`` is a response as long as its head says."""
    head, end, body = data.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n") if b": " in line)
    length = fields.get(b"content-length", b"")
    return bool(end) and length.isdigit() and len(body) >= int(length)


def parse(body: bytes) -> Any:
    """The JSON in ``body``; None where there is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None
