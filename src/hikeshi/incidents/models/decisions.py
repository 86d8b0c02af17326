"""What people were asked to decide, and what it costs."""

from django.db import models
from django.db.models import Q

from hikeshi.accounts.models import Person
from hikeshi.incidents.codes import CostKind
from hikeshi.incidents.models.record import Part
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret


class Decision(Part):
    """A question with the answers it can have; ``of``: whom it is asked, None: whoever may decide. ``choice`` counts
    from 0, None until it is decided.
    """

    question = models.TextField()
    options = models.JSONField()
    of = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField(default=now)
    choice = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.TextField(blank=True, default="")
    decided_by = models.CharField(max_length=100, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["id"]


class Cost(Part):
    """Money, as somebody estimated it or as it was paid. Correcting it supersedes the row; ``line`` stays the same."""

    line = models.UUIDField()
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in CostKind])
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    actual = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")
    set_by = models.CharField(max_length=100)
    set_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(superseded_at__isnull=True), name="incidents_cost_once"
            )
        ]
