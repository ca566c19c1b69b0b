"""The providers of this distribution, found through their entry points, each with its tests.

What a test knows of all providers it learns here, so that one more provider changes no test: its
answers are those that its own contract names, in ``tests/providers/test_MODULE.py``.
"""

from __future__ import annotations

import functools
import importlib
import json
import re
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any, Final

from sumotext_backend.http import HttpBackend
from sumotext_backend.testing import HttpBackendContract, Reply

HOME: Final = "sumotext_backend.providers."
ANY: Final = "gateway"
"""The backend that is no provider, but any: its tests bring providers of their own."""

Answer = tuple[int, bytes]
"""HTTP status and body."""

OTHERS: Final[Mapping[str, tuple[Any, ...]]] = {
    "vonage-messages": (
        {"message_uuid": "0f6c3d5e-9f2a-4c1b-8d7e-5a4b3c2d1e0f"},
        {"type": "https://www.example.com/errors#1170", "title": "no", "detail": "no"},
    ),
    "brevo": ({"messageId": 1511882900176220}, {"code": "invalid_parameter", "message": "no"}),
    "jasmin": (b'Success "07033084-5cfd-4812-90a4-e4d24ffb6e3d"', b'Error "No route found"'),
    "a proxy": (b"<html><body>200 OK</body></html>", b"<html>Forbidden</html>", b""),
    "something else": ({}, [], {"ok": True}, {"error": "no"}, {"message": "no"}, "queued", None),
}
"""Answers that are of none of our backends, the first of each an acceptance if there is one."""


@functools.cache
def list_providers() -> Mapping[str, str]:
    """The module of each provider by its backend's name, SUMOTEXT's own first; none is imported."""
    found = {
        entry.name: entry.module
        for entry in entry_points(group="sumotext_backend.backends")
        if entry.value.startswith(HOME) and entry.name != ANY
    }
    return dict(sorted(found.items(), key=lambda item: ("sumotext" not in item[0], item[0])))


def load_class(name: str) -> type[HttpBackend]:
    """The backend's class."""
    [entry] = entry_points(group="sumotext_backend.backends", name=name)
    cls: type[HttpBackend] = entry.load()
    return cls


def load_module(name: str) -> Any:
    """The provider's module, whose tables of codes are named ``REASONS``, ``…_REASONS``."""
    return importlib.import_module(list_providers()[name])


def find_tables(name: str) -> Mapping[str, Any]:
    """What each of the provider's codes becomes, of all of its tables."""
    tables = [table for key, table in vars(load_module(name)).items() if key.endswith("REASONS")]
    return {code: reason for table in tables for code, reason in table.items()}


@functools.cache
def find_contract(name: str) -> type[HttpBackendContract]:
    """The class of tests that holds the provider to the contract kit."""
    home = list_providers()[name]
    stem = home.removeprefix(HOME)
    package = hasattr(load_module(name), "__path__")
    module = importlib.import_module(
        f"providers.{stem}.test_contract" if package else f"providers.test_{stem}"
    )
    ours = [each for each in vars(module).values() if _is_contract(each, module.__name__)]
    [found] = [each for each in ours if len(ours) == 1 or _name_of(each) == name]
    return found


def _is_contract(value: Any, module: str) -> bool:
    contract = isinstance(value, type) and issubclass(value, HttpBackendContract)
    return contract and value.__module__ == module and bool(value.entry_point)


def _name_of(contract: type[HttpBackendContract]) -> str:
    return contract().backend(base_url="http://127.0.0.1:9").name


@functools.cache
def list_answers(name: str) -> tuple[Answer, ...]:
    """How a provider of ours, or another one, answers: an acceptance, then refusals."""
    if name in OTHERS:
        return tuple((200, _serialize(value)) for value in OTHERS[name])
    contract = find_contract(name)()
    replies = [contract.accepted(), *contract.refused().values()]
    return tuple(_fill(reply, contract.message_id()) for reply in replies)


def _serialize(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def _fill(reply: Reply, message_id: str) -> Answer:
    body = reply.body.replace(b"{message_id}", message_id.encode())
    return int(reply.status[:3]), re.sub(rb"\{\w+\}", b"5015551234", body)
