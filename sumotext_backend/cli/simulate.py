"""``sumotext simulate``."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import click

from sumotext_backend.cli.exits import Exit
from sumotext_backend.cli.output import put, say
from sumotext_backend.cli.private import Command, within
from sumotext_backend.exceptions import ConfigurationError


class _WithMagic(Command):
    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of magic numbers, read only here as its module is dear to import."""
        from sumotext_backend.simulator import magic_text

        formatter.write_paragraph()
        formatter.write(magic_text().rstrip() + "\n")


@click.command(cls=_WithMagic, short_help="Run a gateway to try things on, without an account.")
@click.option(
    "--port",
    type=str,
    metavar="NUMBER",
    callback=within(int, 0, 65_535),
    default="8080",
    show_default=True,
    help="Port to listen at; 0 is any that is free.",
)
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at.",
)
def simulate(port: int, host: str) -> int:
    """Run a simulator of SUMOTEXT's gateway until Ctrl-C.

    It accepts every text and sends none. Its URL is printed to stdout. These numbers make it
    answer otherwise:
    """
    from sumotext_backend.simulator import serve

    wrong = ""
    try:
        serve(port, host=host, on_ready=ready)
    except KeyboardInterrupt:
        pass
    except OSError as error:
        wrong = error.strerror or type(error).__name__
    if wrong:
        raise ConfigurationError(f"cannot listen at {host} port {port} ({wrong}); try --port 0")
    return Exit.ACCEPTED


def ready(url: str) -> None:
    """Print ``url``, and on stderr how to use it."""
    put(url)
    say(f"simulator ready; Ctrl-C ends it. Send to it with\n  export SMS_DSN='{dsn_to(url)}'")


def dsn_to(url: str) -> str:
    """The DSN of a sandbox account at the simulator's ``url``."""
    plain = "" if _is_loopback(urlsplit(url).hostname or "") else "&allow_plain_http=true"
    return f"sumotext://74700/SUMO?carrier=ATTUS&base_url={url}{plain}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
