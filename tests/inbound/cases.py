"""Receivers for tests, and the callbacks that reach them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import attrs

from sumotext_backend import Sender
from sumotext_backend.inbound import Arrival, InboundTable, Receiver, make_path
from sumotext_backend.ledger import Ledger
from sumotext_backend.local import MemoryBackend
from sumotext_backend.providers import (
    Event,
    KannelBackend,
    SumotextBackend,
    TwilioBackend,
    VonageBackend,
)
from sumotext_backend.routing import Fallback, Route
from sumotext_backend.simulator.signers import sign_twilio

SECRET = "Vx2mC9qLr7Tn4Wd8KzE1hYbP"
OLDER = "oL3dEr5eCr3tW1thM4nyChars"
PUBLIC = "https://texts.example.com/hooks"
NOW = 1_764_444_000.0
TOKEN = "0123456789abcdef0123456789abcdef"
NUMBER = "+15015551234"


@attrs.define
class Heard:
    """A hook that hears of all, and raises for as long as ``fails`` says."""

    events: list[tuple[Event, bool]] = attrs.field(factory=list)
    fails: int = 0

    def __call__(self, event: Event, *, again: bool) -> list[str]:
        """Hear of it."""
        self.events.append((event, again))
        self.fails -= 1
        return ["broken-plugin"] if self.fails >= 0 else []


def make_receiver(ledger: Ledger, heard: Heard, **table: Any) -> Receiver:
    """A receiver of four providers at `PUBLIC`, whose clock stands at `NOW`."""
    options = {"secrets": (SECRET,), "public_url": PUBLIC} | table
    return Receiver(
        backends={
            "main": TwilioBackend(
                account_sid="AC" + TOKEN, auth_token=TOKEN, sender="+15550001111"
            ),
            "plain": KannelBackend(
                username="u", password="p", sender="74700", base_url="http://127.0.0.1:1"
            ),
            "nexmo": VonageBackend(api_key="k", api_secret="s", sender="74700"),
            "sumo": SumotextBackend(shortcode="74700", keyword="SUMO", carrier="ATTUS"),
        },
        ledger=ledger,
        tell=heard,
        fetch=lambda _: b"",
        table=InboundTable(**options),
        clock=lambda: NOW,
    )


def text_of(body: str = "hello", sid: str = "SM1", sender: str = NUMBER) -> dict[str, str]:
    """The fields of Twilio's callback for a text from a handset."""
    fields = {"MessageSid": sid, "SmsStatus": "received", "From": sender, "To": "74700"}
    return fields | {"Body": body}


def report_of(status: str, sid: str = "SM1", **more: str) -> dict[str, str]:
    """The fields of Twilio's callback for a report."""
    return {"MessageSid": sid, "MessageStatus": status, "To": NUMBER} | more


def from_twilio(fields: Mapping[str, str], query: str = "", *, token: str = TOKEN) -> Arrival:
    """A POST of Twilio's, signed with ``token``."""
    from sumotext_backend.providers import Callback

    target = make_path(SECRET, "main") + query
    form = "application/x-www-form-urlencoded"
    body = urlencode(fields).encode()
    plain = Callback(method="POST", url=PUBLIC + target, headers={"Content-Type": form}, body=body)
    signed = sign_twilio(plain, token, NOW)
    return Arrival(
        method="POST",
        target=target,
        headers=list(signed.headers.items()),
        body=body,
        peer="1.2.3.4",
    )


def from_kannel(fields: Mapping[str, str], *, secret: str = SECRET) -> Arrival:
    """A GET of Kannel's, which signs nothing."""
    target = f"{make_path(secret, 'plain') if secret else '/plain'}?{urlencode(fields)}"
    return Arrival(method="GET", target=target, peer="1.2.3.4")


def chain(ledger: Ledger) -> tuple[Sender, list[MemoryBackend]]:
    """A chain of providers that are not the one that was told, and what they sent."""
    backends = [MemoryBackend(), MemoryBackend()]
    routes = tuple(Route(provider=f"b{n}", of=each) for n, each in enumerate(backends))
    return Sender(Fallback(chain=routes), ledger=ledger), backends
