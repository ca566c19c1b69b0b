"""``sumotext config``: show, check, schema."""

from __future__ import annotations

import json

import attrs
import click

from sumotext_backend.cli.arguments import load_configuration, source_options
from sumotext_backend.cli.click_types import Group, show_examples
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.config.model import Configuration, Entry, ShapeError
from sumotext_backend.render import values
from sumotext_backend.render.exits import Exit


@click.group(cls=Group, short_help="Show or check the configuration, or print its schema.")
def config() -> None:
    """Show or check the configuration that a send would use, or print the schema of its file."""


@config.command(
    short_help="Show what is in force.",
    epilog=show_examples("sumotext config show --origin", "sumotext config show --using backup"),
)
@source_options
@click.option("--origin", is_flag=True, help="Show where each value was found.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(using: str | None, config: str | None, *, origin: bool, as_json: bool) -> int:
    """Show all values in force, those that nobody set included; what is private is masked.

    A value that is wrong is told, and does not change the exit code: that is for config check.
    """
    from sumotext_backend.config import list_settings

    configuration = load_configuration(using, config)
    rows = list_settings(configuration)
    for note in configuration.notes:
        say(note)
    if as_json:
        put_json(values.settings_object(configuration, rows))
    else:
        put(values.setting_words(rows, origin=origin))
    return Exit.ACCEPTED


@config.command(
    short_help="Say what is wrong, without any network.",
    epilog=show_examples("sumotext config check --config /etc/shop/sumotext.toml"),
)
@source_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(using: str | None, config: str | None, *, as_json: bool) -> int:
    """Say everything that is wrong with the configuration: one line each, and exit code 78.

    All of its providers are checked, whether a send would use them or not. Nothing is opened.
    What is right but odd, such as a carrier that nobody knows, is a line beginning with "warning".
    """
    from sumotext_backend.config import check_configuration, find_warnings

    configuration, problems = _read(using, config)
    problems += check_configuration(configuration)
    warnings = find_warnings(configuration)
    for line in (*configuration.notes, *problems, *(f"warning: {each}" for each in warnings)):
        say(line)
    if as_json:
        notes = list(configuration.notes)
        put_json({"problems": problems, "warnings": warnings, "notes": notes})
    elif not problems:
        put(values.check_words(len(configuration.providers)))
    return Exit.CONFIGURATION if problems else Exit.ACCEPTED


def _read(using: str | None, config: str | None) -> tuple[Configuration, list[str]]:
    """What can be read of the configuration, and what cannot. Raises `ConfigurationError`."""
    try:
        return load_configuration(using, config), []
    except ShapeError as error:
        rest, problems = error.rest, error.problems
    # The provider that is asked for may be among what cannot be read, and is not missing then.
    stand_in = {rest.start: Entry("null://", rest.origin)}
    return attrs.evolve(rest, providers={**stand_in, **rest.providers}), problems


@config.command(
    short_help="Print a JSON Schema of sumotext.toml.",
    epilog=show_examples("sumotext config schema > sumotext.schema.json"),
)
def schema() -> int:
    """Print a JSON Schema of sumotext.toml, for editors, with all backends that are installed."""
    from sumotext_backend.registry import listing
    from sumotext_backend.render.schema import make_schema

    put(json.dumps(make_schema(listing()), indent=2))
    return Exit.ACCEPTED
