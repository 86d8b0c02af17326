from django.db import models

from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class Criteria(models.Model):
    """The site's word on one field. What it says is in its versions; with none, the shipped texts count."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    field = models.CharField(max_length=20, unique=True)
    newest = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=100, default="")
    review = models.DateField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)  # when that day begins at the site


class CriteriaVersion(models.Model):
    """What the criteria of a field said from one save to the next. Never changed; the highest number counts."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    criteria = models.ForeignKey(Criteria, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    texts = models.JSONField()  # value -> language -> Markdown
    why = models.TextField(default="")
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["criteria", "number"], name="incidents_criteria_once")]
