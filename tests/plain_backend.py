"""A backend with nothing of its own: what goes in is sent, what came back is kept."""

from __future__ import annotations

from typing import Any, ClassVar

import attrs

from sumotext_backend.providers import (
    HttpBackend,
    Message,
    Msisdn,
    NoResponse,
    Request,
    Response,
    Verdict,
)
from sumotext_backend.testing import HostileGateway

NUMBER = "5015559876"
TEXT = "canary%20sings"
TARGET = f"/secure/sumoSend.aspx?mobile={NUMBER}&msg={TEXT}"


@attrs.frozen(kw_only=True)
class PlainBackend(HttpBackend):
    """Sends requests; its messages are of no interest."""

    name: ClassVar[str] = "plain"

    def request(self, message: Message, number: Msisdn) -> Request:
        """Describe the request that `exchange` makes too."""
        return Request(target=TARGET, enough=has_line)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """Take any response."""
        return Verdict(message_id="any")


def has_line(body: bytes) -> bool:
    """Whether a line is whole."""
    return b"\n" in body


def backend(gateway: HostileGateway, transport: str = "sockets", **options: Any) -> PlainBackend:
    """A backend that sends to the gateway."""
    fields: dict[str, Any] = {"base_url": gateway.url, "ca_bundle": gateway.ca_bundle}
    fields |= {"timeout": 2.0, "connect_timeout": 2.0, "transport": transport}
    return PlainBackend(**fields | options)


def exchange(sender: PlainBackend) -> Response | NoResponse:
    """One request with a number and a text in its query."""
    return sender.exchange(Request(target=TARGET, enough=has_line))
