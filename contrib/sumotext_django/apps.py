"""The application: ``INSTALLED_APPS = ["sumotext_django", …]`` brings checks and ``manage.py``."""

from __future__ import annotations

from django.apps import AppConfig


class SumotextConfig(AppConfig):
    """Registers the system checks; its models are the ledger's tables. Sending works without it."""

    name = "sumotext_django"
    label = "sumotext"
    verbose_name = "SUMOTEXT"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks."""
        from sumotext_django import checks

        checks.register()
