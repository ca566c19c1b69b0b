"""A program that listens: ``python -m tests.inbound.listener PLACE FILE PORT``.

Its hook writes each event down as a line: the provider's id, and whether it was told again.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from sumotext_backend.inbound import make_asgi_app
from sumotext_backend.providers import Event
from tests.inbound.cases import Heard, make_receiver
from tests.ledger.crashes import open_ledger


def main(place: str, path: str, port: str) -> None:
    """Listen at ``port`` until killed; tell again first what was not all told."""
    import attrs
    import uvicorn

    line = Path(path).open("ab", buffering=0)  # noqa: SIM115 - until the end of the process

    def tell(event: Event, *, again: bool) -> list[str]:
        line.write(f"{getattr(event, 'provider_id', '-')} {again}\n".encode())
        return []

    receiver = attrs.evolve(make_receiver(open_ledger(place), Heard()), tell=tell)
    receiver.retry()
    with socket.create_server(("127.0.0.1", int(port)), reuse_port=False) as listener:
        Path(path + ".ready").write_text(str(os.getpid()))
        config = uvicorn.Config(make_asgi_app(receiver), log_config=None, access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
