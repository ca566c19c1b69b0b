"""The ledger's tables as models, to be read: the ledger makes them, and writes them itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeAlias

from django.db import models

Column: TypeAlias = "models.Field[Any, Any]"


class Consent(models.Model):  # noqa: DJ008 - see __str__ of its base, which shows the row's number
    """One word on whether a person may be texted."""

    seq: Column = models.BigIntegerField(primary_key=True)
    programme: Column = models.TextField()
    person: Column = models.TextField()
    number: Column = models.TextField(null=True)  # noqa: DJ001 - NULL once it was forgotten
    word: Column = models.TextField()
    provider: Column = models.TextField()
    reason: Column = models.TextField()
    source: Column = models.TextField()
    note: Column = models.TextField()
    at: Column = models.FloatField()

    class Meta:
        """Made by the ledger."""

        managed = False
        db_table = "sumotext_consent"
        ordering = ("-seq",)
        verbose_name = "word of consent"
        verbose_name_plural = "consent"
        default_permissions = ("view", "change")
        permissions = (("see_numbers", "May see phone numbers in full"),)


class Send(models.Model):  # noqa: DJ008
    """One send that is remembered."""

    ref: Column = models.TextField(primary_key=True)
    person: Column = models.TextField()
    number: Column = models.TextField(null=True)  # noqa: DJ001
    state: Column = models.TextField()
    created_at: Column = models.FloatField()
    updated_at: Column = models.FloatField()
    provider: Column = models.TextField()
    outcome: Column = models.TextField()
    reason: Column = models.TextField()
    message_id: Column = models.TextField(null=True)  # noqa: DJ001
    settled: Column = models.TextField()

    class Meta:
        """Made by the ledger."""

        managed = False
        db_table = "sumotext_send"
        ordering = ("-created_at",)
        default_permissions = ("view", "change")


def read_moment(seconds: float | None) -> Any:
    """The moment as Django shows it."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
