"""`SumotextV2Backend`: one text through SUMOTEXT's newer API."""

from __future__ import annotations

from typing import ClassVar

import attrs

from sumotext_backend.http import judged
from sumotext_backend.models import Verdict
from sumotext_backend.providers.sumotext import v2_wire
from sumotext_backend.providers.sumotext.account import Account, bare
from sumotext_backend.providers.sumotext.mt import Mt


@attrs.frozen(kw_only=True)
class SumotextV2Backend(Account):
    """SUMOTEXT's newer API, which knows its caller by an API key and the IP address.

    A text is one POST; the JSON of the answer is judged.
    """

    name: ClassVar[str] = "sumotext-v2"
    dsn: ClassVar[str] = "sumotext-v2://{apikey}@{shortcode}/{keyword}"

    apikey: str = attrs.field(
        repr=False,
        validator=bare,
        metadata={"help": "the account's API key", "secret": True},
    )
    base_url: str = attrs.field(
        default="https://api.sumotext.com/api",
        metadata={"help": "where the API answers"},
    )

    def _sent(self, mt: Mt) -> Verdict:
        answer = self.exchange(
            v2_wire.SEND_MT,
            enough=v2_wire.has_object,
            body=v2_wire.send_mt(mt, self.apikey),
            headers=v2_wire.HEADERS,
        )
        return judged(
            answer,
            lambda got: v2_wire.verdict(got.body, self.apikey),
            trust_4xx=self.trust_4xx,
        )
