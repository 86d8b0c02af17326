"""Inhibitions, and the alerts of their two sides."""

from django.db import models

from hikeshi.intake.inhibitions import RULE, Terms
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class Inhibition(models.Model):
    """While one alert fires, others are held. What it says never changes: a change is a new version of it, which takes
    its place. ``due_at``: it is over, and what it still holds has to speak.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    family = models.UUIDField(default=uuid7, editable=False)  # the same in all its versions
    number = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    source = models.TextField()
    target = models.TextField()
    equal = models.TextField(default="")
    hours = models.PositiveSmallIntegerField(default=8)
    reason = models.TextField()
    owner = models.CharField(max_length=100, default="")  # person:<uuid>, team:<uuid>
    made_by = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    secret = models.CharField(max_length=32, default=new_secret, editable=False)

    class Meta:
        indexes = [models.Index(fields=["-made_at", "-id"], name="intake_inhibition_newest")]
        constraints = [models.UniqueConstraint(fields=["family", "number"], name="intake_one_inhibition_version")]

    @property
    def rule(self) -> str:
        """What stands on its alerts where a rule's code does."""
        return f"{RULE}{self.uuid}"

    @property
    def terms(self) -> Terms:
        return Terms(self.title, self.source, self.target, self.equal, self.reason, self.owner, self.hours)

    @property
    def content(self) -> str:
        """All of it as one text, as the ledger commits to it and as two versions are compared."""
        parts = (self.title, self.source, self.target, self.equal, self.reason)
        return "\n--\n".join(parts)


class InhibitionSide(models.Model):
    """An alert that matches a side of an inhibition: sources while they fire, targets while they fire or are held.
    ``key`` is the group of those that are equal; ``until``: a source counts no longer unless it is heard of again.
    """

    inhibition = models.ForeignKey(Inhibition, on_delete=models.CASCADE, related_name="sides", db_index=False)
    alert = models.ForeignKey("intake.Alert", on_delete=models.CASCADE, related_name="sides")
    key = models.CharField(max_length=32)
    source = models.BooleanField()
    target = models.BooleanField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inhibition", "alert"], name="intake_one_side")]
        indexes = [
            models.Index(fields=["key", "source"], name="intake_side_group"),
            models.Index(fields=["until"], name="intake_side_until", condition=models.Q(source=True)),
        ]


class InhibitionTurn(models.Model):
    """A group whose sources changed. Only ever added by the digest, which never waits for another that way."""

    inhibition = models.ForeignKey(Inhibition, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=32)
