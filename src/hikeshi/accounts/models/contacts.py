"""Whom to call: the ways to reach people and outside parties, how far each is proven, and in what order to call."""

from django.db import models
from django.db.models import Q

from hikeshi.accounts.models.people import Language, Organisation, Person
from hikeshi.accounts.ways import Kind, Proof, Trouble
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7


class PartyKind(models.TextChoices):
    """In the order a sheet lists them that nobody has put in another."""

    FORENSIC = "forensic"
    INSURER = "insurer"
    LAW_FIRM = "law_firm"
    CLOUD = "cloud"
    CONTRACTOR = "contractor"
    POLICE = "police"
    JPCERT = "jpcert"
    IPA = "ipa"
    AUTHORITY = "authority"
    PR = "pr"
    OTHER = "other"


class Who(models.TextChoices):
    """Whose a task is, where a service is shared with somebody outside."""

    US = "us"
    THEM = "them"
    SHARED = "shared"


class ContactRules(models.Model):
    """One row. When a proof is too old, how often the desk asks for a new one, and who looks after what is stale."""

    stale_days = models.PositiveSmallIntegerField(default=180)
    check_days = models.PositiveSmallIntegerField(default=90)  # 0: the desk asks nobody by itself
    answer_hours = models.PositiveSmallIntegerField(default=48)  # as long as the link it is answered by
    keeper = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    country = models.CharField(max_length=2, default="JP")  # whose telephone numbers need no country code
    remind_at = models.DateTimeField(null=True, blank=True)  # when keepers next hear of what is stale
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="accounts_one_contact_rules")]


class Card(models.Model):
    """What a person's entry in the directory says beyond their account. ``number``: the employee number they were
    found by in a staff list, as staff lists are compared (without leading zeros).
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="card")
    duty = models.CharField(max_length=200, blank=True, default="")
    hours = models.CharField(max_length=200, blank=True, default="")
    deputy = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="stands_in_for")
    number = models.CharField(max_length=64, blank=True, default="", db_index=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)


class Party(models.Model):
    """Somebody outside; ``under`` makes it a desk or a contact person of the one above. Two levels, no more."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="parties")
    under = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="desks")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=16, choices=PartyKind.choices, default=PartyKind.OTHER)
    name = models.CharField(max_length=200)
    duty = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.JA)
    time_zone = models.CharField(max_length=64, default="Asia/Tokyo")
    hours = models.CharField(max_length=200, blank=True, default="")
    deputy = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="stands_in_for")
    keeper = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="keeps")
    contract = models.TextField(blank=True, default="")
    contract_until = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    retired_at = models.DateTimeField(null=True, blank=True)
    desk = models.CharField(max_length=40, blank=True, default="")  # the public desk it was made of
    desk_edition = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(under__isnull=True), name="accounts_party_name"
            ),
            models.UniqueConstraint(
                fields=["under", "name"], condition=Q(under__isnull=False), name="accounts_desk_name"
            ),
        ]

    @property
    def ref(self) -> str:
        return f"party:{self.uuid}"


class Responsibility(models.Model):
    """One line of who does what for a service that is shared with the party."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="responsibilities")
    position = models.PositiveIntegerField(default=0)
    service = models.CharField(max_length=200)
    task = models.CharField(max_length=300)
    who = models.CharField(max_length=8, choices=Who.choices)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["position", "id"]


class StoredWay(models.Model):
    """``address`` is sealed where whoever knows it could write there (ways.SECRET); ``digest`` tells two apart."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="ways")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="ways")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Kind])
    address = models.TextField()
    digest = models.CharField(max_length=64, editable=False)
    label = models.CharField(max_length=100, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    hours = models.CharField(max_length=200, blank=True, default="")
    added_at = models.DateTimeField(default=now)
    proven_at = models.DateTimeField(null=True, blank=True, db_index=True)
    proof = models.CharField(max_length=16, blank=True, default="", choices=[(one.value, one.value) for one in Proof])
    trouble = models.CharField(
        max_length=16, blank=True, default="", choices=[(one.value, one.value) for one in Trouble]
    )
    trouble_at = models.DateTimeField(null=True, blank=True)
    check_at = models.DateTimeField(null=True, blank=True, db_index=True)  # when the desk next asks; none: it does not
    former = models.TextField(blank=True, default="")  # the address before this one, sealed where this one is
    former_until = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        db_table = "accounts_way"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, party__isnull=True) | Q(person__isnull=True, party__isnull=False),
                name="accounts_way_of_one",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "digest"], condition=Q(person__isnull=False), name="accounts_way_once"
            ),
            models.UniqueConstraint(
                fields=["party", "kind", "digest"], condition=Q(party__isnull=False), name="accounts_party_way_once"
            ),
        ]


class Check(models.Model):
    """The desk asked whether a way leads there; ``due_at`` is until when an answer is awaited."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    way = models.ForeignKey(StoredWay, on_delete=models.CASCADE, related_name="checks")
    asked_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)  # none: it is over
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["way"], condition=Q(due_at__isnull=False), name="accounts_one_check"),
        ]


class CallLine(models.Model):
    """One line of an organisation's call sheet, in the order to call."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="call_lines")
    position = models.PositiveIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "position"], name="accounts_call_order"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, party__isnull=True) | Q(person__isnull=True, party__isnull=False),
                name="accounts_call_one",
            ),
        ]
