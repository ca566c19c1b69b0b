"""What is wrong in the declaration of a backend: its DSN form, its options, its entry point."""

from __future__ import annotations

from typing import Final

from sumotext_backend import dsn
from sumotext_backend.backend import SmsBackend
from sumotext_backend.entrypoints import load, offers
from sumotext_backend.options import options_of

GROUP: Final = "sumotext_backend.backends"


def dsn_slots(cls: type[SmsBackend]) -> list[str]:
    """The names of the options that the DSN form of ``cls`` has places for."""
    if not cls.dsn:
        return []
    return [slot.strip("{.}") for slot in dsn.parse(cls.dsn).slots if slot]


def check_dsn(cls: type[SmsBackend]) -> list[str]:
    """One line for each fault in the DSN form of ``cls``."""
    slots = dsn_slots(cls)
    wrong = [f"{slot!r} is not an option" for slot in slots if slot not in options_of(cls)]
    wrong += [f"{slot!r} occurs twice" for slot in sorted(set(slots)) if slots.count(slot) > 1]
    if cls.dsn and dsn.parse(cls.dsn).scheme != cls.name:
        wrong.append(f"the form does not begin with {cls.name}://")
    return wrong


def check_options(cls: type[SmsBackend]) -> list[str]:
    """One line for each fault in the options of ``cls``."""
    options = options_of(cls).values()
    wrong = [f"option {option.name!r} has no help" for option in options if not option.help]
    return wrong + [
        f"option {option.name!r} has a type that no text is read as"
        for option in options
        if option.kind == "value" or not all(isinstance(each, str) for each in option.choices)
    ]


def load_installed(name: str) -> list[object]:
    """What the installed distributions offer under ``name``; a broken one as what is wrong."""
    return [load(offer) for offer in offers(GROUP) if offer.name == name]
