"""The forms of a site, and what each said from one save to the next."""

from django.db import models

from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class Form(models.Model):
    """``offered``: the version people are shown; None while it is not offered. What it says is in its versions."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    newest = models.PositiveIntegerField(default=0)
    offered = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class FormVersion(models.Model):
    """Never changed; an answer keeps the one it was given to. ``offered_at``: since when people have seen it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    why = models.TextField(blank=True, default="")
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)
    offered_at = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="forms_version_once")]
