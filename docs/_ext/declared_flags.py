"""Adds to the reference of commands the flags that are made from what backends declare."""

from __future__ import annotations

from collections.abc import Iterator

import click
from sphinx.application import Sphinx


def add_flags(app: Sphinx, ctx: click.Context, lines: list[str]) -> None:
    """Append what `get_params` has beyond the command's own, but for ``--help``."""
    # Parsed as for completion: then the command looks at what is installed.
    asked = ctx.command.make_context(ctx.info_name, [], resilient_parsing=True)
    known = {*ctx.command.params, ctx.command.get_help_option(asked)}
    for param in ctx.command.get_params(asked):
        if param not in known and isinstance(param, click.Option):
            lines.extend(write_flag(param))


def write_flag(option: click.Option) -> Iterator[str]:
    """One option, as sphinx-click writes it."""
    yield f".. option:: {', '.join(option.opts)} <{option.metavar}>"
    yield ""
    yield f"    {option.help}"
    yield ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of it."""
    app.connect("sphinx-click-process-options", add_flags)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
