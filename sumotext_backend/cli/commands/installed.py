"""``sumotext backends`` and ``sumotext plugins``."""

from __future__ import annotations

from collections.abc import Sequence

import click

from sumotext_backend.cli.click_types import Command, show_examples
from sumotext_backend.cli.completion import complete_backend
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.options import quote_name
from sumotext_backend.render.backends import (
    backend_object,
    backend_words,
    plugin_object,
    plugin_words,
)
from sumotext_backend.render.exits import Exit


@click.command(
    cls=Command,
    short_help="List the backends, and the options of each.",
    epilog=show_examples("sumotext backends", "sumotext backends twilio kannel"),
)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_backend)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def backends(names: tuple[str, ...], *, as_json: bool) -> int:
    """List all installed backends, or those of the NAMEs, with the options of each."""
    from sumotext_backend.registry import listing

    rows = listing()
    known = [row.name for row in rows]
    for name in names:
        if name not in known:
            raise _unknown(name, known)
    kept = [row for row in rows if not names or row.name in names]
    if as_json:
        put_json({"backends": list(map(backend_object, kept))})
    else:
        put("\n\n".join(map(backend_words, kept)))
    return Exit.ACCEPTED


def _unknown(name: str, known: Sequence[str]) -> click.UsageError:
    from sumotext_backend.exceptions import did_you_mean

    return click.UsageError(
        f"no backend {quote_name(name)} is installed{did_you_mean(name, known)}"
    )


@click.command(cls=Command, short_help="List the plugins, and what each takes part in.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def plugins(*, as_json: bool) -> int:
    """List the installed plugins: the hooks of each, and whether it is ok, blocked or broken.

    $SUMOTEXT_DISABLE_PLUGINS blocks some (a,b), or all.
    """
    from sumotext_backend.plugins import discover

    rows = discover().listing()
    if as_json:
        put_json({"plugins": list(map(plugin_object, rows))})
    elif rows:
        put("\n\n".join(map(plugin_words, rows)))
    else:
        say("no plugin is installed")
    return Exit.ACCEPTED
