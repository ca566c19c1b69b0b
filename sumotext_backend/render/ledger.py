"""What the commands of the ledger do: from a ledger and plain arguments to what is printed.

``sumotext`` and ``manage.py sumotext`` share them. Errors are those of `sumotext_backend.ledger`,
`LookupError` for a programme that there is not, and `InvalidNumberError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import attrs

from sumotext_backend.render import entries as words
from sumotext_backend.render.moments import write_moment

if TYPE_CHECKING:
    from sumotext_backend.ledger import Ledger

_NAMES: Final = {
    "sends": "sends",
    "consent": "words",
    "inbound": "events",
    "lookups": "look-ups",
    "paid_today": "look-ups today by",
}
"""What `count` counts, and how it is called in words."""


@attrs.frozen
class Shown:
    """Words, the same as JSON takes it, and what is ``wrong``; ``note`` says that it is empty."""

    words: str
    fields: Any
    wrong: str = ""
    note: str = ""


def show_info(ledger: Ledger) -> Shown:
    """What the ledger is, and how much is in it; a file that is not there is not made."""
    from sumotext_backend.ledger.retention import count

    about: dict[str, Any] = dict(ledger.describe())
    about["record"] = ledger.settings.record
    there = about.get("bytes", 1)
    counted = count(ledger) if there else {part: {} for part in _NAMES}
    if there:
        about["schema"] = int(ledger.database.read("find_meta", name="version")[0][0])
    rows = {f"{_NAMES[part]} {name}": n for part in counted for name, n in counted[part].items()}
    return Shown(words.table_words(about | rows), about | counted)


def upgrade(ledger: Ledger) -> Shown:
    """Bring the schema up to date."""
    version = ledger.database.upgrade()
    return Shown(f"the schema has version {version}", {"version": version})


def check(ledger: Ledger) -> Shown:
    """What is wrong with the database."""
    problems = ledger.database.check()
    wrong = f"{len(problems)} problems; restore a backup" if problems else ""
    return Shown("\n".join(problems) or "nothing is wrong", {"problems": problems}, wrong)


def purge(ledger: Ledger, *, dry_run: bool) -> Shown:
    """Remove what is older than the configuration wants kept."""
    from sumotext_backend.ledger import purge as remove

    gone = remove(ledger, dry_run=dry_run)
    verb = "would be removed" if dry_run else "were removed"
    counts = attrs.asdict(gone)
    *most, last = (f"{n} {_NAMES.get(what, what)}" for what, n in counts.items())
    return Shown(f"{', '.join(most)} and {last} {verb}", {**counts, "dry_run": dry_run})


def forget(ledger: Ledger, number: str) -> Shown:
    """Remove a number wherever it stands; a no stays."""
    from sumotext_backend.ledger import forget as remove
    from sumotext_backend.msisdn import parse

    sends = remove(ledger, parse(number, ledger.settings.region).e164)
    said = f"the number is forgotten ({sends} sends held it); what it said of consent still binds"
    return Shown(said, {"sends": sends})


def show_consent(ledger: Ledger, number: str, *, numbers: bool) -> Shown:
    """What holds for a person, and every word on them."""
    from sumotext_backend.ledger import list_changes
    from sumotext_backend.ledger import show_consent as fold_all

    known, changes = fold_all(ledger, number), list_changes(ledger, number)
    lines = words.consent_words(known) or ["nothing is known; the number may be texted"]
    lines += [f"  {words.change_words(each, numbers=numbers)}" for each in changes]
    rows = [words.change_object(each, numbers=numbers) for each in changes]
    return Shown("\n".join(lines), {"programmes": words.consent_object(known), "words": rows})


def change_consent(ledger: Ledger, word: str, number: str, programme: str, note: str) -> Shown:
    """Write down ``opt-out`` or ``opt-in``."""
    from sumotext_backend.ledger import opt_in, opt_out

    refuse_off(ledger)
    change = opt_out if word == "opt-out" else opt_in
    change(ledger, number, programme=programme, note=note)
    said = "opted out: no provider is asked" if word == "opt-out" else "opted in"
    return Shown(said, {"word": word, "programme": programme or None})


def refuse_off(ledger: Ledger) -> None:
    """Refuse a word that would be gone when the command ends. Raises `LedgerError`."""
    from sumotext_backend.ledger import LedgerError

    if ledger.settings.record == "off":
        raise LedgerError("the ledger is off and keeps nothing; set [ledger] record to 'needed'")


def list_consent(ledger: Ledger, *, numbers: bool) -> Shown:
    """The last word on everybody."""
    from sumotext_backend.ledger import list_consent as read

    changes = list(read(ledger, latest=True))
    said = "\n".join(words.change_words(each, numbers=numbers) for each in changes)
    return Shown(said, {"words": [words.change_object(c, numbers=numbers) for c in changes]})


def export_consent(ledger: Ledger, *, numbers: bool) -> Iterator[dict[str, Any]]:
    """Every word, one after another, as another ledger takes it with ``numbers``."""
    from sumotext_backend.ledger.changes import export_consent as read
    from sumotext_backend.render.moving import word_object

    for person, change in read(ledger):
        yield word_object(person, change, numbers=numbers)


def export_lookups(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Every look-up that is kept, with the keyed hash of its number."""
    from sumotext_backend.ledger.lookups import export_lookups as read

    for source, person, state, carrier, until, at in read(ledger):
        yield {
            "person": person,
            "source": source,
            "state": state,
            "carrier": carrier or None,
            "until": write_moment(until),
            "at": write_moment(at),
        }
