"""What became of a text, asked of the provider that took it, whatever it is a part of."""

from __future__ import annotations

import attrs

from sumotext_backend.asking import NoAnswer, Reporter, fetch_report
from sumotext_backend.backend import SmsBackend
from sumotext_backend.events import DeliveryReport
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.models import Reason, SendResult
from sumotext_backend.msisdn import InvalidNumberError, Msisdn, parse
from sumotext_backend.numbering import DEFAULT_REGION
from sumotext_backend.routing.tree import leaves


def report_on(backend: SmsBackend, result: SendResult) -> DeliveryReport | NoAnswer:
    """The report of the text of ``result``, by the provider in ``backend`` that accepted it."""
    if result.message_id is None:
        return NoAnswer(Reason.UNSUPPORTED, "the result has no id to ask for")
    for alias, leaf in leaves(backend):
        if alias == result.provider:
            return report_by_id(leaf, alias, result.message_id, _read_number(result))
    detail = f"there is no provider {result.provider!r} here, which took the text"
    return NoAnswer(Reason.CONFIGURATION, detail)


def report_by_id(
    leaf: SmsBackend, alias: str, provider_id: str, number: Msisdn | None = None
) -> DeliveryReport | NoAnswer:
    """The report of the text ``provider_id`` by the provider ``leaf``, known as ``alias``."""
    said = fetch_report(leaf, provider_id, number)
    return attrs.evolve(said, alias=alias) if isinstance(said, DeliveryReport) else said


def list_reporters(backend: SmsBackend) -> list[tuple[str, SmsBackend]]:
    """The providers in ``backend`` that can be asked for a report, by their aliases."""
    return [(alias, leaf) for alias, leaf in leaves(backend) if isinstance(leaf, Reporter)]


def _read_number(result: SendResult) -> Msisdn | None:
    try:
        return parse(result.to, result.region or DEFAULT_REGION)
    except (InvalidNumberError, ConfigurationError):  # its region may need what is missing here
        return None
