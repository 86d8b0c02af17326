"""Rotas: what each version says, who is put in for a time, who is away, who asks whom to swap, who reads it where."""

from django.db import models
from django.db.models import F, Q

from hikeshi.accounts.models import Organisation, Person
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class SwapState(models.TextChoices):
    """A request that nobody answered in time expires when its turn begins, and is read so before the desk says it."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Rota(models.Model):
    """As its newest version says it. Layers name people by id and not by key: who is gone leaves a gap, not silence."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=2_000, blank=True, default="")
    time_zone = models.CharField(max_length=64)
    layers = models.JSONField(default=list)
    promise = models.JSONField(default=dict)  # when somebody has to be there; empty: always
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="oncall_rota_name")]


class RotaVersion(models.Model):
    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=2_000, blank=True, default="")
    time_zone = models.CharField(max_length=64)
    layers = models.JSONField(default=list)
    promise = models.JSONField(default=dict)
    why = models.CharField(max_length=500, blank=True, default="")
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["rota", "number"], name="oncall_rota_version")]


class Swap(models.Model):
    """``asker`` gives their turn from ``begins_at`` to ``ends_at`` away: to ``asked``, or to whoever takes it. What
    they take in return, if anything, stands in ``back_begins_at`` and ``back_ends_at``.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="swaps")
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    back_begins_at = models.DateTimeField(null=True, blank=True)
    back_ends_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=10, choices=SwapState.choices, default=SwapState.ASKED)
    asked_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="oncall_swap_lasts")]


class Cover(models.Model):
    """Somebody put in for a time, whoever's turn it is; the one said last counts. ``mark``: of what ``subscription``
    said of it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="covers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True, default="")
    swap = models.ForeignKey(Swap, on_delete=models.PROTECT, null=True, blank=True, related_name="covers")
    subscription = models.ForeignKey("Subscription", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    mark = models.CharField(max_length=64, blank=True, default="", editable=False)
    said_by = models.CharField(max_length=100)
    said_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["rota", "ends_at"], name="oncall_cover_time")]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="oncall_cover_lasts")]


class Absence(models.Model):
    """Somebody is not there, whatever rota asks for them. Why is their own business and kept nowhere. ``mark``: as in
    ``Cover``.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    substitute = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subscription = models.ForeignKey("Subscription", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    mark = models.CharField(max_length=64, blank=True, default="", editable=False)
    said_by = models.CharField(max_length=100)
    said_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["person", "ends_at"], name="oncall_absence_time")]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="oncall_absence_lasts")]


class DutyNotice(models.Model):
    """How many hours before their duty begins somebody is told of it; 0: not at all. No row: as the desk does it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    hours = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=now)


class Feed(models.Model):
    """An address at which a calendar program reads ``person``'s duty, or all of ``rota``. Only its digest is kept."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False)
    made_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
