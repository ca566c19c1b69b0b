"""What is to be texted."""

from django.db import models


class Text(models.Model):
    """A text; number and words stand in this row, and nowhere in the queue."""

    to = models.CharField(max_length=32)
    words = models.TextField()
    outcome = models.CharField(max_length=8, default="", blank=True)

    def __str__(self) -> str:
        """Neither number nor words: this stands in logs and on error pages."""
        return f"text {self.pk}"
