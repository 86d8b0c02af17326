"""What plans lead to."""

from django.db import models

from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class Milestone(models.Model):
    """A day of the whole site that tasks lead to: the date of a report, the end of a quarter."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100)
    day = models.DateField()
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["day", "id"]
