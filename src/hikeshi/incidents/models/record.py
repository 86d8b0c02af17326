"""The record of an incident and its parts. Written by actions only; every part has a public uuid and, where it holds
personal text, the secret its commitments in the ledger are keyed with.
"""

from django.db import models
from django.db.models import Q

from hikeshi.accounts.models import Organisation, Person
from hikeshi.assets.models import Asset
from hikeshi.incidents.codes import (
    BY_RULES,
    SUSPECTED,
    Certainty,
    MomentKind,
    MomentSource,
    PhaseState,
    RecordClass,
    Status,
    Tlp,
)
from hikeshi.incidents.gates import At
from hikeshi.incidents.matrix import PriorityReason
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World

# Lists show what burns first: open records before resolved, resolved before closed.
STANDING = {Status.OPEN: 0, Status.RESOLVED: 1, Status.CLOSED: 2}


def person_ref(person: Person | None) -> str:
    """How facts and rows name a person; empty for nobody."""
    return f"person:{person.uuid}" if person is not None else ""


class Incident(models.Model):
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ref = models.CharField(max_length=24, unique=True)
    title = models.TextField()
    description = models.TextField(blank=True, default="")
    record_class = models.CharField(max_length=16, default=RecordClass.EVENT)
    # Who said so; empty while nobody has: a rule may open a record, but what it is, a person decides.
    class_by = models.CharField(max_length=100, blank=True, default="")
    class_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=40)
    kinds = models.PositiveIntegerField(default=0)  # the version of the kinds it was judged by: its words stay
    course = models.CharField(max_length=20)
    course_version = models.PositiveIntegerField(default=0)  # 0: as shipped. A record that runs keeps its course
    impact = models.PositiveSmallIntegerField()
    effect = models.PositiveSmallIntegerField()
    urgency = models.PositiveSmallIntegerField()
    # What a person or rule said, the asset that raised it above that, and the criticality a person has left aside.
    urgency_asked = models.PositiveSmallIntegerField()
    raised_by = models.ForeignKey(Asset, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    waived = models.PositiveSmallIntegerField(default=0)
    priority = models.PositiveSmallIntegerField()
    priority_reason = models.CharField(max_length=16, default=PriorityReason.BOTH)
    matrix = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=16, default=Status.OPEN)
    standing = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=20)  # the furthest open phase, or the last one: what lists show
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_incidents")
    owner_since = models.DateTimeField(null=True, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="incidents")
    restricted = models.BooleanField(default=False)
    tlp = models.CharField(max_length=16, default=Tlp.AMBER)
    world = models.CharField(max_length=8, default=World.REAL)
    waiting = models.CharField(max_length=16, blank=True, default="")
    waiting_since = models.DateTimeField(null=True, blank=True)
    waiting_until = models.DateTimeField(null=True, blank=True)  # the wait ends by itself then
    estimate = models.PositiveIntegerField(
        null=True, blank=True
    )  # minutes of work left beside its tasks; none: unknown
    # Part of another now: closed with it, and what comes in goes there. ``parent``: it belongs under another;
    # ``split_from``: it began as a part of that one.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="splits")
    resolution = models.TextField(blank=True, default="")
    reopened = models.PositiveIntegerField(default=0)
    opened_by = models.CharField(max_length=100)
    opened_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    moved_at = models.DateTimeField(default=now)  # when a person last did something about it, or wrote
    version = models.PositiveIntegerField(default=1)
    changed_at = models.JSONField(default=dict)  # field -> version that changed it last (see kernel.conflicts)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=5), name="incidents_priority_range"),
            models.CheckConstraint(
                condition=Q(impact__gte=1, impact__lte=3, effect__gte=1, effect__lte=3, urgency__gte=1, urgency__lte=3),
                name="incidents_level_range",
            ),
            models.CheckConstraint(condition=Q(status__in=[one.value for one in Status]), name="incidents_status"),
        ]
        indexes = [
            # With who sees a record behind the order, or counting fetches ten thousand of them.
            models.Index(
                fields=["standing", "priority", "-updated_at", "-id", "organisation", "restricted", "owner"],
                name="incidents_by_priority",
            ),
            models.Index(
                fields=["record_class", "standing", "priority", "-updated_at", "-id"], name="incidents_by_class"
            ),
            models.Index(
                fields=["kind", "standing", "priority", "-updated_at", "-id", "organisation", "restricted", "owner"],
                name="incidents_by_kind",
            ),
            # A column of the board, in its order.
            models.Index(
                fields=["standing", "phase", "priority", "-updated_at", "-id", "organisation", "restricted", "owner"],
                name="incidents_by_phase",
            ),
            models.Index(fields=["-updated_at", "-id"], name="incidents_by_update"),
            # Whatever figures count by stands in it: they read no record.
            models.Index(
                fields=[
                    *("standing", "opened_at", "organisation", "restricted", "owner"),
                    *("world", "kind", "priority", "record_class", "merged_into"),
                ],
                name="incidents_by_opening",
            ),
            # What stands in no counter of a day.
            models.Index(fields=["opened_at"], condition=Q(restricted=True), name="incidents_restricted_opened"),
            models.Index(fields=["owner", "standing"], name="incidents_by_owner"),
            models.Index(fields=["organisation", "standing"], name="incidents_by_organisation"),
            # Most records belong to no other: an index of all of them looks worthless to a database that has counted.
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="incidents_merged_into_some"
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="incidents_parent_some"),
            models.Index(fields=["split_from"], condition=Q(split_from__isnull=False), name="incidents_split_some"),
            models.Index(fields=["waiting_since"], condition=Q(waiting_since__isnull=False), name="incidents_waiting"),
            models.Index(fields=["waiting_until"], condition=Q(waiting_until__isnull=False), name="incidents_wait_due"),
        ]

    @property
    def subject(self) -> str:
        return f"incident:{self.uuid}"

    @property
    def suspected(self) -> bool:
        """A rule opened it, and no person has said yet what it is."""
        return self.opened_by == BY_RULES and not self.class_by and self.status == Status.OPEN

    @property
    def shown_class(self) -> str:
        """A label of the group of that name."""
        return SUSPECTED if self.suspected else self.record_class

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None


