"""Servers and frameworks that the receiver stands behind, each in a process of its own."""

from __future__ import annotations

import importlib.util
import os

import pytest

NEEDS = ("django", "fastapi", "flask", "gunicorn", "uvicorn")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where a package is missing; in the environment that is made for this it would fail."""
    missing = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    if not missing or os.environ.get("TOX_ENV_NAME") == "servers":
        return
    skip = pytest.mark.skip(reason=f"tox -e servers has {', '.join(missing)}")
    for item in items:
        if "with_servers" in item.nodeid:
            item.add_marker(skip)
