"""Boards of figures that people keep, and counters of days that are over."""

from django.db import models

from hikeshi.accounts.models import Organisation, Person
from hikeshi.figures.audience import Audience
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class Board(models.Model):
    """``tiles`` in order; ``terms`` what they are asked by. Names may be personal: the ledger commits to them."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100)
    audience = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Audience])
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    tiles = models.JSONField(default=list)
    terms = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        indexes = [models.Index(fields=["audience", "removed_at"], name="figures_board_for")]


class Tally(models.Model):
    """The records opened on one day of the site, alike in place, kind and class: no restricted one, no drill. Follows
    from the records and is made anew whenever one of them changes; the texts are ``figures.tallying``'s.
    """

    day = models.DateField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    record_class = models.CharField(max_length=16)
    priorities = models.TextField()
    times = models.TextField()
    kept = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "organisation", "kind", "record_class"], name="figures_tally_once")
        ]


class TalliedDay(models.Model):
    """All of this day's tallies stand."""

    day = models.DateField(primary_key=True)


class Tallying(models.Model):
    """How far the tallies follow the ledger, in which zone their days begin, and by which definitions they measure: one
    row.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    entry = models.BigIntegerField(default=0)
    zone = models.CharField(max_length=64)
    reading = models.CharField(max_length=64)
