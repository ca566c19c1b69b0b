"""The legacy gateway's delivery reports as pure functions.

Source: SUMOTEXT's public legacy documentation (2014). One GET with ``smsid`` and ``shortcode``;
the answer's first line is ``{smsid}:{TRUE|FALSE|NOTFOUND}:{text}``, the text of NOTFOUND one space.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sumotext_backend.asking import NoAnswer
from sumotext_backend.events import DeliveryReport, DeliveryStatus
from sumotext_backend.http import Request, Response
from sumotext_backend.models import Reason
from sumotext_backend.providers.rest import MAX_LINE, make_target
from sumotext_backend.providers.sumotext.line import (
    UNREGISTERED,
    has_line,
    is_unregistered,
    take_line,
)
from sumotext_backend.redact import scrub

REPORT: Final = "/secure/sumoReport.aspx"

STATUSES: Final[Mapping[str, DeliveryStatus]] = {
    "Sent by Sumotext to Aggregator.": DeliveryStatus.SUBMITTED,
    "Message successfully sent to carrier.": DeliveryStatus.ENROUTE,
    "Message successfully delivered to handset.": DeliveryStatus.DELIVERED,
    # Misspelt by the gateway itself.
    "Failed. We are unable to delier this message.": DeliveryStatus.UNDELIVERABLE,
    "Not Delivered, Billing failed, Billing.": DeliveryStatus.UNDELIVERABLE,
    "Not Delivered, Invalid destination, Destination permanent.": DeliveryStatus.UNDELIVERABLE,
    "Not Delivered, Invalid source address, Source.": DeliveryStatus.UNDELIVERABLE,
    "Not Delivered, No Information, No information.": DeliveryStatus.UNDELIVERABLE,
    "Not Delivered, System failure, System failure.": DeliveryStatus.UNDELIVERABLE,
    "EXPIRED: We are unable to deliver this message.": DeliveryStatus.EXPIRED,
    "FAIL: We are unable to deliver this message.": DeliveryStatus.UNDELIVERABLE,
    "FAILED: We were unable to send this to aggregator.": DeliveryStatus.UNDELIVERABLE,
    "UNDELIV: We are unable to deliver this message.": DeliveryStatus.UNDELIVERABLE,
}
"""All texts that are documented. Any other keeps what TRUE or FALSE say."""

REASONS: Final[Mapping[str, Reason]] = {
    "Not Delivered, Invalid destination, Destination permanent.": Reason.INVALID_RECIPIENT,
    "Not Delivered, Invalid source address, Source.": Reason.SENDER,
}
"""Why a text was given up, where the gateway says so."""

_GIVEN_UP: Final = (DeliveryStatus.UNDELIVERABLE, DeliveryStatus.EXPIRED)
_UNLISTED: Final[Mapping[str, DeliveryStatus]] = {
    "TRUE": DeliveryStatus.ENROUTE,
    "FALSE": DeliveryStatus.UNDELIVERABLE,
    "NOTFOUND": DeliveryStatus.UNKNOWN,
}


def make_request(smsid: str, shortcode: str) -> Request:
    """The request for the report of one text."""
    target = make_target(REPORT, {"smsid": smsid, "shortcode": shortcode})
    return Request(target=target, enough=has_line)


def read(response: Response, smsid: str, alias: str) -> DeliveryReport | NoAnswer:
    """What the first line says of the text ``smsid``. Never raises.

    ``word`` of the report is the gateway's own wording, without what may be a number.
    """
    line = take_line(response.body, ended=response.ended)
    if line is not None and is_unregistered(line):
        return NoAnswer(Reason.UNAUTHORIZED, UNREGISTERED)
    echo, word, text = (*(line or "").split(":", 2), "", "")[:3]
    said = word.strip().upper()
    if said not in _UNLISTED:
        return NoAnswer(Reason.BAD_ANSWER, "the answer's first line is not a delivery report")
    if echo.strip().lower() != smsid.lower():
        return NoAnswer(Reason.ECHO_MISMATCH, "the report is about another text")
    return _make_report(alias, smsid, said, text.strip())


def _make_report(alias: str, smsid: str, said: str, text: str) -> DeliveryReport:
    listed = STATUSES.get(text)
    agrees = (listed in _GIVEN_UP) == (said == "FALSE")
    status = listed if listed and agrees else _UNLISTED[said]
    return DeliveryReport(
        alias=alias,
        provider_id=smsid,
        status=status,
        reason=REASONS.get(text) if said == "FALSE" else None,
        word=scrub(text)[:MAX_LINE],
    )
