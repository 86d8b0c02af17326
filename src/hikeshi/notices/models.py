"""Outages as the desk has told of them, what was added since, and who has them too. Records are named by their uuid:
when one is deleted, what was published of it goes by what the ledger tells.
"""

from django.db import models
from django.db.models import Q

from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from hikeshi.notices.drafts import Audience


class Outage(models.Model):
    """``ended_at``: since when it no longer counts as one. ``also``: how many said that they have it too."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    incident = models.UUIDField()
    ref = models.CharField(max_length=24)
    world = models.CharField(max_length=8, default=World.REAL)
    audience = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Audience])
    title_ja = models.TextField()
    title_en = models.TextField()
    services_ja = models.TextField(blank=True, default="")
    services_en = models.TextField(blank=True, default="")
    since = models.DateTimeField()
    expected_end = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=12, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    also = models.PositiveIntegerField(default=0)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(ended_at__isnull=True), name="notices_one_outage_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["incident"], name="notices_outage_of"),
            models.Index(fields=["-published_at"], condition=Q(ended_at__isnull=True), name="notices_outage_known"),
            models.Index(fields=["-ended_at"], condition=Q(ended_at__isnull=False), name="notices_outage_over"),
        ]


class OutageNews(models.Model):
    """One thing that was told of it, oldest first. Never changed."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="news")
    text_ja = models.TextField()
    text_en = models.TextField()
    at = models.DateTimeField(default=now)
    by = models.CharField(max_length=100)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["id"]


class AlsoHit(models.Model):
    """Somebody has it too. ``place`` is a keyed digest of the person or browser, so that each counts once."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="hits")
    place = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outage", "place"], name="notices_also_hit_once")]
