"""The options that say which configuration and which provider is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import attrs
import click

from sumotext_backend.cli.click_types import within
from sumotext_backend.cli.completion import complete_alias
from sumotext_backend.config import Configuration, load
from sumotext_backend.exceptions import NothingConfiguredError
from sumotext_backend.numbering import check_region

Command = TypeVar("Command", bound=Callable[..., Any])

config_option: Final = click.option(
    "--config",
    metavar="FILE",
    help="Configuration to use, such as sumotext.toml; else the one that is found.",
)
_using_option: Final = click.option(
    "--using",
    "--dsn",
    "using",
    metavar="ALIAS|DSN",
    shell_complete=complete_alias,
    help="The provider: an alias of the configuration, a DSN, or several as 'main || backup'. "
    "Else 'default', or what $SMS_DSN says.",
)

host_option: Final = click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at.",
)
region_option: Final = click.option(
    "--region",
    metavar="COUNTRY",
    help="Where a number without country code is dialled, such as US; else the configuration's.",
)


def port_option(default: str) -> Callable[[Command], Command]:
    """The option ``--port`` of a command that listens."""
    return click.option(
        "--port",
        type=str,
        metavar="NUMBER",
        callback=within(int, 0, 65_535),
        default=default,
        show_default=True,
        help="Port to listen at; 0 is any that is free.",
    )


def source_options(command: Command) -> Command:
    """Add ``--using`` and ``--config``."""
    return _using_option(config_option(command))


def in_region(configuration: Configuration, region: str | None) -> Configuration:
    """``configuration`` with the region that ``--region`` names. Raises `ConfigurationError`."""
    return attrs.evolve(configuration, region=check_region(region)) if region else configuration


def find_configuration(using: str | None, config: str | None) -> Configuration | None:
    """The configuration that is asked for; None where nobody asked, and there is none.

    Raises `ConfigurationError` for one that cannot be read.
    """
    try:
        return load(using, config=config)
    except NothingConfiguredError:
        if using is not None:
            raise
    return None


def load_file(config: str | None) -> Configuration:
    """The configuration of a command that takes no DSN. As `load_configuration`."""
    configuration = find_configuration(None, config)
    if configuration is None:
        raise NothingConfiguredError(
            "no provider is configured: 'sumotext init' writes a sumotext.toml to begin with; one "
            "that stands elsewhere is named by --config"
        )
    return configuration


def load_configuration(using: str | None, config: str | None) -> Configuration:
    """The configuration that is asked for. Raises `ConfigurationError`, also for none."""
    configuration = find_configuration(using, config)
    if configuration is None:
        raise NothingConfiguredError(
            "no provider is configured: give --dsn, set SMS_DSN, or write sumotext.toml with a "
            "table [providers.default]; a DSN is such as sumotext://SHORTCODE/KEYWORD?carrier="
            "ATTUS; or try it without an account: sumotext send --sandbox NUMBER TEXT"
        )
    return configuration
