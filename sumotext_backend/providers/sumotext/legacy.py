"""`SumotextBackend`: one text through SUMOTEXT's legacy gateway."""

from __future__ import annotations

from typing import ClassVar, Literal

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.events import DeliveryReport
from sumotext_backend.http import Request, Response
from sumotext_backend.models import Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.options import one_of
from sumotext_backend.providers.sumotext import legacy_wire, lookup_wire, report_wire
from sumotext_backend.providers.sumotext.account import Account, fail
from sumotext_backend.providers.sumotext.line import has_line
from sumotext_backend.providers.sumotext.lookup_wire import Carrier
from sumotext_backend.providers.sumotext.mt import Mt


@attrs.frozen(kw_only=True)
class SumotextBackend(Account):
    """SUMOTEXT's legacy gateway, which knows its caller by the IP address alone.

    A text is one GET; the first line of the response is judged.
    """

    name: ClassVar[str] = "sumotext"
    dsn: ClassVar[str] = "sumotext://{shortcode}/{keyword}"

    echo: Literal["warn", "strict"] = attrs.field(
        default="warn",
        validator=one_of,
        metadata={"help": "an id that comes with another number: accepted (warn) or UNKNOWN"},
    )
    base_url: str = attrs.field(
        default="https://mosms.sumotext.com",
        metadata={"help": "where the gateway answers"},
    )

    def encode(self, mt: Mt) -> Request | Verdict:
        """One GET; its response is read up to the end of its first line."""
        query = legacy_wire.encode(mt)
        if len(query) > legacy_wire.MAX_QUERY_BYTES:
            return fail(
                Reason.UNSUPPORTED,
                f"the text is too long: its query has {len(query)} bytes, "
                f"the gateway takes {legacy_wire.MAX_QUERY_BYTES}",
            )
        return Request(target=f"{legacy_wire.SEND_MT}?{query}", enough=has_line)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """What the first line says."""
        return legacy_wire.read(
            response.body,
            str(number.national),
            ended=response.ended,
            strict_echo=self.echo == "strict",
            client_error=response.is_client_error,
        )

    def lookup_request(self, number: Msisdn) -> Request:
        """One GET, which is paid for."""
        return lookup_wire.make_request(str(number.national), self.shortcode)

    def read_lookup(self, response: Response, number: Msisdn) -> Carrier | NoAnswer:
        """The carrier on the first line."""
        return lookup_wire.read(response, str(number.national))

    def report_request(self, provider_id: str, number: Msisdn | None) -> Request:
        """One GET; the number is not needed."""
        return report_wire.make_request(provider_id, self.shortcode)

    def read_report(self, response: Response, provider_id: str) -> DeliveryReport | NoAnswer:
        """The report on the first line."""
        return report_wire.read(response, provider_id, self.name)
