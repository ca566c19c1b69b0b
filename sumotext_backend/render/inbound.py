"""What the commands of the receiver do: from a receiver to what is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from sumotext_backend.render.ledger import Shown
from sumotext_backend.render.moments import write_moment

if TYPE_CHECKING:
    from sumotext_backend.inbound import Receiver
    from sumotext_backend.ledger import Ledger
    from sumotext_backend.ledger.inbox import Kept


def list_urls(receiver: Receiver, base: str = "") -> Shown:
    """The address that each provider is to call."""
    from sumotext_backend.inbound import make_path
    from sumotext_backend.inbound.settings import MAKE_ONE

    if not receiver.table.secrets:
        return Shown("", {"urls": {}}, f"[inbound] has no 'secrets'; make one with {MAKE_ONE}")
    start = (base or receiver.table.public_url or "https://HOST").rstrip("/")
    newest = receiver.table.secrets[0]
    urls = {alias: start + make_path(newest, alias) for alias in receiver.backends}
    width = max(map(len, urls), default=0)
    lines = [f"{alias:<{width}}  {url}" for alias, url in urls.items()]
    return Shown("\n".join(lines), {"urls": urls})


def list_inbound(ledger: Ledger) -> Shown:
    """What came back lately, and who has yet to hear of it."""
    from sumotext_backend.ledger.inbox import list_events

    kept = list_events(ledger)
    said = "\n".join(map(_write, kept)) or "nothing came back"
    return Shown(said, {"events": [_make_object(each) for each in kept]})


def _write(kept: Kept) -> str:
    again = f", told {kept.tries} times" if kept.tries > 1 else ""
    why = f" ({kept.why})" if kept.why else ""
    state = {"DONE": "told", "PART": "a part"}.get(kept.state, "waits")
    what = f"{kept.seq}  {kept.alias}  {kept.kind}"
    return f"{write_moment(kept.created_at)}  {what}  {state}{again}{why}"


def _make_object(kept: Kept) -> dict[str, Any]:
    fields = attrs.asdict(kept, filter=lambda field, _: field.name not in {"owner", "lease_left"})
    return fields | {"created_at": write_moment(kept.created_at)}


def retry(receiver: Receiver) -> Shown:
    """Tell of what not all have heard of."""
    told, waiting = receiver.retry()
    wrong = f"{waiting} events still wait; see 'sumotext inbound list'" if waiting else ""
    return Shown(f"{told} events were told", {"told": told, "waiting": waiting}, wrong)


def write_event(event: object) -> str:
    """One line of ``sumotext listen``: an event's repr, which masks numbers and has no text."""
    return repr(event)
