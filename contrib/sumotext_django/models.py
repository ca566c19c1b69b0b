"""The ledger's tables as models, to be read: the ledger makes them, and writes them itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import models


class Consent(models.Model):  # noqa: DJ008 - see __str__ of its base, which shows the row's number
    """One word on whether a person may be texted."""

    seq = models.BigIntegerField(primary_key=True)
    programme = models.TextField()
    person = models.TextField()
    number = models.TextField(null=True)  # noqa: DJ001 - NULL once it was forgotten
    word = models.TextField()
    provider = models.TextField()
    reason = models.TextField()
    source = models.TextField()
    note = models.TextField()
    at = models.FloatField()

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

    ref = models.TextField(primary_key=True)
    person = models.TextField()
    number = models.TextField(null=True)  # noqa: DJ001
    state = models.TextField()
    created_at = models.FloatField()
    updated_at = models.FloatField()
    provider = models.TextField()
    outcome = models.TextField()
    reason = models.TextField()
    message_id = models.TextField(null=True)  # noqa: DJ001
    settled = models.TextField()

    class Meta:
        """Made by the ledger."""

        managed = False
        db_table = "sumotext_send"
        ordering = ("-created_at",)
        default_permissions = ("view", "change")


def read_moment(seconds: float | None) -> Any:
    """The moment as Django shows it."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
