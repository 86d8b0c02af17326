"""One record merged into another."""

from django.db import models
from django.db.models import Q

from hikeshi.incidents.models.record import Incident, Part
from hikeshi.kernel.clock import now


class Merger(Part):
    """``incident`` was merged into ``into``; ``brought`` is what an un-merge gives back (see ``merging.Brought``), and
    ``status_was`` how the merged record stood.
    """

    into = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="took_in")
    brought = models.JSONField(default=dict)
    status_was = models.CharField(max_length=16)
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(undone_at__isnull=True), name="incidents_merged_once"
            )
        ]
