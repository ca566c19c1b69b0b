"""Fixtures for pytest, found by themselves where the extra `testing` is installed.

A program's own tests use them by name::

    def test_the_order_is_confirmed(sumotext_simulator):
        order.confirm(dsn=sumotext_simulator.dsn)

        assert "order 7" in sumotext_simulator.messages[0].msg
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sumotext_backend.simulator import Simulator
    from sumotext_backend.testing.hostile.gateway import HostileGateway


@pytest.fixture
def sumotext_simulator() -> Iterator[Simulator]:
    """A running simulator that has seen nothing yet."""
    from sumotext_backend.simulator import Simulator

    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def hostile_gateway() -> Iterator[Callable[..., HostileGateway]]:
    """Opens hostile gateways, ``hostile_gateway("U05", tls=True)``, and closes them all."""
    from sumotext_backend.testing.hostile.gateway import HostileGateway

    opened: list[HostileGateway] = []

    def start(*script: str, tls: bool = False) -> HostileGateway:
        opened.append(HostileGateway(*script, tls=tls).__enter__())
        return opened[-1]

    yield start
    for gateway in opened:
        gateway.close()
