"""Mailboxes and the letters that came in, sealed until they are what they were sent for."""

from django.db import models
from django.db.models import Q

from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.mailboxes.codes import Answer, Came, Carries, State


class Mailbox(models.Model):
    """``sealed`` holds its password. ``look_at`` is when somebody asked to look at once. ``validity`` and ``uid``: how
    far it is read; another ``validity``: the server has numbered it anew.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=254, unique=True)
    carries = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Carries])
    source = models.CharField(max_length=100, blank=True, default="")
    on = models.BooleanField(default=False)
    answers = models.BooleanField(default=True)
    trusted = models.TextField(blank=True, default="")
    senders = models.TextField(blank=True, default="")
    plain = models.JSONField(default=dict)
    sealed = models.TextField(blank=True, default="")
    validity = models.PositiveBigIntegerField(default=0)
    uid = models.PositiveBigIntegerField(default=0)
    look_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=40, blank=True, default="")  # a code
    broken_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=100, blank=True, default="")
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "id"]


class Letter(models.Model):
    """``digest`` names the mail among those of its mailbox: twice delivered it is one. ``sender`` is a keyed digest.
    ``raw`` is the mail, sealed; it is emptied once all that is due of it is done.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="letters")
    digest = models.CharField(max_length=64)
    came = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Came])
    at = models.DateTimeField(default=now)
    size = models.PositiveIntegerField()
    raw = models.BinaryField(default=bytes)
    sender = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=8, choices=[(one.value, one.value) for one in State], default=State.WAITING)
    outcome = models.CharField(max_length=12, blank=True, default="")
    trouble = models.CharField(max_length=40, blank=True, default="")  # a code
    ref = models.CharField(max_length=40, blank=True, default="")
    attached = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Answer], default=Answer.NONE)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["mailbox", "digest"], name="mailboxes_letter_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=State.WAITING), name="mailboxes_to_take"),
            models.Index(fields=["due_at"], condition=Q(answer=Answer.DUE), name="mailboxes_to_answer"),
            models.Index(fields=["sender", "at"], name="mailboxes_of_sender"),
            models.Index(fields=["at"], name="mailboxes_old"),
        ]
