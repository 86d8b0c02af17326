"""Values known to be harmless, and what is remembered of alerts that flap."""

from django.db import models

from hikeshi.intake import flapping
from hikeshi.intake.benign import RULE, Kind, Terms
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class Benign(models.Model):
    """Values of one kind, and why they are harmless. Only its end changes: who wants others lists them anew."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    values = models.TextField()
    reason = models.TextField()
    owner = models.CharField(max_length=100, default="")  # person:<uuid>, team:<uuid>
    until = models.DateTimeField(db_index=True)
    made_by = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # by somebody, before its time
    secret = models.CharField(max_length=32, default=new_secret, editable=False)

    class Meta:
        indexes = [models.Index(fields=["-made_at", "-id"], name="intake_benign_newest")]

    @property
    def rule(self) -> str:
        """What stands on its alerts where a rule's code does."""
        return f"{RULE}{self.uuid}"

    @property
    def terms(self) -> Terms:
        return Terms(self.title, Kind(self.kind), self.values, self.reason, self.until, self.owner)

    @property
    def content(self) -> str:
        return "\n--\n".join((self.title, self.kind, self.values, self.reason))


class Flap(models.Model):
    """The newest changes of an alert's state, in milliseconds; ``since`` it flaps. Goes when all lie too far back."""

    alert = models.OneToOneField("intake.Alert", on_delete=models.CASCADE, related_name="flap")
    moments = models.JSONField(default=list)
    since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_index=True)


class NoiseTerms(models.Model):
    """One row, or none: then what ships with the product counts."""

    reported = models.BooleanField(default=True)


class FlapTerms(models.Model):
    """One row, or none: then what ships with the product counts."""

    changes = models.PositiveSmallIntegerField(default=flapping.Terms().changes)
    minutes = models.PositiveSmallIntegerField(default=flapping.Terms().minutes)
