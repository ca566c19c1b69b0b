"""What Plivo calls us for: reports and inbound texts, both as forms.

Source: Plivo's pages on status callbacks, on incoming messages and on validating signatures, and
its Python client. Messaging is signed by version 2, which covers the address without its query;
version 3, which covers the fields too, is what Plivo's other callbacks have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import starmap
from typing import Final

from sumotext_backend.callbacks import Callback, Pairs
from sumotext_backend.events import DeliveryStatus, Event
from sumotext_backend.outcomes import Reason
from sumotext_backend.providers.incoming import Meanings, make_statuses, receive, report
from sumotext_backend.providers.reading import find, find_number, list_pairs, read_form, take
from sumotext_backend.providers.rest import make_reasons
from sumotext_backend.providers.signatures import digest_base64, encode, matches

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "queued",
            DeliveryStatus.ENROUTE: "sent",
            DeliveryStatus.DELIVERED: "delivered read",
            DeliveryStatus.UNDELIVERABLE: "undelivered failed",
            DeliveryStatus.REJECTED: "rejected",
        }
    ),
    reasons=make_reasons(
        {
            Reason.OPTED_OUT: "200",
            Reason.INVALID_RECIPIENT: "50",
            Reason.CONTENT: "30",
            Reason.SENDER: "40",
            Reason.NO_CREDIT: "900",
        }
    ),
    overrides=make_statuses({DeliveryStatus.EXPIRED: "420"}),
)


def read(callback: Callback) -> Iterator[Event]:
    """A text from a handset, or what became of one of ours.

    Each part of a long text is reported by itself, under the id of the whole as its parent.
    """
    fields = read_form(callback)
    if "Status" not in fields:
        yield receive(
            callback,
            fields,
            sender="From",
            recipient="To",
            text="Text",
            provider_id="MessageUUID",
        )
        return
    yield from report(
        callback,
        MEANINGS,
        state=find(fields, "Status"),
        provider_id=take(fields, "ParentMessageUUID", "MessageUUID"),
        code=find(fields, "ErrorCode"),
        number=find_number(fields, "To"),
    )


def is_signed(callback: Callback, keys: Sequence[str]) -> bool:
    """Whether a signature of either version, by the account or its main one, is of ``keys``.

    Where there is one of version 3 it counts alone, as it covers more. Neither has a time.
    """
    version = "V3" if callback.header("X-Plivo-Signature-V3") else "V2"
    names = (f"X-Plivo-Signature-{version}", f"X-Plivo-Signature-Ma-{version}")
    given = [each for name in names for each in callback.header(name).split(",") if each]
    nonce = callback.header(f"X-Plivo-Signature-{version}-Nonce")
    content = _write_v3(callback) + "." if version == "V3" else _cut_query(callback.url)
    expected = [digest_base64(key, encode(content + nonce)) for key in keys]
    return bool(nonce) and matches([encode(each.strip()) for each in given], expected)


def _write_v3(callback: Callback) -> str:
    """The address with its query sorted, and after a dot the fields of a form, sorted too.

    Without a query there is its mark all the same where there are fields, and no dot.
    """
    base, query = _cut_query(callback.url), _join(callback.query, "=", "&")
    if callback.method == "GET":
        return f"{base}?{query}" if query else base
    fields = _join(list_pairs(callback), "", "")
    if not fields:
        return f"{base}?{query}" if query else base
    return f"{base}?{query}.{fields}" if query else f"{base}?{fields}"


def _join(pairs: Pairs, between: str, after: str) -> str:
    return after.join(starmap(lambda name, value: f"{name}{between}{value}", sorted(pairs)))


def _cut_query(url: str) -> str:
    return url.partition("?")[0]
