"""What every test may ask for: how much to try."""

from __future__ import annotations

import gc
import itertools
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Lets tests import what they share, and processes that they spawn import the tests. At the end, so
# that what is installed, and not the tree, is what is tested.
sys.path.append(str(Path(__file__).parent.parent))

# Of what a worker's tests start, no process is measured: to measure is half of what each costs.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)

SCALE = int(os.environ.get("SUMOTEXT_TEST_SCALE", "1"))

# Up to scale 1 every run tries the same examples, so that nobody meets a failure not their own.
settings.register_profile(
    "scaled", max_examples=100 * SCALE or 10, derandomize=SCALE <= 1, deadline=None, database=None
)
settings.load_profile("scaled")


@pytest.fixture(scope="session")
def state_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that nobody has yet, for each test the next one.

    Not by ``mktemp``, which reads the names of all of them to number one more.
    """
    parent = tmp_path_factory.mktemp("states")
    return (parent / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def state(state_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A state folder of its own for each test: what one learns of a provider no other knows."""
    folder = next(state_folders)
    folder.mkdir(0o700)
    monkeypatch.setenv("SUMOTEXT_STATE_DIR", str(folder))


@pytest.fixture(
    params=["sockets", pytest.param("requests", marks=pytest.mark.once)], scope="module"
)
def transport(request: pytest.FixtureRequest) -> str:
    """Each driver in turn: what is asked of one is asked of the other."""
    driver: str = request.param
    return driver


@pytest.fixture(scope="session")
def scale() -> int:
    """How many times the usual number of trials to run: ``$SUMOTEXT_TEST_SCALE``, from 1 on."""
    return max(1, SCALE)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among thousands of tests, of which none is any: a third of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """At scale 0 leave out what says the same under every interpreter.

    Not by skipping: to report each of thousands takes as long as running a good many.
    """
    if SCALE == 0:
        once = [item for item in items if item.get_closest_marker("once")]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if not item.get_closest_marker("once")]