class Part(models.Model):
    """Anything that belongs to one incident."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class Phase(Part):
    code = models.CharField(max_length=20)
    place = models.PositiveSmallIntegerField()
    beside = models.BooleanField(default=False)
    in_course = models.BooleanField(default=True)  # false: of a course the record has left; its times stay
    state = models.CharField(max_length=8, default=PhaseState.PENDING)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "code"], name="incidents_phase_once")]
        indexes = [
            models.Index(fields=["code", "incident"], condition=Q(state=PhaseState.OPEN), name="incidents_phase_open")
        ]


class Gate(Part):
    """``check_code`` or ``people`` say what meets it; with neither, only ``asked_by`` can."""

    code = models.CharField(max_length=80)
    at = models.CharField(max_length=8, choices=[(one.value, one.value) for one in At])
    phase = models.CharField(max_length=20, blank=True, default="")
    check_code = models.CharField(max_length=40, blank=True, default="")
    people = models.PositiveSmallIntegerField(default=0)
    classes = models.JSONField(default=list)
    asked_by = models.CharField(max_length=100)
    place = models.PositiveSmallIntegerField(default=100)
    met_at = models.DateTimeField(null=True, blank=True)
    overridden_at = models.DateTimeField(null=True, blank=True)
    overridden_by = models.CharField(max_length=100, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "code", "asked_by"], name="incidents_gate_once")]


class Confirmation(models.Model):
    """One person's word that a gate's condition holds. Void once the record went back behind it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="confirmations")
    person = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)
    void_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "person"], condition=Q(void_at__isnull=True), name="incidents_confirm_once"
            )
        ]


class Participant(Part):
    """A person with a role in this incident. In a restricted one, nobody else sees it. ``until`` ends broken glass."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=40)
    added_at = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "person", "role"], name="incidents_role_once")]


class Task(Part):
    title = models.TextField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    start_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    after = models.JSONField(default=list)  # uuids of tasks that are to be done before
    milestone = models.UUIDField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=100, blank=True, default="")
    phase = models.CharField(max_length=20, blank=True, default="")
    estimate = models.PositiveIntegerField(null=True, blank=True)  # minutes of work left; none: unknown
    added_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["added_at", "id"]
        indexes = [
            models.Index(fields=["owner", "done_at"], name="incidents_task_owner"),
            models.Index(fields=["due_at"], condition=Q(done_at=None, due_at__isnull=False), name="incidents_task_due"),
        ]


class FactItem(Part):
    key = models.CharField(max_length=40)
    value = models.TextField(blank=True, default="")
    certainty = models.CharField(max_length=16, default=Certainty.CONFIRMED)
    set_by = models.CharField(max_length=100)
    set_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "key"], name="incidents_fact_once")]


class Moment(Part):
    """A time of the incident. Correcting one supersedes it; the old value stays."""

    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in MomentKind])
    at = models.DateTimeField()
    source = models.CharField(max_length=16, choices=[(one.value, one.value) for one in MomentSource])
    estimated = models.BooleanField(default=False)
    set_by = models.CharField(max_length=100)
    set_at = models.DateTimeField(default=now)
    reason = models.UUIDField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind"], condition=Q(superseded_at__isnull=True), name="incidents_moment_once"
            )
        ]


class Note(Part):
    text = models.TextField()
    author = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)


class Passage(Part):
    """Words that belong to an act: its reason, or the text it replaced. The ledger points here."""

    about = models.CharField(max_length=60)
    text = models.TextField()
    secret = models.CharField(max_length=64, default=new_secret, editable=False)


class Observable(Part):
    """A trace (address, hash, URL ...) or, with ``asset``, something of ours that is hit (host, user ...)."""

    type = models.CharField(max_length=40)
    value = models.TextField()
    digest = models.CharField(max_length=64)  # of type and value: values are too long for a unique index
    asset = models.BooleanField(default=False)
    tlp = models.CharField(max_length=16, default=Tlp.AMBER)
    first_seen = models.DateTimeField()
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["-asset", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "digest"], name="incidents_observable_once")]
        indexes = [models.Index(fields=["digest"], name="incidents_observable_same")]


class Link(Part):
    url = models.TextField()
    title = models.TextField(blank=True, default="")
    added_by = models.CharField(max_length=100)
    added_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["id"]


class AttachedAlert(Part):
    """An alert this incident holds. ``entry`` is the judgement that brought it: heard twice, it counts once."""

    alert = models.UUIDField()
    entry = models.BigIntegerField(null=True, blank=True, unique=True)
    attached_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["incident", "alert"], name="incidents_alert_once")]
        indexes = [models.Index(fields=["alert"], name="incidents_alert")]


class Numbering(models.Model):
    """The last reference given out, per world and year."""

    world = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["world", "year"], name="incidents_numbering_once")]
