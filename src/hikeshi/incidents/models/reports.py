"""Whoever reported a record, what was said to and fro, how satisfied they were; and how the site takes reports."""

from django.db import models
from django.db.models import Q

from hikeshi.accounts.models import Organisation, Person
from hikeshi.incidents.models.record import Part
from hikeshi.incidents.reporting import Knock, Purpose, Side, Via
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class Reporter(Part):
    """Their own words are personal: the ledger holds commitments only, and an erasure leaves none of them here.

    ``nonce`` and ``code`` are keyed digests: of the form, so that one posted twice is one report, and of what its
    reporter follows it with.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Purpose])
    via = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Via])
    name = models.TextField(blank=True, default="")
    contact = models.TextField(blank=True, default="")
    language = models.CharField(max_length=8)
    when_said = models.TextField(blank=True, default="")
    where_said = models.TextField(blank=True, default="")
    did = models.JSONField(default=list)
    likeness = models.CharField(max_length=40, blank=True, default="")
    form = models.UUIDField(null=True, blank=True)
    form_version = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=dict)  # to the questions of that version
    at = models.DateTimeField(default=now)
    nonce = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=64, unique=True, null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident"], name="incidents_one_reporter")]
        indexes = [models.Index(fields=["person", "-id"], name="incidents_own_reports")]


class Message(Part):
    """What the reporter reads, or wrote. Never rewritten. ``asks`` waits for an answer until ``settled_at``;
    ``spoken`` was said on the telephone; ``read_at``: the desk has taken note of it.
    """

    side = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Side])
    text = models.TextField()
    author = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)
    asks = models.BooleanField(default=False)
    spoken = models.BooleanField(default=False)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answered_by")
    settled_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    nonce = models.CharField(max_length=64, unique=True, null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["incident"],
                condition=Q(side=Side.REPORTER, read_at__isnull=True),
                name="incidents_message_unread",
            )
        ]


class Rating(Part):
    """How satisfied the reporter was, 1 to 5; once for each time the record was closed (``round``)."""

    round = models.PositiveSmallIntegerField(default=0)
    score = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=now)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "round"], name="incidents_rated_once"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="incidents_rating_range"),
        ]


class PortalTry(models.Model):
    """One try at the portal, kept for a day. ``place`` is a keyed digest of the network or person, never an address."""

    what = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Knock])
    place = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["what", "place", "-at"], name="incidents_tries"),
            models.Index(fields=["at"], name="incidents_tries_old"),
        ]


class ReportingRules(models.Model):
    """How this site takes reports. The highest number counts."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    open_to_all = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    answer_days = models.PositiveSmallIntegerField(default=14)
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)
