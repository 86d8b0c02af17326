"""Who is called after whom, as a site writes it."""

from django.db import models
from django.db.models import Q

from hikeshi.accounts.models import Organisation
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class Policy(models.Model):
    """The first one in ``place`` that suits counts. ``steps`` are rows as hikeshi.oncall.drafts reads them."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=200)
    place = models.PositiveIntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    priorities = models.JSONField(default=list)
    kinds = models.JSONField(default=list)
    hours = models.CharField(max_length=100, blank=True, default="")
    steps = models.JSONField(default=list)
    repeats = models.PositiveSmallIntegerField(default=0)
    patience = models.PositiveIntegerField(default=10)  # minutes after the last step of a round
    timeout = models.PositiveIntegerField(null=True, blank=True)  # minutes an answer holds; none: for good
    follow = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="before")
    why_ja = models.TextField(blank=True, default="")  # when it counts and for what reason, in people's words
    why_en = models.TextField(blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField(default=now)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(retired_at__isnull=True), name="oncall_policy_name")
        ]


class PolicyVersion(models.Model):
    """What a policy said from one save to the next. Never changed. ``terms`` as hikeshi.oncall.drafts reads them.

    ``told``: the ledger says so too; not of what was in force when versions began to be kept.
    """

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    terms = models.JSONField()
    retired = models.BooleanField(default=False)
    why = models.CharField(max_length=500, blank=True, default="")
    told = models.BooleanField(default=True)
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="oncall_policy_version")]


class Executives(models.Model):
    """One row: who the executives are, as a target of a step. Without it, whoever holds the role ``manager``."""

    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=100)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="oncall_one_executives")]
