"""Who has a record open right now. Rows expire; nothing of them is history, so the ledger knows none of it."""

from django.db import models

from hikeshi.accounts.models import Person
from hikeshi.incidents.models.record import Incident
from hikeshi.kernel.clock import now


class Presence(models.Model):
    """``typing_at``: when they last typed something there."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=now)
    typing_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "person"], name="incidents_present_once")]
        indexes = [models.Index(fields=["seen_at"], name="incidents_presence_old")]
