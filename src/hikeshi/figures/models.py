"""Boards of figures that people keep."""

from django.db import models

from hikeshi.accounts.models import Person
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
