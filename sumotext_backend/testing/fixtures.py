"""Fixtures for pytest, found by themselves: it loads this module in every run.

So nothing is imported here but what a fixture that is asked for needs. `sumotext_outbox` needs the
core alone, `sumotext_simulator` the extra `cli`, and `sumotext_hostile_gateway` for TLS the extra
`testing`. A program's own tests use them by name::

    def test_the_order_is_confirmed(sumotext_outbox):
        order.confirm()

        assert "order 7" in sumotext_outbox[0].text
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sumotext_backend.local import Outbox
    from sumotext_backend.simulator import Simulator
    from sumotext_backend.testing.hostile.gateway import HostileGateway


@pytest.fixture
def sumotext_outbox(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Outbox]:
    """The messages that this process sent by the providers of its configuration: a list.

    No text leaves, whatever alias a program asks for. The list is empty when a test begins.
    """
    from sumotext_backend.local import record
    from sumotext_backend.testing.outbox import keep_in_memory

    # Those texts go by Django's settings and not by the environment: they would leave.
    if "sumotext_django.senders" in sys.modules:
        pytest.fail(
            "a Django project has a sumotext_outbox of its own; write "
            'pytest_plugins = ["sumotext_django.pytest_plugin"] into the topmost conftest.py',
            pytrace=False,
        )
    for name, value in keep_in_memory(tmp_path_factory.mktemp("sumotext")).items():
        monkeypatch.setenv(name, value)
    with record() as outbox:
        yield outbox


@pytest.fixture
def sumotext_simulator() -> Iterator[Simulator]:
    """A running simulator that has seen nothing yet."""
    from sumotext_backend.simulator import Simulator

    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def sumotext_hostile_gateway() -> Iterator[Callable[..., HostileGateway]]:
    """Opens hostile gateways by the names of their faults, and closes them all.

    ``sumotext_hostile_gateway("U05", tls=True)`` is one.
    """
    from sumotext_backend.testing.hostile.gateway import HostileGateway

    opened: list[HostileGateway] = []

    def start(*script: str, tls: bool = False) -> HostileGateway:
        opened.append(HostileGateway(*script, tls=tls).__enter__())
        return opened[-1]

    yield start
    for gateway in opened:
        gateway.close()
