from django.db import models
from django.db.models import Q

from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7


class Period(models.Model):
    """How long a category is kept here, and when the engine looks at it next. ``version`` 0: nobody has decided yet,
    and the default counts.
    """

    category = models.CharField(max_length=40, unique=True)
    days = models.PositiveIntegerField(null=True, blank=True)  # none: until somebody decides
    version = models.PositiveIntegerField(default=0)
    changed_by = models.CharField(max_length=100, blank=True, default="")
    changed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(db_index=True)
    seen_at = models.DateTimeField(default=now)  # when the engine last looked: shows a clock that leapt
    ran_at = models.DateTimeField(null=True, blank=True)  # when a run last came to its end
    going = models.BooleanField(default=False)  # a run is under way
    gone = models.PositiveIntegerField(default=0)  # rows that the run under way, or the last one, took away

    class Meta:
        ordering = ["category"]


class Hold(models.Model):
    """Nothing of ``subject``, which is opaque, is deleted while this stands. ``reason`` names the words, kept above."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    subject = models.CharField(max_length=100)
    reason = models.UUIDField()
    placed_by = models.CharField(max_length=100)
    placed_at = models.DateTimeField(default=now)
    lifted_by = models.CharField(max_length=100, blank=True, default="")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(lifted_at__isnull=True), name="retention_held_once")
        ]
