"""Rows that follow from the ledger: the engine finds in them what is due, pages what to show. Records are named by
their uuid: when one is deleted, its clocks go by what the ledger tells of it.
"""

from django.db import models
from django.db.models import Q

from hikeshi.kernel.clock import now
from hikeshi.kernel.worlds import World
from hikeshi.service_levels.codes import Measure, State


class BookVersion(models.Model):
    """One version of all targets; never changed."""

    number = models.PositiveIntegerField(unique=True)
    content = models.TextField()
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]


class Hours(models.Model):
    """A calendar as it stood when a clock took it; never changed."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.TextField()


class Track(models.Model):
    """How far the clocks of one record are reckoned, and which of them runs out first."""

    incident = models.UUIDField(unique=True)
    upto = models.BigIntegerField(default=0)  # the ledger's entry
    first_due = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["first_due"], condition=Q(first_due__isnull=False), name="service_levels_first_due")
        ]


class Clock(models.Model):
    incident = models.UUIDField()
    measure = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Measure])
    round = models.PositiveSmallIntegerField()
    world = models.CharField(max_length=8, default=World.REAL)
    target = models.CharField(max_length=40)
    minutes = models.PositiveIntegerField()
    hours = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=8, choices=[(one.value, one.value) for one in State])
    because = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    left = models.IntegerField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)  # from then on it is shown as running out
    # For the engine: shares of the time still to be told of, [percent, moment, acts]; the last one told; when to look.
    steps = models.JSONField(default=list)
    told = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "measure", "round"], name="service_levels_clock_once")
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="service_levels_due")]


class Renewal(models.Model):
    """Open records take the targets in force, a step at a time; ``place`` is how far the engine has come."""

    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField(default=now)
    book = models.PositiveIntegerField()
    place = models.BigIntegerField(default=0)
    renewed = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)


class Nudge(models.Model):
    """The last day on which somebody was told that a record is stuck: once on each working day."""

    incident = models.UUIDField(unique=True)
    day = models.DateField()
