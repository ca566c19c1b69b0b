"""What the commands of the receiver do: from a receiver to what is printed."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs

from sumotext_backend.redact import mask
from sumotext_backend.render.ledger import Shown
from sumotext_backend.render.moments import write_moment

if TYPE_CHECKING:
    from sumotext_backend.events import Event
    from sumotext_backend.inbound import Receiver
    from sumotext_backend.ledger import Ledger
    from sumotext_backend.ledger.inbox import Kept


def list_urls(receiver: Receiver, base: str = "") -> Shown:
    """The address that each provider is to call; ``base`` is where the receiver stands."""
    from sumotext_backend.inbound.settings import find_path, warn_without_secrets

    start = (receiver.table.public_url or base or "https://HOST").rstrip("/")
    urls = {alias: start + find_path(receiver.table, alias) for alias in receiver.backends}
    width = max(map(len, urls), default=0)
    lines = [f"{alias:<{width}}  {url}" for alias, url in urls.items()]
    wrong = warn_without_secrets(receiver.table.secrets)
    if not urls:
        wrong = "no provider of the configuration tells anything by calling"
    return Shown("\n".join(lines), {"urls": urls}, wrong)


def list_inbound(ledger: Ledger) -> Shown:
    """What came back lately, and who has yet to hear of it."""
    from sumotext_backend.ledger.inbox import list_events

    kept = list_events(ledger)
    said = "\n".join(map(_write, kept))
    fields = {"events": [_make_object(each) for each in kept]}
    return Shown(said, fields, note="nothing came back")


def _write(kept: Kept) -> str:
    again = f", told {kept.tries} times" if kept.tries > 1 else ""
    why = f" ({kept.why})" if kept.why else ""
    what = f"{kept.seq}  {kept.alias}  {kept.kind}"
    return f"{write_moment(kept.created_at)}  {what}  {_name_state(kept)}{again}{why}"


def _name_state(kept: Kept) -> str:
    if kept.state == "TELLING" and not kept.is_open:
        return "is being told"
    return {"DONE": "told", "PART": "a part"}.get(kept.state, "waits")


def _make_object(kept: Kept) -> dict[str, Any]:
    fields = attrs.asdict(kept, filter=lambda field, _: field.name not in {"owner", "lease_left"})
    return fields | {"created_at": write_moment(kept.created_at)}


def retry(receiver: Receiver) -> Shown:
    """Tell of what not all have heard of."""
    told, waiting = receiver.retry()
    wrong = f"still waiting: {waiting}; see 'inbound list'" if waiting else ""
    return Shown(f"events told: {told}", {"told": told, "waiting": waiting}, wrong)


def write_event(event: Event, *, numbers: bool = False, texts: bool = False) -> str:
    """``event`` as a line: numbers are masked, and texts left out, unless they are asked for."""
    fields = make_event_object(event, numbers=numbers, texts=texts)
    alias, kind = fields.pop("alias"), fields.pop("event")
    said = "  ".join(f"{name}={_quote(value)}" for name, value in fields.items())
    return f"{alias}  {kind}  {said}"


def make_event_object(
    event: Event, *, numbers: bool = False, texts: bool = False
) -> dict[str, object]:
    """``event`` as a JSON object, without what is empty; as for `write_event`."""
    fields = dict(_list_fields(event, numbers=numbers, texts=texts))
    return {"alias": event.alias, "event": type(event).__name__, **fields}


def _list_fields(event: Event, *, numbers: bool, texts: bool) -> Iterator[tuple[str, object]]:
    # What its repr says of a field is what it says of its privacy.
    for field in attrs.fields(type(event)):
        value = getattr(event, field.name)
        if value in (None, "", {}) or (field.repr is False and not texts):
            continue
        is_masked = field.repr is mask and not numbers
        yield field.name, mask(value) if is_masked else _make_plain(value)


def _make_plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if attrs.has(type(value)):
        return attrs.asdict(value)  # type: ignore[arg-type]
    return value if isinstance(value, str | bool | int) else dict(value)  # type: ignore[call-overload]


def _quote(value: object) -> str:
    # In one line, whatever somebody texts.
    text = str(value)
    plain = text.isprintable() and " " not in text and text != ""
    return text if plain else repr(text)
