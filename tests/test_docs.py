"""What the documentation says of options and configurations is what the code declares."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from our_providers import find_tables, list_providers, load_class

from sumotext_backend import Reason
from sumotext_backend.config import Places, load
from sumotext_backend.config.check import check
from sumotext_backend.options import Option, options_of, order_for_people
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.routing import Fallback, Redirect, Retry, RoundRobin
from sumotext_backend.routing.circuit import EFFECTS
from sumotext_backend.routing.failover import EXEMPT

PROVIDERS = [name for name in list_providers() if "sumotext" not in name]
"""Those that have a page in ``reference/providers``; SUMOTEXT's are elsewhere."""
DOCS = Path(__file__).parent.parent / "docs"
WORDS = {"whole": "whole number", "flag": "true or false"}
EXTRAS = ("apprise", "django-sms")
TOML = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def words(option: Option) -> str:
    """What an option takes, for a person."""
    if option.kind == "choice":
        return " or ".join(f'`"{each}"`' for each in option.choices)
    one = WORDS.get(option.kind, option.kind)
    return f"list of {one}{'' if one == 'text' else 's'}" if option.many else one


def default(option: Option) -> str:
    """The default as TOML writes it."""
    if option.required:
        return "required"
    if option.default in (None, ()):
        return "none"
    if isinstance(option.default, str):
        return f'`"{option.default}"`'
    flag = isinstance(option.default, bool)
    return f"`{str(option.default).lower() if flag else f'{option.default:g}'}`"


def option_table(cls: type) -> str:
    """The options of a backend as a Markdown table, in the order in which people are told."""
    lines = ["| Option | Takes | Default | Meaning |", "|---|---|---|---|"]
    for option in order_for_people(options_of(cls).values()):
        bounds = "".join(f", {sign} {bound:g}" for sign, bound in option.bounds)
        meaning = f"{option.help}; a secret" if option.secret else option.help
        cells = (f"`{option.name}`", words(option) + bounds, default(option), meaning)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("page", "cls"),
    [
        ("reference/routing.md", Fallback),
        ("reference/routing.md", RoundRobin),
        ("reference/routing.md", Retry),
        ("reference/routing.md", Redirect),
        ("reference/sumotext.md", SumotextBackend),
        *((f"reference/providers/{name}.md", load_class(name)) for name in PROVIDERS),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_table_of_options_is_that_of_the_class(page: str, cls: type) -> None:
    """Nobody looks up an option that is not there, or a default that has changed."""
    table = option_table(cls)

    assert table in (DOCS / page).read_text(), f"paste into {page}:\n{table}"


def code_table(reasons: Mapping[str, Reason]) -> str:
    """What a provider's codes become, as a Markdown table: those of one meaning in one row."""
    lines = ["| The provider's code | becomes |", "|---|---|"]
    for reason in dict.fromkeys(reasons.values()):
        codes = ", ".join(f"`{code}`" for code in reasons if reasons[code] is reason)
        lines.append(f"| {codes} | `{reason.outcome}` / `{reason}` |")
    return "\n".join([*lines, "| any other | `REJECTED` / `REFUSED` |"]) + "\n"


def read_codes(page: str) -> dict[str, Reason]:
    """What the rows of a page say of codes: a row may have words beside them."""
    found: dict[str, Reason] = {}
    for line in page.splitlines():
        if row := re.fullmatch(r"\| (.+) \| `[A-Z]+` / `([A-Z_]+)`.* \|", line):
            found |= dict.fromkeys(re.findall(r"`([^`]+)`", row[1]), Reason[row[2]])
    return found


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_page_has_each_code_of_its_tables(name: str) -> None:
    """With the outcome and reason that it has in the code."""
    said = read_codes((DOCS / f"reference/providers/{name}.md").read_text())
    wanted = find_tables(name)

    assert wanted == {code: said.get(code) for code in wanted}, f"paste:\n{code_table(wanted)}"


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_page_of_a_provider_says_what_it_must(name: str) -> None:
    """Its DSN, its answers, its limits, what they cannot tell, its documentation, its class."""
    page, cls = (DOCS / f"reference/providers/{name}.md").read_text(), load_class(name)

    assert cls.dsn in page
    assert f"autoclass:: sumotext_backend.providers.{cls.__name__}\n" in page
    for part in ("What an answer means", "Quirks and limits", "What its answers cannot tell"):
        assert re.search(rf"^## {part}\n\n\S", page, re.MULTILINE), part
    assert re.search(r"^Its (own )?documentation: (<https://|\[)", page, re.MULTILINE)


def test_what_each_reason_does_to_a_circuit_is_listed() -> None:
    """The page of routing names exactly those that open it, that count, and that do neither."""
    said: dict[str, set[str]] = {"counts": set(), "nothing": set(), "opens": set()}
    lines = (DOCS / "reference/routing.md").read_text().splitlines()
    begin = lines.index("| What came back | What it does to the circuit |")
    for line in lines[begin + 2 : lines.index("", begin)]:
        _, came, does, _ = line.split("|")
        effect = next((each for each in said if each in does), None)
        if effect and " with a wait" not in came:
            said[effect] |= set(re.findall(r"`([A-Z_]+)`", came))

    for effect, reasons in said.items():
        assert {str(each) for each in EFFECTS if EFFECTS[each] == effect} == reasons


def test_the_only_exempt_refusal_is_the_one_in_the_docs() -> None:
    """`also_after` takes one name, and the page says which."""
    assert EXEMPT == ("NOT_SUBSCRIBED",)
    assert "`NOT_SUBSCRIBED` is the only name" in (DOCS / "reference/routing.md").read_text()


def configurations() -> Iterator[Any]:
    """Every TOML example that configures providers."""
    for page in sorted(DOCS.rglob("*.md")):
        blocks = TOML.findall(page.read_text()) if "_build" not in page.parts else []
        for number, block in enumerate(blocks, 1):
            if block.startswith(("[providers", "#")) and "[providers" in block:
                yield pytest.param(block, id=f"{page.relative_to(DOCS)}-{number}")


def _is_missing(backend: object) -> bool:
    """Whether an extra that the backend needs may be missing here."""
    return backend in EXTRAS or (backend == "aws" and not find_spec("botocore"))


def complete(block: str) -> dict[str, Any]:
    """An example with what it leaves out: other providers, and the backends of extras."""
    table = tomllib.loads(block)
    providers = {
        alias: "null://" if isinstance(each, dict) and _is_missing(each.get("backend")) else each
        for alias, each in table["providers"].items()
    }
    chains = [each.get("chain", ()) for each in providers.values() if isinstance(each, dict)]
    left_out = dict.fromkeys(
        ["default", *(alias for chain in chains for alias in chain)], "null://"
    )
    return table | {"providers": left_out | providers}


@pytest.mark.parametrize("block", [*configurations()])
def test_an_example_of_a_configuration_can_be_pasted(block: str, tmp_path: Path) -> None:
    """`check` has nothing against any example in TOML."""
    environ = dict.fromkeys(re.findall(r'env = "(\w+)"', block), "null://")

    assert [] == check(load(complete(block)), Places(environ, tmp_path, tmp_path))
