"""Filters that are kept, how each person likes their lists, and what records once were."""

from datetime import UTC, datetime
from typing import Final

from django.db import models

from hikeshi.accounts.models import Person, Team
from hikeshi.incidents.models import Incident
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7
from hikeshi.lists.codes import Audience

STILL: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Where a stay goes on: an index finds it with those that ended late."""


class SavedFilter(models.Model):
    """What it says is in its versions; ``newest`` is the one that counts."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    audience = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Audience])
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    newest = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["audience", "removed_at"], name="lists_saved_for")]


class FilterVersion(models.Model):
    """Never changed. Names and words may be personal: the ledger holds a commitment only."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    saved = models.ForeignKey(SavedFilter, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    conditions = models.TextField(blank=True, default="")
    columns = models.JSONField(default=list)
    order = models.CharField(max_length=16, blank=True, default="")
    group = models.CharField(max_length=16, blank=True, default="")
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["saved", "number"], name="lists_version_once")]


class Arrangement(models.Model):
    """How somebody likes their lists, and up to when they have seen what changed."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    columns = models.JSONField(default=list)
    order = models.CharField(max_length=16, blank=True, default="")
    group = models.CharField(max_length=16, blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)


class ColumnLimits(models.Model):
    """How many cards a phase should hold on the board at most: one row. Phases that are not named have no limit."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    limits = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)


class Stay(models.Model):
    """A record had this value from ``since`` until ``until``. Follows from the ledger and can be built anew from it;
    ``first``: it was opened with it.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=12)
    value = models.CharField(max_length=100, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(default=STILL)
    first = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["field", "value", "until", "since", "incident"], name="lists_stay_value"),
            models.Index(fields=["field", "first", "since", "incident"], name="lists_stay_changed"),
            models.Index(fields=["incident", "field", "value"], name="lists_stay_of"),
        ]


class Followed(models.Model):
    """How far the stays have come in the ledger: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    entry = models.BigIntegerField(default=0)


class Batch(models.Model):
    """Records that somebody changed in one go."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    deed = models.CharField(max_length=12)
    wish = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True, blank=True)


class BatchItem(models.Model):
    """One of them: how it stood before, and which version of the record the change made. ``refused``: why not."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    refused = models.CharField(max_length=40, blank=True, default="")
    given_back = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["batch", "incident"], name="lists_batch_once")]
