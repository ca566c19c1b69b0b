"""What Twilio calls us for: reports and inbound texts, both as forms; SignalWire does the same.

Source: Twilio's pages on status callbacks, on the parameters of inbound messages and on securing
webhooks, and its Python client's validator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sumotext_backend.callbacks import Callback, Pairs, Reply
from sumotext_backend.events import ConsentSource, DeliveryStatus, Event, OptIn, OptOut
from sumotext_backend.outcomes import Reason
from sumotext_backend.providers.incoming import Meanings, make_statuses, receive, report
from sumotext_backend.providers.reading import (
    Fields,
    find,
    find_number,
    gather,
    list_pairs,
    read_form,
    take,
    take_number,
)
from sumotext_backend.providers.rest import make_reasons
from sumotext_backend.providers.signatures import digest_base64, encode, hash_hex, matches

REPLY: Final = Reply(headers={"Content-Type": "text/xml"}, body=b"<Response/>")
"""Texts nothing back."""

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "accepted scheduled queued sending",
            DeliveryStatus.ENROUTE: "sent",
            DeliveryStatus.DELIVERED: "delivered read",
            DeliveryStatus.UNDELIVERABLE: "undelivered failed",
            DeliveryStatus.DELETED: "canceled",
        }
    ),
    reasons=make_reasons(
        {
            Reason.OPTED_OUT: "21610",
            Reason.INVALID_RECIPIENT: "21211 21614 21635 30005 30006",
            Reason.CONTENT: "21618 30007",
            Reason.SENDER: "21606 21659 21660 21661 30032 30034",
        }
    ),
)

_CONSENT: Final[Mapping[str, type[OptOut | OptIn]]] = {"STOP": OptOut, "START": OptIn}
_SIGNATURES: Final = ("X-Twilio-Signature", "X-SignalWire-Signature")
_ALGORITHMS: Final = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}


def read(callback: Callback) -> Iterator[Event]:
    """A text from a handset, or what became of one of ours."""
    fields = read_form(callback)
    status = find(fields, "MessageStatus", "SmsStatus")
    if "Body" in fields or status == "received":
        yield from _read_text(callback, fields)
        return
    yield from report(
        callback,
        MEANINGS,
        state=status,
        provider_id=take(fields, "MessageSid", "SmsSid"),
        code=find(fields, "ErrorCode"),
        number=find_number(fields, "To"),
    )


def _read_text(callback: Callback, fields: Fields) -> Iterator[Event]:
    yield receive(
        callback, fields, sender="From", recipient="To", text="Body", provider_id="MessageSid"
    )
    # Set where the messaging service itself understood the word, in whatever language.
    if said := _CONSENT.get(find(fields, "OptOutType")):
        number, source = take_number(fields, "From"), ConsentSource.PROVIDER
        yield said(alias=callback.alias, number=number, source=source)


def is_signed(callback: Callback, keys: Sequence[str]) -> bool:
    """Whether the signature is one of ``keys``'; Twilio's has no time.

    It covers the address and the fields of a form; of any other body the address has the hash.
    """
    given = encode(next(filter(None, map(callback.header, _SIGNATURES)), ""))
    algorithm = _find_algorithm(callback.header("X-Twilio-Webhooks-Signature-Settings"))
    pairs = _list_signed(callback)
    if algorithm is None or pairs is None:
        return False
    fields = "".join(name + value for name, value in sorted(set(pairs)))
    contents = [encode(url + fields) for url in _vary_port(callback.url)]
    expected = [digest_base64(key, each, algorithm) for key in keys for each in contents]
    return matches([given], expected)


def _find_algorithm(settings: str) -> str | None:
    """The hash that the header of a shared key names; that of the account's token without one."""
    parts = dict(part.strip().partition("=")[::2] for part in settings.split(","))
    return _ALGORITHMS.get((parts.get("algorithm") or "HMAC_SHA1").strip().upper())


def _list_signed(callback: Callback) -> Pairs | None:
    """The pairs that are signed beside the address; None where the body is not what was signed."""
    if callback.method == "GET" or not callback.body:
        return []
    if "form" in callback.header("Content-Type").lower():
        return list_pairs(callback)
    promised = encode(find(gather(callback.query), "bodySHA256"))
    return [] if matches([promised], [hash_hex(callback.body)]) else None


def _vary_port(url: str) -> list[str]:
    """``url`` as it is, without its port, and with one: Twilio signs now this, now that."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    bare, colon, port = host.rpartition(":")
    if not (colon and port.isdigit()):
        bare, port = host, "443" if scheme == "https" else "80"
    ends = f"{slash}{path}"
    return [url, f"{scheme}://{bare}{ends}", f"{scheme}://{bare}:{port}{ends}"]
