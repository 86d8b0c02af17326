"""Answers to common questions, what each said from one save to the next, and what readers said of them."""

from django.db import models

from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7
from hikeshi.knowledge.drafts import Mark


class Answer(models.Model):
    """``published``: the version people read; None while none is. What it says is in its versions."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    newest = models.PositiveIntegerField(default=0)
    published = models.PositiveIntegerField(null=True, blank=True)
    helped = models.PositiveIntegerField(default=0)
    unhelped = models.PositiveIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]


class AnswerVersion(models.Model):
    """Never changed."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    texts = models.JSONField()
    why = models.TextField(blank=True, default="")
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["answer", "number"], name="knowledge_version_once")]


class AnswerMark(models.Model):
    """``place`` is a keyed digest of the person or browser: each says one thing of it, the last counts."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="marks")
    place = models.CharField(max_length=64)
    mark = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Mark])
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "place"], name="knowledge_marked_once")]
