"""What patches Python's sockets or others' clients, and how a program under it is run."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from typing import Any

import pytest

NEEDS = ("eventlet", "gevent", "gunicorn", "opentelemetry.instrumentation.urllib3", "sentry_sdk")


def _is_missing(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is None
    except ModuleNotFoundError:
        return True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where a package is missing; in the environment that is made for this it would fail."""
    missing = [name for name in NEEDS if _is_missing(name)]
    if not missing or os.environ.get("TOX_ENV_NAME") == "patched":
        return
    skip = pytest.mark.skip(reason=f"tox -e patched has {', '.join(missing)}")
    for item in items:
        if "with_patches" in item.path.parts:
            item.add_marker(skip)


def run(code: str, *arguments: str) -> Any:
    """What a program of its own says as JSON."""
    environ = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environ,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(name="run")
def runner() -> Any:
    """Runs a program."""
    return run
