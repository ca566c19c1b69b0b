"""``sumotext simulate``."""

from __future__ import annotations

import ipaddress
import textwrap
from pathlib import Path
from urllib.parse import urlsplit

import click

from sumotext_backend.cli.arguments import host_option, port_option
from sumotext_backend.cli.click_types import Command, show_examples, within
from sumotext_backend.cli.output import put, say
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.render.exits import Exit


class _WithMagic(Command):
    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of magic numbers, read only here as its module is dear to import."""
        from sumotext_backend.simulator import magic_text

        super().format_epilog(ctx, formatter)
        with formatter.section("Magic numbers (with any area code)"):
            formatter.write(textwrap.indent(magic_text(), "  ") + "\n")


def _pair(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """``PROVIDER=VALUE``, perhaps several; what was given is not shown where it is wrong."""
    pairs = [value.partition("=") for value in values]
    if not all(name and mark and value for name, mark, value in pairs):
        raise click.BadParameter(f"it wants {param.metavar}", ctx, param)
    return {name: value for name, _, value in pairs}


def _read_key(path: Path) -> str:
    """The key in a file, without the line's end. Raises `ConfigurationError`."""
    wrong = ""
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        wrong = error.strerror or type(error).__name__
    except UnicodeDecodeError:
        wrong = "it is not text"
    raise ConfigurationError(f"a file of --sign cannot be read ({wrong})")


@click.command(
    cls=_WithMagic,
    short_help="Run a gateway to try things on, without an account.",
    epilog=show_examples(
        "sumotext simulate --db texts.sqlite3",
        "sumotext simulate --port 0 --callback twilio=http://127.0.0.1:8081/main",
    ),
)
@port_option("8080")
@host_option
@click.option(
    "--token",
    metavar="TEXT",
    envvar="SUMOTEXT_INBOX_TOKEN",
    default="",
    help="What whoever looks at the inbox must know; needed where other machines reach it. "
    "Better given as $SUMOTEXT_INBOX_TOKEN, which no list of processes shows.",
)
@click.option(
    "--db",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the texts in this file over a restart.",
)
@click.option(
    "--speed",
    type=str,
    metavar="NUMBER",
    callback=within(float, 0, 1_000_000),
    default="1",
    show_default=True,
    help="How many times as fast as in life the states of texts change; 0 lets them stay.",
)
@click.option(
    "--callback",
    "callbacks",
    metavar="PROVIDER=URL",
    multiple=True,
    callback=_pair,
    help="The URL that a provider calls for what no text names one for, such as answers of "
    "handsets. May be given again. No host is called but this machine and those named here.",
)
@click.option(
    "--sign",
    "key_files",
    metavar="PROVIDER=FILE",
    multiple=True,
    callback=_pair,
    help="A file with the key that a provider signs its callbacks with. Twilio and Plivo sign "
    "with the account's token by themselves.",
)
@click.option(
    "--certificate",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Speak TLS with the certificate and key in this PEM file, for clients that want https.",
)
def simulate(  # noqa: PLR0913 - one for each flag
    *,
    port: int,
    host: str,
    token: str,
    db: Path | None,
    speed: float,
    callbacks: dict[str, str],
    key_files: dict[str, str],
    certificate: Path | None,
) -> int:
    """Run a simulator of the providers until Ctrl-C, with an inbox to look at.

    It accepts every text and sends none; the magic numbers below make it answer otherwise.
    Its URL is printed to stdout: open it in a browser to see the texts.
    """
    from sumotext_backend.simulator import Pace, serve

    if _is_remote(host) and not token:
        raise ConfigurationError("other machines could read the texts; add --token")
    keys = {name: _read_key(Path(path)) for name, path in key_files.items()}
    pace = Pace(speed=speed, callbacks=callbacks, keys=keys)
    wrong = ""
    try:
        serve(port, host, on_ready=announce, token=token, db=db, pace=pace, certificate=certificate)
    except OSError as error:
        wrong = error.strerror or type(error).__name__
    if wrong:
        raise ConfigurationError(f"cannot listen at {host} port {port} ({wrong}); try --port 0")
    return Exit.ACCEPTED


def announce(url: str) -> None:
    """Print ``url``, and on stderr how to use it."""
    put(url)
    say(
        f"simulator ready; Ctrl-C ends it. See the texts at {url}/ and send to it with\n"
        f"  export SMS_DSN='{dsn_to(url)}'"
    )


def dsn_to(url: str) -> str:
    """The DSN of a sandbox account at the simulator's ``url``."""
    plain = "&allow_plain_http=true" if _is_remote(urlsplit(url).hostname or "") else ""
    return f"sumotext://74700/SUMO?carrier=ATTUS&base_url={url}{plain}"


def _is_remote(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # localhost, or what the simulator will refuse
