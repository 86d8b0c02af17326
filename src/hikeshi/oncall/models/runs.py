"""Calls for help under way: the copied plan, what is due of it, and who was called."""

from django.db import models
from django.db.models import Q

from hikeshi.accounts.models import Organisation
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from hikeshi.oncall.escalation import DueKind, State


class Run(models.Model):
    """One call for help about ``subject``, which is opaque. ``plan`` is a copy: edits of a policy come too late for it.

    ``position`` is the next turn. ``reached`` counts people who were called since the beginning; ``trouble`` is the
    code of what went wrong last and is not mended by anything since.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    subject = models.CharField(max_length=100)
    ref = models.CharField(max_length=40)
    world = models.CharField(max_length=8, choices=[(one.value, one.value) for one in World])
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    priority = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    policy = models.CharField(max_length=100)  # the uuid of the policy, or the code of a shipped one
    plan = models.JSONField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State])
    position = models.PositiveIntegerField(default=0)
    called = models.PositiveIntegerField(default=0)  # rows of Call: the next one's number
    reached = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=20, blank=True, default="")
    began_by = models.CharField(max_length=100)
    began_at = models.DateTimeField(default=now)
    answered_by = models.CharField(max_length=100, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=~Q(state=State.STOPPED), name="oncall_one_run_of_a_subject"
            )
        ]
        indexes = [
            models.Index(fields=["subject", "-id"], name="oncall_run_subject"),
            # What is loudest on every page is asked for on every page.
            models.Index(fields=["state"], condition=~Q(trouble=""), name="oncall_run_trouble"),
        ]


class Due(models.Model):
    """Something of a run that happens at ``due_at``. Claimed by setting ``taken_at`` where it is empty."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="dues")
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in DueKind])
    position = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    priority = models.PositiveSmallIntegerField()  # of the run: what is most severe goes first
    taken_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(taken_at__isnull=True), name="oncall_due_open"),
        ]


class How(models.TextChoices):
    """Why somebody was called."""

    STEP = "step"
    ANYWAY = "anyway"
    HANDED = "handed"
    HELP = "help"
    ALARM = "alarm"  # to administrators: nobody was reached


class Call(models.Model):
    """Somebody who was called. ``owner`` is ``person:<uuid>`` or ``party:<uuid>``; ``instead_of`` whose deputy it is.

    ``trouble``: they were not reached, and why.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="calls")
    number = models.PositiveIntegerField()  # of the call for the run: the message's key
    how = models.CharField(max_length=8, choices=How.choices)
    step = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)
    owner = models.CharField(max_length=100, blank=True, default="")
    instead_of = models.CharField(max_length=100, blank=True, default="")
    message = models.CharField(max_length=64, blank=True, default="")
    trouble = models.CharField(max_length=20, blank=True, default="")
    target = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="oncall_call_once")]
        indexes = [models.Index(fields=["message"], condition=~Q(message=""), name="oncall_call_message")]
