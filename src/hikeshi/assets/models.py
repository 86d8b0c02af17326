"""Services, systems, devices and what is known of them. Written by actions only."""

from django.db import models
from django.db.models import Q

from hikeshi.accounts.models import BroughtFile, Organisation, Person, Team
from hikeshi.assets.codes import Criticality, IdentifierType, Kind
from hikeshi.assets.intelligence.codes import ListState, Sort
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class Asset(models.Model):
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Kind])
    name = models.CharField(max_length=200)
    called = models.CharField(max_length=400)  # the name folded: what is unique, sorted and matched
    number = models.CharField(max_length=200, blank=True, default="")
    criticality = models.PositiveSmallIntegerField(default=Criticality.ORDINARY)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    place = models.CharField(max_length=200, blank=True, default="")
    data = models.JSONField(default=list)
    public = models.BooleanField(default=False)  # a service people outside know: whoever reports may name it
    persons = models.PositiveIntegerField(null=True, blank=True)
    rto = models.PositiveIntegerField(null=True, blank=True)
    rpo = models.PositiveIntegerField(null=True, blank=True)
    minimum_level = models.TextField(blank=True, default="")
    substitute = models.TextField(blank=True, default="")
    restored_on = models.DateField(null=True, blank=True)
    restored_by = models.CharField(max_length=200, blank=True, default="")
    restore_note = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.JSONField(default=dict)  # field -> version that changed it last (see kernel.conflicts)
    words = models.TextField(default="")  # name, number, place and identifiers, folded, for the search box
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(criticality__gte=1, criticality__lte=4), name="assets_criticality_range"
            ),
            models.UniqueConstraint(
                fields=["organisation", "called"], condition=Q(retired_at__isnull=True), name="assets_name_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "number"],
                condition=Q(retired_at__isnull=True) & ~Q(number=""),
                name="assets_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["-criticality", "called", "id"], name="assets_gravest"),
            models.Index(fields=["called", "id"], name="assets_by_name"),
        ]

    @property
    def subject(self) -> str:
        return f"asset:{self.uuid}"


class Identifier(models.Model):
    """``key`` is the one spelling (see identifiers); every asset also has a row for its own name, without a type."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="identifiers")
    type = models.CharField(
        max_length=8, blank=True, default="", choices=[(one.value, one.value) for one in IdentifierType]
    )
    value = models.CharField(max_length=500)
    key = models.CharField(max_length=540)

    class Meta:
        ordering = ["type", "value", "id"]
        constraints = [models.UniqueConstraint(fields=["asset", "key"], name="assets_identifier_once")]
        indexes = [models.Index(fields=["key"], name="assets_identifier_key")]


class Dependency(models.Model):
    """``asset`` cannot work without ``needs``. Two may need each other."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="needing")
    needs = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="needed_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "needs"], name="assets_dependency_once")]


class Import(BroughtFile):
    """A file of assets."""

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="assets_import_state")]


class IndicatorList(models.Model):
    """Indicators from one file. ``widths`` are those of the networks in it, by which addresses are looked up."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # and those below it
    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=200, blank=True, default="")
    tlp = models.CharField(max_length=16)
    form = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    count = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)
    widths = models.JSONField(default=list)
    state = models.CharField(max_length=8, default=ListState.FILLING)
    made_by = models.CharField(max_length=100)
    made_at = models.DateTimeField(default=now)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        indexes = [models.Index(fields=["-made_at", "-id"], name="assets_indicators_newest")]


class Indicator(models.Model):
    """``key`` is the digest of sort and value: what is unique and looked up."""

    list = models.ForeignKey(IndicatorList, on_delete=models.CASCADE, related_name="indicators")
    sort = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Sort])
    value = models.TextField()
    key = models.CharField(max_length=32)
    until = models.DateTimeField(null=True, blank=True)
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "key"], name="assets_value_once")]
        indexes = [models.Index(fields=["key"], name="assets_value_key")]


class IndicatorFile(BroughtFile):
    """A large file of indicators on its way into its ``list``. ``rows``: its values, once it was gone through to its
    end; ``place`` of them are in the list. ``told``: what the sentence of its ``error`` needs.
    """

    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=200, blank=True, default="")
    tlp = models.CharField(max_length=16, blank=True, default="")
    until = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    told = models.JSONField(default=dict)
    list = models.OneToOneField(IndicatorList, on_delete=models.CASCADE, null=True, related_name="file")

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="assets_indicator_file_state")]

    @property
    def percent(self) -> int:
        return self.place * 100 // max(self.rows, 1)


class IndicatorPiece(models.Model):
    """Some of the bytes of such a file, compressed."""

    file = models.ForeignKey(IndicatorFile, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="assets_piece_once")]


class Loaded(models.Model):
    """A catalogue as it was loaded last. ``text`` is what the desk uses of it, as JSON."""

    which = models.CharField(max_length=8, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    version = models.CharField(max_length=40, blank=True, default="")
    count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    text = models.TextField()
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField()
