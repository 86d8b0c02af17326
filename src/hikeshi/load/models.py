"""What people can and how much they work; the settings, version by version; whose turn it was; what nobody could be
given yet.
"""

from django.db import models

from hikeshi.accounts.models import Person
from hikeshi.kernel.clock import now


class BookVersion(models.Model):
    """One version of all settings; never changed."""

    number = models.PositiveIntegerField(unique=True)
    content = models.TextField()
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]


class Profile(models.Model):
    """``weekly``: minutes of work in a week; none: as the calendar of their organisation says. ``skills``: codes."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    weekly = models.PositiveIntegerField(null=True, blank=True)
    skills = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField(default=now)


class Turn(models.Model):
    """When a rule gave somebody a record last."""

    rule = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "person"], name="load_turn_once")]


class Unplaced(models.Model):
    """A record nobody could be given: it is tried again until somebody fits, or somebody takes it."""

    incident = models.UUIDField(unique=True)
    next_at = models.DateTimeField(db_index=True)
