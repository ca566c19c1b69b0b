"""``sumotext about``."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

import click

from sumotext_backend.cli.click_types import Command
from sumotext_backend.cli.output import put, put_json
from sumotext_backend.render.exits import Exit
from sumotext_backend.render.versions import versions_object, versions_words

OURS = "sumotext-backend"


@click.command(
    cls=Command, short_help="Print the versions of all that takes part, for a report of a fault."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def about(*, as_json: bool) -> int:
    """Print the versions of this package, the interpreter, the system and the libraries.

    Of each extra too, whether it is installed. No path, no name of this machine and nothing of
    the configuration is among it.
    """
    system = f"{platform.system()} {platform.machine()}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    rows = [(OURS, version(OURS)), ("Python", python), ("system", system)]
    rows += [(name, _find_version(name)) for name in list_required()]
    if as_json:
        put_json(versions_object(rows))
    else:
        put(versions_words(rows))
    return Exit.ACCEPTED


def list_required() -> Iterator[str]:
    """The distributions that this one may need, those of extras after the others."""
    import re

    texts = sorted(requires(OURS) or (), key=lambda text: "extra ==" in text)
    names = (re.split(r"[^\w.-]", text, maxsplit=1)[0] for text in texts)
    return (name for name in dict.fromkeys(names) if name != OURS)


def _find_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
