"""The files of a record."""

from django.db import models
from django.db.models import Q

from hikeshi.incidents.models.record import Part
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret


class Attachment(Part):
    """A file. Its bytes lie sealed in the vault; the key to them lies here and goes with them."""

    name = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100, blank=True, default="")  # as its sender called it; never believed
    sealed_key = models.CharField(max_length=200, blank=True, default="", editable=False)
    added_by = models.CharField(max_length=100)
    added_at = models.DateTimeField(default=now)
    removed_by = models.CharField(max_length=100, blank=True, default="")
    removed_at = models.DateTimeField(null=True, blank=True)
    reason = models.UUIDField(null=True, blank=True)  # the passage that says why it was removed
    destroyed_at = models.DateTimeField(null=True, blank=True)
    damaged_at = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False, destroyed_at__isnull=True),
                name="incidents_file_to_destroy",
            )
        ]
