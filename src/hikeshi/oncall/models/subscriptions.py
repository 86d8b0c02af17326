"""Calendars of others that are read at their addresses."""

from typing import Final

from django.db import models
from django.db.models import Q

from hikeshi.accounts.models import Person
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.oncall.models.rotas import Rota

LONGEST_TAG: Final = 300


class Subscription(models.Model):
    """For ``rota`` its events are turns of whom they name, for ``person`` they are absences, for the business calendar
    of this uuid they are holidays: ``days``, a line each as ``2026-11-23 Labour Day``. The address opens it to whoever
    has it: it is kept sealed, and people see its host and its last letters (``hint``).

    ``read_at``: when it was last reached; ``whole_at``: when it last said all that it says, for a calendar that has not
    changed says nothing, and the year ahead moves on. ``fault`` is a code, empty while it works.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    calendar = models.UUIDField(null=True, blank=True)
    days = models.TextField(blank=True, default="", editable=False)
    address = models.TextField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    hint = models.CharField(max_length=300, editable=False)
    containing = models.CharField(max_length=100, blank=True, default="")
    made_by = models.CharField(max_length=100)
    made_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField(default=now, db_index=True)
    etag = models.CharField(max_length=LONGEST_TAG, blank=True, default="")
    modified = models.CharField(max_length=LONGEST_TAG, blank=True, default="")
    read_at = models.DateTimeField(null=True, blank=True)
    whole_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True, default="")
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    aside = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rota=None, person__isnull=False, calendar=None)
                | Q(rota__isnull=False, person=None, calendar=None)
                | Q(rota=None, person=None, calendar__isnull=False),
                name="oncall_subscription_of_one",
            )
        ]


class LeftOut(models.Model):
    """A time that a calendar says and somebody took back by hand. ``mark`` stands for all that the calendar said of it:
    once it says something else, it counts again.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="left_out")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    mark = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "person", "begins_at", "ends_at"], name="oncall_left_out_once"
            )
        ]
