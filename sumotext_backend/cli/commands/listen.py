"""``sumotext listen``."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sumotext_backend.cli.arguments import config_option, host_option, load_file, port_option
from sumotext_backend.cli.click_types import Command, show_examples
from sumotext_backend.cli.ledgers import numbers_option
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.config import open_receiver
from sumotext_backend.events import Event
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.render.exits import Exit

if TYPE_CHECKING:
    import uvicorn

    from sumotext_backend.inbound import Receiver
    from sumotext_backend.inbound.asgi import AsgiApp
    from sumotext_backend.inbound.receiver import Tell


@click.command(
    cls=Command,
    short_help="Receive what providers tell, and print it.",
    epilog=show_examples("sumotext listen", "sumotext listen --port 8090 --show-texts"),
)
@config_option
@port_option("8081")
@host_option
@numbers_option
@click.option("--show-texts", "texts", is_flag=True, help="Show what people wrote, too.")
@click.option("--json", "as_json", is_flag=True, help="Print each event as a JSON object.")
def listen(  # noqa: PLR0913 - one for each option
    config: str | None, port: int, host: str, *, numbers: bool, texts: bool, as_json: bool
) -> Exit:
    """Receive the callbacks of the configured providers until Ctrl-C, and print what they tell.

    It is for trying things out: plugins hear of each event, too, and the ledger keeps it. The
    address that each provider is to call is printed to stderr.
    """
    from sumotext_backend.inbound import make_asgi_app

    tell = _make_tell(numbers=numbers, texts=texts, as_json=as_json)
    receiver = open_receiver(load_file(config), tell=tell)
    _check(receiver, host)
    server = _make_server(make_asgi_app(receiver))
    with _open_port(host, port) as listener, _stop_on_signals(server):
        _announce(receiver, host, listener.getsockname()[1])
        server.run(sockets=[listener])
    return Exit.ACCEPTED


def _make_tell(*, numbers: bool, texts: bool, as_json: bool) -> Tell:
    from sumotext_backend.plugins import load_installed
    from sumotext_backend.render.inbound import make_event_object, write_event

    plugins = load_installed()

    def tell(event: Event, *, again: bool) -> list[str]:
        if as_json:
            put_json(make_event_object(event, numbers=numbers, texts=texts))
        else:
            put(write_event(event, numbers=numbers, texts=texts))
        return plugins.hear(event, again=again)

    return tell


def _check(receiver: Receiver, host: str) -> None:
    if not receiver.backends:
        raise ConfigurationError(
            "no provider of the configuration tells anything by calling; see 'sumotext backends'"
        )
    if not receiver.table.secrets and not _is_loopback(host):
        raise ConfigurationError(
            "other machines reach that address, and [inbound] has no 'secrets'; write some, or "
            "listen at 127.0.0.1"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True  # opening the port says what is wrong with it


def _announce(receiver: Receiver, host: str, port: int) -> None:
    from sumotext_backend.render.inbound import list_urls
    from sumotext_backend.simulator.listener import url_of

    url = url_of(host, port)
    shown = list_urls(receiver, url)
    say(f"receiver ready at {url}; Ctrl-C ends it. Providers call\n{shown.words}")


def _open_port(host: str, port: int) -> socket.socket:
    from sumotext_backend.simulator.listener import listen as open_port

    try:
        return open_port(host, port, remote=True)
    except OSError as error:
        wrong = error.strerror or type(error).__name__
    raise ConfigurationError(f"cannot listen at {host} port {port} ({wrong}); try --port 0")


def _make_server(app: AsgiApp) -> uvicorn.Server:
    import uvicorn

    config = uvicorn.Config(
        app, log_config=None, access_log=False, proxy_headers=False, server_header=False
    )
    return uvicorn.Server(config)


@contextlib.contextmanager
def _stop_on_signals(server: uvicorn.Server) -> Iterator[None]:
    from sumotext_backend.simulator.signals import stop_on_signals

    def stop() -> None:
        server.should_exit = True

    with stop_on_signals(stop):
        yield
