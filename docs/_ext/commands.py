"""The reference of commands, as the command itself has it.

Added are the flags that are made from what backends declare. Each heading has all the words that
call the command, and what stands below a help text keeps its columns and its quotes.
"""

from __future__ import annotations

from collections.abc import Iterator

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx_click.ext import ClickDirective


class Commands(ClickDirective):
    """``.. click::``, whose headings say ``sumotext config show`` and not ``show``."""

    def _generate_nodes(
        self,
        name: str,
        command: click.Command,
        parent: click.Context | None,
        *args: object,
        **more: object,
    ) -> list[nodes.section]:
        sections = super()._generate_nodes(name, command, parent, *args, **more)
        for section in sections:
            words = click.Context(command, info_name=name, parent=parent).command_path
            section[0] = nodes.title("", "", nodes.literal(text=words))
        return sections


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


def keep_columns(app: Sphinx, ctx: click.Context, lines: list[str]) -> None:
    """Show the exit codes, and the line for completion, as the terminal does."""
    words = (ctx.command.epilog or "").replace("\b\n", "").splitlines()
    lines[:] = [".. code-block:: text", "", *(f"    {line}" for line in words), ""] if words else []


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of it."""
    app.add_directive("click", Commands, override=True)
    app.connect("sphinx-click-process-options", add_flags)
    app.connect("sphinx-click-process-epilog", keep_columns)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
