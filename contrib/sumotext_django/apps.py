"""The application: ``INSTALLED_APPS = ["sumotext_django", …]`` brings checks and ``manage.py``."""

from __future__ import annotations

from django.apps import AppConfig


class SumotextConfig(AppConfig):
    """Registers the system checks. There are no models, and sending works without it."""

    name = "sumotext_django"
    label = "sumotext"
    verbose_name = "SUMOTEXT"

    def ready(self) -> None:
        """Register the checks."""
        from sumotext_django import checks

        checks.register()
