"""The recipe for Celery in the docs, run by a real worker: what its log and its broker hold."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sumotext_backend.simulator import Simulator

pytest.importorskip("celery")

PROJECT = Path(__file__).parents[2] / "docs" / "examples" / "celery_project"
GOOD, REFUSED, FAILS, DOUBT = "5015551234", "5015550101", "5015550103", "5015550106"
WORDS = "your-order-is-ready"
PRIVATE = (GOOD, REFUSED, FAILS, DOUBT, WORDS)
WORKER_TIMEOUT = 60

BEGIN = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
"""
ENQUEUE = f"""
from shop.models import Text
from shop.tasks import send
for number in {(GOOD, REFUSED, DOUBT, FAILS)!r}:
    send.delay(Text.objects.create(to=number, words={WORDS!r}).pk)
send.apply_async([Text.objects.create(to={FAILS!r}, words={WORDS!r}).pk], retries=5)
"""
# As it stood on the page: arguments and return value say all.
OLD_RECIPE = """
from celery import shared_task
from sumotext_backend import Outcome
from sumotext_django import send_text

@shared_task(bind=True, max_retries=5)
def send(self, to, words):
    result = send_text(to, words)
    if result.outcome is Outcome.FAILED:
        raise self.retry(countdown=60)
    return result.to_dict()
"""
ENQUEUE_OLD = f"""
from old.tasks import send
send.delay({GOOD!r}, {WORDS!r})
send.apply_async([{FAILS!r}, {WORDS!r}], retries=5)
"""


class Shop:
    """The project with a database, a broker and a gateway of its own."""

    def __init__(self, folder: Path, dsn: str) -> None:
        """Make the folders, with a copy of the project: what Python compiles stays in it."""
        self.folder = folder
        shutil.copytree(PROJECT, folder / "project")
        self.queue, self.log = folder / "queue", folder / "worker.log"
        self.environ = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"},
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "PYTHONPATH": os.pathsep.join([str(folder / "project"), str(folder)]),
            "SHOP_DATABASE": str(folder / "shop.sqlite3"),
            "SHOP_QUEUE": str(self.queue),
            "SMS_DSN": dsn,
        }
        for name in ("queue", "queue-control", "queue-processed"):
            (folder / name).mkdir()

    def run(self, code: str) -> None:
        """Run ``code`` in the project, whose table is there."""
        command = [sys.executable, "-c", BEGIN + code]
        subprocess.run(command, cwd=self.folder, env=self.environ, check=True, timeout=60)

    def outcomes(self) -> list[str]:
        """What became of the texts, in their order."""
        with sqlite3.connect(self.environ["SHOP_DATABASE"]) as database:
            return [row[0] for row in database.execute("SELECT outcome FROM shop_text ORDER BY id")]

    def work(self, level: str, done: Callable[[], bool]) -> str:
        """Run a worker until ``done``; everything that it prints."""
        command = [sys.executable, "-m", "celery", "-A", "shop", "worker", "--loglevel", level]
        command += ["--concurrency", "1", "--without-gossip", "--without-mingle"]
        with self.log.open("wb") as log:
            worker = subprocess.Popen(
                command, cwd=self.folder, env=self.environ, stdout=log, stderr=subprocess.STDOUT
            )
            try:
                deadline = time.monotonic() + WORKER_TIMEOUT
                while not done() and worker.poll() is None and time.monotonic() < deadline:
                    time.sleep(0.2)
                finished = done()
            finally:
                worker.terminate()
                worker.wait(timeout=WORKER_TIMEOUT)
        printed = self.log.read_text(encoding="utf-8")
        assert finished, printed
        return printed

    def carried(self) -> str:
        """All that the broker was given: its files, and the bodies that they hold encoded."""
        files = [each.read_text() for each in self.folder.glob("queue*/*") if each.is_file()]
        bodies = [json.loads(each)["body"] for each in files if each.startswith("{")]
        assert bodies
        return "\n".join([*files, *(base64.b64decode(each).decode() for each in bodies)])


@pytest.fixture
def shop(gateway: Simulator, tmp_path: Path) -> Shop:
    """The project, sending to the simulator."""
    return Shop(tmp_path, f"sumotext://74700/SUMO?carrier=ATTUS&base_url={gateway.url}")


@pytest.mark.parametrize("level", ["ERROR", "INFO", "DEBUG"])
def test_neither_worker_nor_broker_shows_a_number_or_a_text(shop: Shop, level: str) -> None:
    """Accepted, refused, in doubt, tried again, and given up: at no level, in no line."""
    shop.run(ENQUEUE)
    ended = ["ACCEPTED", "REJECTED", "UNKNOWN", "FAILED", "FAILED"]
    printed = shop.work(level, lambda: shop.outcomes() == ended)

    assert "MaxRetriesExceeded" in printed
    assert ("succeeded" in printed) is (level != "ERROR")
    for seen in (printed, shop.carried()):
        assert not [each for each in PRIVATE if each in seen]


def test_a_text_is_not_sent_again_by_a_task_that_is(shop: Shop, gateway: Simulator) -> None:
    """A broker may deliver as often as it likes: the row decides."""
    shop.run(ENQUEUE.partition("send.apply")[0])
    shop.run("from shop.tasks import send\nfor row in (1, 2, 3): send.delay(row)")
    printed = shop.work("INFO", lambda: shop.log.read_text().count("nothing to send") == 3)

    assert "nothing to send" in printed
    assert sorted([GOOD, REFUSED, DOUBT, FAILS]) == sorted(one.mobile for one in gateway.requests)


def test_what_a_task_is_given_and_returns_is_shown(shop: Shop) -> None:
    """The control: with number and text as arguments, and a result that is returned."""
    (shop.folder / "old").mkdir()
    (shop.folder / "old" / "__init__.py").touch()
    (shop.folder / "old" / "tasks.py").write_text(OLD_RECIPE)
    (shop.folder / "old_settings.py").write_text(
        'from shop.settings import *\nCELERY_IMPORTS = ["old.tasks"]\n'
    )
    shop.environ["DJANGO_SETTINGS_MODULE"] = "old_settings"
    shop.run(ENQUEUE_OLD)
    log = shop.work("DEBUG", lambda: has_ended(shop.log.read_text())).splitlines()

    assert any("INFO" in line and "succeeded" in line and GOOD in line for line in log)
    assert any("MaxRetries" in line and FAILS in line and WORDS in line for line in log)
    assert any("TaskPool: Apply" in line and WORDS in line for line in log)
    assert all(each in shop.carried() for each in (GOOD, FAILS, WORDS))


def has_ended(log: str) -> bool:
    """Whether one task of the old recipe succeeded, and the other gave up."""
    return "succeeded" in log and "MaxRetries" in log
