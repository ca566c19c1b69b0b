"""What SUMOTEXT calls us for, all by unsigned GETs; what it wants as an answer nobody documents.

Source: SUMOTEXT's legacy documentation (2014) on MO, CRM callbacks, polls and Text-4-Info, and the
newer API's page on pushed reports. Its samples have raw spaces in the address, and an ``&&``.

A CRM callback does not say by itself whether somebody opted in or out. The address given to
SUMOTEXT may: with ``consent=in`` or ``consent=out`` in its query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sumotext_backend.callbacks import Callback
from sumotext_backend.events import (
    ConsentSource,
    CrmUpdate,
    DeliveryStatus,
    Event,
    InboundMessage,
    InfoRequest,
    OptIn,
    OptOut,
    PollReply,
)
from sumotext_backend.exceptions import CallbackError
from sumotext_backend.providers.incoming import Meanings, make_statuses, report
from sumotext_backend.providers.reading import (
    Fields,
    find,
    find_id,
    find_text,
    read_form,
    take,
    take_number,
)

MEANINGS: Final = Meanings(
    statuses=make_statuses({DeliveryStatus.DELIVERED: "4", DeliveryStatus.UNDELIVERABLE: "5"})
)
"""What ``mtcode`` says."""

CONSENT: Final = "consent"
"""The field of our own by which the address of a CRM callback says what it is about."""

_CONSENT: Final[Mapping[str, type[OptOut | OptIn]]] = {"out": OptOut, "in": OptIn}
_OWN: Final = frozenset(
    {"country", "shortcode", "key", "mobile", "carrierId", "msg", CONSENT, "ref"}
)


def read(callback: Callback) -> Iterator[Event]:
    """Whichever of its callbacks it is: each has a field that the others have not."""
    fields = read_form(callback)
    if "sumoid" in fields:
        yield from _read_report(callback, fields)
    elif "carrierId" in fields:
        yield from _read_crm(callback, fields)
    elif "reply" in fields:
        yield _read_poll(callback, fields)
    elif "lead" in fields:
        yield _read_request(callback, fields)
    elif "smsid" in fields:
        yield _read_text(callback, fields)
    else:
        raise CallbackError("none of SUMOTEXT's callbacks has these fields")


def _read_report(callback: Callback, fields: Fields) -> Iterator[Event]:
    """A report that the newer API pushes."""
    return report(
        callback,
        MEANINGS,
        state=take(fields, "mtcode"),
        words=find(fields, "mtdescription"),
        provider_id=take(fields, "sumoid"),
    )


def _read_text(callback: Callback, fields: Fields) -> InboundMessage:
    return InboundMessage(
        alias=callback.alias,
        sender=take_number(fields, "mobile", national=True),
        recipient=take(fields, "shortcode"),
        text=find_text(fields, "msg"),
        provider_id=find_id(fields, "smsid"),
        keyword=find(fields, "key"),
        carrier=find(fields, "carrier"),
    )


def _read_poll(callback: Callback, fields: Fields) -> PollReply:
    return PollReply(
        alias=callback.alias,
        sender=take_number(fields, "mobile", national=True),
        recipient=take(fields, "shortcode"),
        reply=find_text(fields, "reply"),
        label=find(fields, "label"),
        keyword=find(fields, "key"),
        carrier=find(fields, "carrier"),
    )


def _read_request(callback: Callback, fields: Fields) -> InfoRequest:
    return InfoRequest(
        alias=callback.alias,
        sender=take_number(fields, "mobile", national=True),
        lead=find(fields, "lead"),
        text=find_text(fields, "msg"),
    )


def _read_crm(callback: Callback, fields: Fields) -> Iterator[Event]:
    number, keyword = take_number(fields, "mobile", national=True), find(fields, "key")
    yield CrmUpdate(
        alias=callback.alias,
        number=number,
        recipient=take(fields, "shortcode"),
        keyword=keyword,
        country=find(fields, "country"),
        carrier=find(fields, "carrierId"),
        text=find_text(fields, "msg"),
        fields=_list_own(fields),
    )
    if said := _CONSENT.get(find(fields, CONSENT)):
        source = ConsentSource.PROVIDER
        yield said(alias=callback.alias, number=number, source=source, keyword=keyword)


def _list_own(fields: Fields) -> dict[str, str]:
    """The customer's own fields; one that comes twice is left out, and keeps nothing else back."""
    own = {name: value for name, value in fields.items() if name not in _OWN}
    return {name: find_text(own, name) for name, value in own.items() if isinstance(value, str)}
