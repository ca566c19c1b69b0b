"""The page on the order of a chain: its tables are what the backends make of things."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import attrs
import pytest
from provider_accounts import ACCOUNTS, skip_without_extra
from provider_facts import FACTS, Fact
from provider_rules import serialize

from sumotext_backend import Message, Outcome
from sumotext_backend.config import connect
from sumotext_backend.options import options_of
from sumotext_backend.providers import HttpBackend, Prepared, Response, conclude, prepare
from sumotext_backend.testing import Request

PAGE = Path(__file__).parents[2] / "docs/how-to/which-provider-after-which.md"
HOOK = "https://hooks.example.com/sms"
REFERENCE = "7f8d1c1e-ref"
HOME = "sumotext_backend.providers."
FORMS = ("+15015551234", "15015551234", "5015551234")


def make(name: str) -> HttpBackend:
    """A backend, with a callback URL where it takes one."""
    backend = connect(f"{ACCOUNTS[name]}http://127.0.0.1:9").backend
    assert isinstance(backend, HttpBackend)
    known = "callback_url" in options_of(type(backend))
    return attrs.evolve(backend, callback_url=HOOK) if known else backend  # type: ignore[call-arg]


def prepare_one(backend: HttpBackend) -> Prepared:
    """One text, ready to go."""
    prepared = prepare(backend, Message("+15015551234", "hello", reference=REFERENCE))
    assert isinstance(prepared, Prepared)
    return prepared


def judge(backend: HttpBackend, fact: Fact) -> str:
    """What an answer becomes, and whether a chain asks the next provider then."""
    if isinstance(fact, str):
        return fact
    status, value = fact
    response = Response(status=status, body=serialize(value), ended=True)
    verdict = conclude(prepare_one(backend), response)
    assert verdict.reason, f"{fact} is accepted"
    goes_on = verdict.reason.outcome is Outcome.FAILED
    return f"`{verdict.reason}`, {'next' if goes_on else 'end'}"


def find_fields(backend: HttpBackend) -> list[tuple[str, str]]:
    """The decoded fields of one request."""
    made = prepare_one(backend).request
    head = f"{made.method} {made.target} HTTP/1.1\r\n".encode()
    return [*Request(head=head, body=made.body or b"")._pairs()]


def describe_reference(fields: list[tuple[str, str]]) -> str:
    """Where our own id of a text goes."""
    own = [f"`{name}`" for name, value in fields if value == REFERENCE]
    hooked = any(value.startswith(HOOK) and REFERENCE in value for _, value in fields)
    return ", ".join([*own, *(["the callback URL"] if hooked else [])]) or "nowhere"


def write_table(head: list[str], rows: list[list[str]]) -> str:
    """Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def answers_table() -> str:
    """What each provider says at once, and what a chain does then."""
    questions = [*FACTS["twilio"]]
    rows = []
    for name, facts in FACTS.items():
        backend = make(name)
        rows.append([f"`{name}`", *(judge(backend, facts[each]) for each in questions)])
    return write_table(["Provider", *questions], rows)


def requests_table() -> str:
    """How each provider is asked."""
    rows = []
    for name in ACCOUNTS:
        fields = find_fields(make(name))
        number = next(form for form in FORMS if form in [value for _, value in fields])
        rows.append([f"`{name}`", f"`{number}`", describe_reference(fields)])
    return write_table(["Provider", "The number is written", "Our reference is in"], rows)


@pytest.mark.parametrize("table", [answers_table, requests_table])
def test_a_table_of_the_page_is_what_the_backends_do(table: Any) -> None:
    """It is made by asking them; paste it there if it has changed."""
    skip_without_extra("aws")
    made = table()

    assert made in PAGE.read_text("utf-8"), f"put this into {PAGE.name}:\n{made}"


def test_every_provider_has_an_account_and_facts() -> None:
    """A new one is missed nowhere; a gateway is what its configuration makes of it."""
    found = entry_points(group="sumotext_backend.backends")
    providers = {each.name for each in found if each.value.startswith(HOME)} - {"gateway"}

    assert providers == {*ACCOUNTS}
    assert [*ACCOUNTS] == [*FACTS]
