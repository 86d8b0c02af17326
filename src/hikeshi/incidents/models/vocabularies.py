"""What a site settled instead of what is shipped, version by version. The highest number counts."""

from django.db import models

from hikeshi.incidents.vocabularies import Deed, Subject
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7


class MatrixVersion(models.Model):
    """A priority matrix this site put in force. The highest number counts; a record names the one it was judged by."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    preset = models.CharField(max_length=40, blank=True, default="")
    grid = models.JSONField()
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)


class Vocabulary(models.Model):
    """Kinds, courses or the words of levels, whole."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    subject = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Subject])
    number = models.PositiveIntegerField()
    deed = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Deed])
    about = models.CharField(max_length=80, blank=True, default="")  # the code that was added, changed, retired
    content = models.JSONField()
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="incidents_vocabulary_once")]
