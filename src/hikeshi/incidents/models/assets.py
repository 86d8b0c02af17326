from django.db import models
from django.db.models import Q

from hikeshi.assets.models import Asset
from hikeshi.incidents.models.record import Part
from hikeshi.kernel.clock import now


class LinkedAsset(Part):
    """Something of ours that is hit: found by what an alert calls it (``how``, ``value``), or said by a person. One
    that was removed stays removed, whatever the next alert calls it.
    """

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=8)
    value = models.CharField(max_length=500, blank=True, default="")
    linked_by = models.CharField(max_length=100)
    linked_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["incident", "asset"], name="incidents_asset_once")]
        indexes = [
            models.Index(fields=["asset", "incident"], name="incidents_asset", condition=Q(removed_at__isnull=True))
        ]
