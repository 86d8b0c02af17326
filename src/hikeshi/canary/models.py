"""Each trial with the time of every stage it passed; and the plan by which the desk tries itself."""

from datetime import datetime, time

from django.db import models
from django.db.models import Q

from hikeshi.canary.stages import Stage, State, Times, To
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7


class Arrangement(models.Model):
    """One row. ``days``: weekdays, 0 is Monday; none: only on demand. ``key``: the door's token, sealed."""

    days = models.JSONField(default=list)
    at = models.TimeField(default=time(10))
    to = models.CharField(max_length=8, choices=[(one.value, one.value) for one in To], blank=True, default="")
    value = models.CharField(max_length=100, blank=True, default="")
    minutes = models.PositiveSmallIntegerField(default=15)
    next_at = models.DateTimeField(null=True, blank=True)
    key = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    changed_by = models.CharField(max_length=100, blank=True, default="")
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="canary_one_arrangement")]


class Canary(models.Model):
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField(default=now)
    scheduled = models.BooleanField(default=False)
    to = models.CharField(max_length=8, choices=[(one.value, one.value) for one in To])
    value = models.CharField(max_length=100)
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State], default=State.UNDER_WAY)
    receipt = models.UUIDField(null=True, blank=True)
    run = models.UUIDField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    digested_at = models.DateTimeField(null=True, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=100, blank=True, default="")
    knock_at = models.DateTimeField(default=now)  # when the door is tried (again)
    ended_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=10, blank=True, default="")  # the first one it did not pass
    why = models.CharField(max_length=20, blank=True, default="")  # a code

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="under_way"), name="canary_one_at_a_time")
        ]

    @property
    def subject(self) -> str:
        return f"canary:{self.uuid}"

    @property
    def ref(self) -> str:
        """Short enough for a text message, and never taken for a record."""
        return f"TEST-{self.asked_at:%m%d-%H%M}"

    @property
    def times(self) -> Times:
        return {stage: getattr(self, f"{stage}_at") for stage in Stage}

    @property
    def seconds(self) -> float | None:
        """The whole way, of one that was answered."""
        at: datetime | None = self.answered_at
        return (at - self.asked_at).total_seconds() if at else None
