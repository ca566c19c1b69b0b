"""``sumotext apprise``: let the ``apprise`` command and Apprise-API find ``sumotext://``."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from sumotext_apprise import shim

_MISSING: Final = (
    "note: Apprise is not installed in this environment; the file works only where Apprise and "
    "this package are installed together: pip install 'sumotext-backend[apprise]'"
)

_API: Final = (
    f"note: Apprise-API reads that folder where {shim.API_VARIABLE} names it, once it is started "
    "anew; this package must be installed in its environment too"
)


def _folder(_: click.Context, __: click.Parameter, value: Path | None) -> Path:
    return shim.folder(value)


def _path(command: Any) -> Any:
    return click.option(
        "--path",
        "folder",
        metavar="FOLDER",
        type=click.Path(path_type=Path),
        callback=_folder,
        help=f"Apprise's plugin folder: ${shim.VARIABLE} if set, else {shim.FOLDER}.",
    )(command)


@click.group(short_help="Let the apprise command know sumotext:// URLs.")
def apprise() -> None:
    """Let the `apprise` command and Apprise-API know sumotext:// URLs.

    They find services by files on a plugin path only, each on one of its own.
    """


@apprise.command(
    epilog="\b\nExamples:\n  sumotext apprise install\n  sumotext apprise install --api /plugin"
)
@_path
@click.option(
    "--api",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help=f"Apprise-API's plugin folder, which is not the command's: one of ${shim.API_VARIABLE}.",
)
@click.pass_context
def install(context: click.Context, folder: Path, api: Path | None) -> None:
    """Write the plugin file; may be repeated."""
    if api and context.get_parameter_source("folder") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--path and --api are one folder each; run the command twice")
    folder = shim.folder(api) if api else folder
    shim.install(folder / shim.FILE)
    click.echo(folder / shim.FILE)
    if api:
        click.echo(_API, err=True)
    if importlib.util.find_spec("apprise") is None:
        click.echo(_MISSING, err=True)


@apprise.command()
@_path
def uninstall(folder: Path) -> None:
    """Remove the plugin file, if `install` wrote it."""
    found = shim.uninstall(folder / shim.FILE)
    words = f"removed {folder / shim.FILE}" if found else f"nothing to remove in {folder}"
    click.echo(words, err=True)


@apprise.command()
@_path
def path(folder: Path) -> None:
    """Print where the plugin file is or would be.

    The exit code is 1 where it is not.
    """
    click.echo(folder / shim.FILE)
    if shim.state(folder / shim.FILE) != "ours":
        click.get_current_context().exit(1)
