"""`send_text` as a task: ``django.tasks`` of Django 6.0, or the package ``django-tasks``.

Arguments and result are JSON, number and text among them, so a queue in a database keeps them; its
worker logs neither. To keep them out of the queue, give a task of your own the id of a row.
Neither backend of Django runs a task again by itself; do not make one that does: a text whose
outcome is ``UNKNOWN`` may be out.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import django

from sumotext_django.frames import hide_frames
from sumotext_django.native import send_text as send

_HOME: Final = "django.tasks" if django.VERSION >= (6, 0) else "django_tasks"
if not find_spec(_HOME):
    raise ImportError("this Django has no django.tasks: pip install django-tasks")
task: Any = import_module(_HOME).task


@task
@hide_frames
def send_text(to: str, text: str, using: str = "default", **options: Any) -> dict[str, Any]:
    """`sumotext_django.send_text`, with the same arguments, as far as they are JSON.

    ``send_text.enqueue("5015551234", "hello")``; the return value is `SendResult.to_dict`, which
    `SendResult.from_dict` reads.
    """
    return send(to, text, using, **options).to_dict()
