"""`SumotextV2Backend`: one text through SUMOTEXT's newer API."""

from __future__ import annotations

from typing import ClassVar

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.http import Request, Response
from sumotext_backend.http.checks import check_word
from sumotext_backend.models import Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers.sumotext import lookup_wire, v2_wire
from sumotext_backend.providers.sumotext.account import Account
from sumotext_backend.providers.sumotext.lookup_wire import Carrier
from sumotext_backend.providers.sumotext.mt import Mt


@attrs.frozen(kw_only=True)
class SumotextV2Backend(Account):
    """SUMOTEXT's newer API, which knows its caller by an API key and the IP address.

    A text is one POST; the JSON of the response is judged.
    """

    name: ClassVar[str] = "sumotext-v2"
    dsn: ClassVar[str] = "sumotext-v2://{apikey}@{shortcode}/{keyword}"

    apikey: str = attrs.field(
        repr=False,
        validator=check_word,
        metadata={"help": "the account's API key", "secret": True},
    )
    base_url: str = attrs.field(
        default="https://api.sumotext.com/api",
        metadata={"help": "where the API answers"},
    )

    def encode(self, mt: Mt) -> Request | Verdict:
        """One POST; its response is read up to the end of the JSON object."""
        return Request(
            target=v2_wire.SEND_MT,
            method="POST",
            body=v2_wire.encode(mt, self.apikey),
            headers=v2_wire.HEADERS,
            enough=v2_wire.has_object,
        )

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """What the JSON object says."""
        return v2_wire.read(response.body, self.apikey, client_error=response.is_client_error)

    def lookup_request(self, number: Msisdn) -> Request:
        """One POST, which is paid for."""
        return lookup_wire.make_request_v2(str(number.national), self.apikey)

    def read_lookup(self, response: Response, number: Msisdn) -> Carrier | NoAnswer:
        """The carrier in the JSON object."""
        return lookup_wire.read_v2(response, str(number.national))
