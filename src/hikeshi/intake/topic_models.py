"""Topics of Amazon SNS that the site named."""

from django.db import models

from hikeshi.intake.sources.sns import LONGEST_ARN
from hikeshi.intake.topic_facts import TopicState
from hikeshi.kernel.ids import uuid7


class Topic(models.Model):
    """A topic of Amazon SNS that may send to a source. ``url`` subscribes whoever visits it: it is kept from SNS's
    question until the answer, and after an end, for whoever wants it back.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=40)
    arn = models.CharField(max_length=LONGEST_ARN)
    state = models.CharField(max_length=10, default=TopicState.WAITING)
    changed_at = models.DateTimeField()
    url = models.TextField(default="")
    due_at = models.DateTimeField(null=True, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=20, default="")  # a code: why the last visit did not go well

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "arn"], name="intake_one_topic")]
