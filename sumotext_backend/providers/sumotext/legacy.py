"""`SumotextBackend`: one text through SUMOTEXT's legacy gateway."""

from __future__ import annotations

from typing import ClassVar, Literal

import attrs

from sumotext_backend.http import judged
from sumotext_backend.models import Reason, Verdict
from sumotext_backend.options import one_of
from sumotext_backend.providers.sumotext import legacy_wire
from sumotext_backend.providers.sumotext.account import Account, failed
from sumotext_backend.providers.sumotext.mt import Mt


@attrs.frozen(kw_only=True)
class SumotextBackend(Account):
    """SUMOTEXT's legacy gateway, which knows its caller by the IP address alone.

    A text is one GET; the first line of the answer is judged.
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

    def _sent(self, mt: Mt) -> Verdict:
        query = legacy_wire.send_mt(
            mobile=mt.mobile,
            carrier=mt.carrier,
            shortcode=mt.shortcode,
            keyword=mt.keyword,
            text=mt.text,
        )
        if len(query) > legacy_wire.LONGEST_QUERY:
            return failed(
                Reason.UNSUPPORTED,
                f"the text is too long: its query has {len(query)} bytes, "
                f"the gateway takes {legacy_wire.LONGEST_QUERY}",
            )
        answer = self.exchange(f"{legacy_wire.SEND_MT}?{query}", enough=legacy_wire.has_line)
        strict = self.echo == "strict"
        verdict = judged(
            answer,
            lambda got: legacy_wire.verdict(
                got.body, mt.mobile, ended=got.ended, strict_echo=strict
            ),
            trust_4xx=self.trust_4xx,
        )
        if legacy_wire.is_of_another(verdict.raw, mt.mobile):
            self.close()  # a connection that is one answer behind would stay so
        return verdict
