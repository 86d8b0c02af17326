"""The way out, row by row: what is to be told, each way it takes, each try, and what holds it back."""

from django.db import models
from django.db.models import Q

from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from hikeshi.notify.messages import Purpose


class Course(models.TextChoices):
    """Where a message has come to."""

    WAITING = "waiting"
    GOING = "going"
    SENT = "sent"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    NOT_NEEDED = "not_needed"
    FAILED = "failed"
    KEPT = "kept"  # of a drill or a demonstration: it never leaves


class Leg(models.TextChoices):
    """Where one message on one way has come to. UNKNOWN: under way when the desk stopped, and not sent again."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    NOT_NEEDED = "not_needed"


class Outgoing(models.Model):
    """Something to be told to somebody. ``due_at``: when its ways are chosen next; none: nothing is left to choose."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.CharField(max_length=200, unique=True)
    purpose = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Purpose])
    subject = models.CharField(max_length=100)
    world = models.CharField(max_length=8, choices=[(one.value, one.value) for one in World])
    to = models.CharField(max_length=100, db_index=True)
    about = models.JSONField(default=dict)
    urgency = models.PositiveSmallIntegerField()
    ways = models.JSONField(default=list)
    repeat_seconds = models.PositiveIntegerField(null=True, blank=True)
    course = models.CharField(max_length=10, choices=Course.choices, default=Course.WAITING)
    due_at = models.DateTimeField(null=True, blank=True)
    rounds = models.PositiveIntegerField(default=0)  # how often its ways were chosen
    why = models.CharField(max_length=40, blank=True, default="")  # a code: why it ended so
    answer = models.CharField(max_length=20, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)  # when the first provider took it
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="notify_outgoing_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["subject", "purpose"], name="notify_outgoing_subject"),
            models.Index(fields=["ended_at"], name="notify_outgoing_ended"),
        ]


class Delivery(models.Model):
    """One message on one way, once a round. Claimed by one conditional UPDATE for as long as ``lease_until``."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    outgoing = models.ForeignKey(Outgoing, on_delete=models.CASCADE, related_name="deliveries")
    way = models.CharField(max_length=100)
    kind = models.CharField(max_length=12)
    round = models.PositiveIntegerField(default=1)
    urgency = models.PositiveSmallIntegerField()
    leg = models.CharField(max_length=10, choices=Leg.choices, default=Leg.WAITING)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    unknowns = models.PositiveSmallIntegerField(default=0)  # tries whose outcome nobody knows
    claim = models.UUIDField(null=True, blank=True, db_index=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=40, blank=True, default="")  # a code

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["outgoing", "way", "round"], name="notify_delivery_once"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="notify_delivery_due", condition=Q(leg="waiting")),
            models.Index(fields=["way"], name="notify_delivery_way", condition=Q(leg="waiting")),
            models.Index(fields=["lease_until"], name="notify_delivery_lease", condition=Q(leg="sending")),
        ]


class Try(models.Model):
    """The proof: one try to hand a delivery to its provider. ``together``: how many messages went out as one."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="proof")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=10)  # sent, failed, unknown
    error = models.CharField(max_length=40, blank=True, default="")  # a code
    status = models.PositiveIntegerField(null=True, blank=True)  # what the provider answered, as HTTP or SMTP number it
    provider_id = models.CharField(max_length=200, blank=True, default="")
    repeated = models.BooleanField(default=False)
    together = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]


class Answer(models.Model):
    """What somebody answered by the link or mail of one delivery; each choice once."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="answers")
    choice = models.CharField(max_length=20)
    door = models.CharField(max_length=8)  # link or mail
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "choice"], name="notify_answer_once")]


class Channel(models.Model):
    """How this site reaches a kind of way. ``sealed`` holds what nobody may read back, encrypted."""

    kind = models.CharField(max_length=12, unique=True)
    on = models.BooleanField(default=True)
    plain = models.JSONField(default=dict)
    sealed = models.TextField(blank=True, default="")
    per_minute = models.PositiveIntegerField(default=0)  # 0: as many as there are
    failures = models.PositiveIntegerField(default=0)  # in a row, of the channel itself and not of one address
    broken_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True, default="")  # a code
    worked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=100, blank=True, default="")
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["kind"]


class Bounds(models.Model):
    """One row. ``hosts``: those inside the network that may be called, one a line. ``window``: seconds for which
    messages to one way are gathered, once a few have gone out one by one.
    """

    hosts = models.TextField(blank=True, default="")
    window = models.PositiveIntegerField(default=20)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=100, blank=True, default="")
    changed_at = models.DateTimeField(default=now)


class Bucket(models.Model):
    """How much may go out on a way or a channel before it has to wait; survives a restart."""

    name = models.CharField(max_length=110, unique=True)  # way:<ref>, channel:<kind>
    tokens = models.FloatField()
    at = models.DateTimeField()


class OwnRules(models.Model):
    """Which way somebody wants taken when: lines as ``rules.Line`` reads them."""

    person = models.UUIDField(unique=True)
    lines = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=now)


class Mailbox(models.Model):
    """One row: how far the replies are read, and how the mailbox fares. Another ``validity``: numbered anew."""

    validity = models.PositiveBigIntegerField(default=0)
    uid = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    broken_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True, default="")  # a code
    read_at = models.DateTimeField(null=True, blank=True)
