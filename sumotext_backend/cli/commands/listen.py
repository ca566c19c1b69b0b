"""``sumotext listen``."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import click

from sumotext_backend.cli.arguments import config_option
from sumotext_backend.cli.click_types import Command, within
from sumotext_backend.cli.output import put, say
from sumotext_backend.config import load, open_receiver
from sumotext_backend.events import Event
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.render.exits import Exit

if TYPE_CHECKING:
    from sumotext_backend.inbound.asgi import AsgiApp


@click.command(cls=Command, short_help="Receive what providers tell, and print it.")
@config_option
@click.option(
    "--port",
    type=str,
    metavar="NUMBER",
    callback=within(int, 0, 65_535),
    default="8081",
    show_default=True,
    help="Port to listen at; 0 is any that is free.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
def listen(config: str | None, port: int, host: str) -> Exit:
    """Receive the callbacks of the configured providers until Ctrl-C, and print what they tell.

    It is for trying things out: plugins hear of each event, too, and the ledger keeps it. The
    address that each provider is to call is printed to stderr.
    """
    from sumotext_backend.inbound import make_asgi_app
    from sumotext_backend.plugins import load_installed
    from sumotext_backend.render.inbound import list_urls, write_event
    from sumotext_backend.simulator.listener import url_of

    plugins = load_installed()

    def tell(event: Event, *, again: bool) -> list[str]:
        put(write_event(event))
        return plugins.hear(event, again=again)

    receiver = open_receiver(load(config=config), tell=tell)
    with _open_port(host, port) as listener:
        url = url_of(host, listener.getsockname()[1])
        shown = list_urls(receiver, receiver.table.public_url or url)
        say(
            f"receiver ready at {url}; Ctrl-C ends it. Providers call\n{shown.words or shown.wrong}"
        )
        _serve(make_asgi_app(receiver), listener)
    return Exit.ACCEPTED


def _open_port(host: str, port: int) -> socket.socket:
    from sumotext_backend.simulator.listener import listen as open_port

    try:
        return open_port(host, port, remote=True)
    except OSError as error:
        wrong = error.strerror or type(error).__name__
    raise ConfigurationError(f"cannot listen at {host} port {port} ({wrong}); try --port 0")


def _serve(app: AsgiApp, listener: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        app, log_config=None, access_log=False, proxy_headers=False, server_header=False
    )
    uvicorn.Server(config).run(sockets=[listener])
