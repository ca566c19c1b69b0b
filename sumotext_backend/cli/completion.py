"""What the shell completes values with: names, never a number, and nothing that is private."""

from __future__ import annotations

import click

from sumotext_backend.exceptions import ConfigurationError


def complete_alias(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The aliases of the configuration that the command would use; none where it is broken."""
    from sumotext_backend.config import load

    try:
        configuration = load(config=ctx.params.get("config"))
    except ConfigurationError:
        return []
    return [alias for alias in configuration.providers if alias.startswith(incomplete)]


def complete_backend(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The names of the installed backends, none of which is imported for it."""
    from sumotext_backend.registry import names

    return [name for name in names() if name.startswith(incomplete)]
