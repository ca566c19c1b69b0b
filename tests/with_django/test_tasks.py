"""Texts through task queues that run for real: Django's tasks and Celery."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
import pytest
from django.test import override_settings

from sumotext_backend import Outcome, SendResult
from sumotext_backend.simulator import Simulator

GOOD, REFUSED = "5015551234", "5015550101"
HAVE_TASKS = django.VERSION >= (6, 0) or find_spec("django_tasks")
NATIVE = "django.tasks.backends" if django.VERSION >= (6, 0) else "django_tasks.backends"

needs_tasks = pytest.mark.skipif(not HAVE_TASKS, reason="no django.tasks and no django-tasks")


@needs_tasks
def test_a_task_takes_and_returns_json(gateway: Simulator) -> None:
    """Run at once by Django's own backend; the value reads back as the result."""
    from sumotext_django.tasks import send_text

    tasks = {"default": {"BACKEND": f"{NATIVE}.immediate.ImmediateBackend"}}
    with override_settings(TASKS=tasks):
        done = send_text.enqueue(GOOD, "hello", using="chain", sumotext={"carrier": "VERIZONUS"})

    result = SendResult.from_dict(json.loads(json.dumps(done.return_value)))
    assert (Outcome.ACCEPTED, GOOD) == (result.outcome, result.to)
    assert [(result.message_id, "VERIZONUS")] == [
        (one.id, one.fields["carrier"]) for one in gateway.messages
    ]


@needs_tasks
def test_a_refusal_is_a_value_too(gateway: Simulator) -> None:
    """The task succeeds: a queue that runs failed tasks again must not text again."""
    from sumotext_django.tasks import send_text

    tasks = {"default": {"BACKEND": f"{NATIVE}.immediate.ImmediateBackend"}}
    with override_settings(TASKS=tasks):
        done = send_text.enqueue(REFUSED, "hello")

    assert "NOT_OPTED_IN" == done.return_value["reason"]


@pytest.mark.filterwarnings("default")  # Celery's own
def test_a_sent_message_travels_through_celery(
    gateway: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """A message of django-sms, sent once, goes pickled through a broker to a worker's thread."""
    celery, sms = pytest.importorskip("celery"), pytest.importorskip("sms")
    from celery.contrib.testing.worker import start_worker

    app = celery.Celery("tests", broker="memory://", backend="cache+memory://")
    app.conf.update(task_serializer="pickle", result_serializer="pickle", accept_content=["pickle"])

    @app.task(name="resend")
    def resend(message: Any) -> dict[str, SendResult]:
        message.send()
        results: dict[str, SendResult] = message.sms_results
        return results

    message = sms.Message("hello", "", [GOOD], connection=sms.get_connection(timeout=5))
    with message.connection:
        message.send()
        with start_worker(app, pool="solo", perform_ping_check=False, loglevel=logging.ERROR):
            results = resend.delay(message).get(timeout=20)

    assert {GOOD: Outcome.ACCEPTED} == {to: one.outcome for to, one in results.items()}
    sent = [message.sms_results[GOOD].message_id, results[GOOD].message_id]
    assert sent == [text.id for text in gateway.messages]
    assert GOOD not in caplog.text


PROJECT = """
import os

SECRET_KEY = "of no worth"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "queue.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["sumotext_django", "django_tasks_db"]
SMS_HEALTH = {"state": "memory"}
SMS_PROVIDERS = {"default": os.environ["SMS_DSN"]}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"all": {"class": "logging.StreamHandler"}},
    "root": {"level": "DEBUG", "handlers": ["all"]},
    "loggers": {"django": {"level": "DEBUG"}, "django_tasks": {"level": "DEBUG"}},
}
"""
ENQUEUE = """
from sumotext_django.tasks import send_text
for number in ("5015551234", "5015550101"):
    print(send_text.enqueue(number, "the-secret-text").id)
print(send_text.enqueue("5015559876", "the-secret-text", using="mian").id)
"""
COLLECT = """
from sumotext_django.tasks import send_text
for id_ in {ids!r}:
    task = send_text.get_result(id_)
    done = task.status == "SUCCESSFUL"
    print(task.status, task.return_value["outcome"] if done else task.errors[0].traceback[-60:-1])
"""


@needs_tasks
@pytest.mark.skipif(not find_spec("django_tasks_db"), reason="no django-tasks-db")
def test_a_task_goes_through_a_database_and_a_worker(gateway: Simulator, tmp_path: Path) -> None:
    """One process asks, the worker sends and logs all, a third reads what became of it."""
    (tmp_path / "queue_settings.py").write_text(PROJECT)
    dsn = f"sumotext://74700/SUMO?carrier=ATTUS&base_url={gateway.url}"
    environ = {**os.environ, "SMS_DSN": dsn, "DJANGO_SETTINGS_MODULE": "queue_settings"}

    def admin(*arguments: str) -> subprocess.CompletedProcess[str]:
        ended = subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            cwd=tmp_path,
            env={**environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert ended.returncode == 0, ended.stderr
        return ended

    admin("migrate", "--verbosity", "0")
    ids = admin("shell", "--verbosity", "0", "-c", ENQUEUE).stdout.splitlines()[-3:]
    assert () == gateway.requests
    worker = admin("db_worker", "--batch", "--no-startup-delay", "--verbosity", "3")
    printed = worker.stdout + worker.stderr
    collected = admin("shell", "--verbosity", "0", "-c", COLLECT.format(ids=ids))
    ended = collected.stdout.splitlines()[-3:]

    assert ["SUCCESSFUL ACCEPTED", "SUCCESSFUL REJECTED"] == ended[:2]
    assert "there is no provider" in ended[2]
    assert "SettingsError" in printed
    numbers = ("5015551234", "5015550101", "5015559876")
    assert not [each for each in (*numbers, "the-secret-text") if each in printed]
    assert ["5015551234", "5015550101"] == [seen.mobile for seen in gateway.requests]
