"""Which words mean the same here, version by version."""

from django.db import models

from hikeshi.kernel.clock import now


class SynonymsVersion(models.Model):
    """One version of all groups, a line each; never changed. The highest number counts."""

    number = models.PositiveIntegerField(unique=True)
    content = models.TextField(blank=True)
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
