"""Alerts and what surrounds them: the bodies they came in, what could not be read, receipts worked through, counts.

`digesting` writes alerts and bodies with plain SQL, thousands a second; columns here and there change together.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from hikeshi.accounts.models import Organisation
from hikeshi.intake import normalise
from hikeshi.intake.calm_models import Benign as Benign
from hikeshi.intake.calm_models import Flap as Flap
from hikeshi.intake.calm_models import FlapTerms as FlapTerms
from hikeshi.intake.calm_models import NoiseTerms as NoiseTerms
from hikeshi.intake.inhibition_models import Inhibition as Inhibition
from hikeshi.intake.inhibition_models import InhibitionSide as InhibitionSide
from hikeshi.intake.inhibition_models import InhibitionTurn as InhibitionTurn
from hikeshi.intake.normalise import State
from hikeshi.intake.silences import RULE, Every, Terms
from hikeshi.intake.site_rules import RuleState
from hikeshi.intake.site_sources import SourceState
from hikeshi.intake.told_models import NormalForm as NormalForm
from hikeshi.intake.told_models import RawBody as RawBody
from hikeshi.intake.topic_models import Topic as Topic
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World

BODIES = 5
"""Bodies kept per alert besides the first, the newest of them."""


class Severity(models.IntegerChoices):
    """OCSF severity_id."""

    INFORMATIONAL = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5
    FATAL = 6


class Alert(models.Model):
    """One real thing a source reports, however often it does."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    world = models.CharField(max_length=8, default=World.REAL)
    source = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=500)
    severity = models.SmallIntegerField(choices=Severity)
    status = models.CharField(max_length=8, default=State.FIRING)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    firing_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    count = models.BigIntegerField(default=1)
    fired = models.IntegerField(default=0)
    verdict = models.CharField(max_length=6, default=Verdict.KEEP)
    rule = models.CharField(max_length=80)
    rule_version = models.IntegerField(default=1)
    reason = models.TextField(default="{}")  # JSON: language -> sentence; a person's own words under ""
    announced = models.BooleanField(default=False)  # a fact of the ledger speaks of this row
    secret = models.CharField(max_length=32, default="")  # made when a person's reason needs a commitment
    entity = models.CharField(max_length=32, default="")  # digest of what it is about: kind and the rule's group
    case = models.CharField(max_length=80, default="")  # opaque: who holds it is known above
    case_ref = models.CharField(max_length=40, default="")
    case_open = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    observables = models.JSONField(default=list)
    words = models.TextField(default="")  # title and observables, folded, for the search box
    said = models.CharField(max_length=32, default="", db_default="")  # what describes it, by name (`repeats`)

    class Meta:
        indexes = [
            models.Index(fields=["-last_seen", "-id"], name="intake_alert_newest"),
            # What waits for a decision; with who sees it behind the order, or counting fetches ten thousand of them.
            models.Index(
                fields=["verdict", "case", "-last_seen", "-id", "organisation", "restricted"],
                name="intake_alert_undecided",
            ),
            # With the organisation, or SQLite takes the index of that one and walks through all a site ever received.
            models.Index(
                fields=["case", "organisation", "-last_seen", "-id"],
                name="intake_alert_of_case",
                condition=~Q(case=""),
            ),
            models.Index(
                fields=["case_ref", "organisation", "-last_seen", "-id"],
                name="intake_alert_of_ref",
                condition=~Q(case=""),
            ),
            models.Index(fields=["entity"], name="intake_alert_entity", condition=~Q(entity="")),
        ]

    @property
    def normal(self) -> dict[str, object]:
        """What it says in OCSF's names. One query, unless `with_normal` read it along."""
        found: NormalForm | None = getattr(self, "normal_form", None)
        return found.normal if found is not None else {}

    @property
    def told(self) -> dict[str, object]:
        """Its normal form with the times of its first and newest sighting; the row keeps those of the report that
        described it.
        """
        return normalise.dated(self.normal, self.first_seen, self.last_seen)


class Receipt(models.Model):
    """A receipt worked through, written in the transaction of its alerts: a crash repeats work, never counts twice."""

    receipt = models.UUIDField(primary_key=True)
    alerts = models.IntegerField()
    at = models.DateTimeField(db_index=True)


class CaseMember(models.Model):
    """Who may see the alerts of a restricted case. ``case`` is opaque."""

    case = models.CharField(max_length=80)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="intake_one_membership")]


class Parked(models.Model):
    """What is JSON but could not be mapped, kept until a mended mapping reads it or a person lets it go."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    world = models.CharField(max_length=8, default=World.REAL)
    source = models.CharField(max_length=40)
    receipt = models.UUIDField()
    received_at = models.DateTimeField()
    content_type = models.CharField(max_length=200)
    body = models.BinaryField()
    alerts = models.IntegerField(default=1)
    error = models.CharField(max_length=40)  # a code
    detail = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["-received_at", "-id"], name="intake_parked_newest")]


class Heard(models.Model):
    """What each source has sent for each organisation. Exact: changed in the transaction of what it counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=40)
    last_at = models.DateTimeField()
    digested = models.BigIntegerField(default=0)  # alerts, parked ones included
    rows = models.BigIntegerField(default=0)  # rows of Alert ever made
    parked = models.BigIntegerField(default=0)  # alerts put aside and not read since

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "source"], name="intake_one_count_per_source")]


class HeardHour(models.Model):
    """When a source was heard: ``hour`` counts from 1970, each bit of ``slots`` is five minutes of it (`rhythm`). Noted
    by the desk's loop, which looks each five minutes when a source was heard last: the digest has nothing to do for it.
    """

    source = models.CharField(max_length=40)
    hour = models.IntegerField()
    slots = models.SmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "hour"], name="intake_one_row_per_hour")]
        indexes = [models.Index(fields=["hour"], name="intake_heard_hour")]


class Rhythm(models.Model):
    """When a source's next word is due at the latest, learned from what it did until ``heard_at``. Without ``due_at``
    too little is known of it.
    """

    code = models.CharField(max_length=40, unique=True)
    heard_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    learned_at = models.DateTimeField()


class SeenBefore(models.Model):
    """How many alerts of an organisation named a thing, those of restricted records left out. ``key`` is a digest of
    its type and value, ``fingerprint`` the newest of these alerts; ``last_at`` is unknown where that one is hidden now.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=32)
    alerts = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="intake_one_row_per_thing")]
        indexes = [models.Index(fields=["last_at"], name="intake_seen_last")]


class SiteRule(models.Model):
    """A rule of the site's own, or its word on a shipped one of the same code. What it says is in its versions.

    ``live`` is the version that judges; 0 where none does: a draft, what is off, or a shipped rule left as it is.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=8, default=RuleState.DRAFT)
    newest = models.PositiveIntegerField(default=0)
    live = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=100, default="")  # person:<uuid>, team:<uuid>, or a code of the shipped rules
    review = models.DateField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)  # when that day begins at the site
    fault = models.CharField(max_length=8, default="")  # why the desk itself switched it off


class RuleVersion(models.Model):
    """What a rule said from one save to the next. Never changed: a roll-back is a new version."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    rule = models.ForeignKey(SiteRule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title_en = models.CharField(max_length=200)
    title_ja = models.CharField(max_length=200)
    sigma = models.TextField()
    rank = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=6)
    kind = models.CharField(max_length=40, default="")
    impact = models.PositiveSmallIntegerField()
    effect = models.PositiveSmallIntegerField()
    urgency = models.PositiveSmallIntegerField()
    reason_en = models.TextField()
    reason_ja = models.TextField()
    why = models.TextField(default="")
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField()
    secret = models.CharField(max_length=32, default=new_secret, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="intake_one_rule_version")]


class SiteSource(models.Model):
    """A source the site mapped itself, or its own words for a shipped one of that code. The newest version reads."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=8, default=SourceState.ON)
    newest = models.PositiveIntegerField(default=0)


class SourceVersion(models.Model):
    """What a source said from one save to the next. Never changed: a roll-back is a new version."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    source = models.ForeignKey(SiteSource, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title_en = models.CharField(max_length=200)
    title_ja = models.CharField(max_length=200)
    text = models.TextField()
    why = models.TextField(default="")
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField()
    secret = models.CharField(max_length=32, default=new_secret, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="intake_one_source_version")]


class SourceWatch(models.Model):
    """How long a source may say nothing, and who hears of it then. Without a row or days that is learned from its past,
    and until enough is known a week; without an owner whoever keeps sources hears of it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=40, unique=True)
    quiet_days = models.PositiveSmallIntegerField(null=True)  # 0: it may be silent for ever
    owner = models.CharField(max_length=100, default="")  # person:<uuid>, team:<uuid>


class Silence(models.Model):
    """What is held for a while, and why. Its conditions never change: who wants others ends it and sets another.

    ``due_at`` is the end of the window that holds, or comes next: then what still fires speaks.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # and those below it
    title = models.CharField(max_length=200)
    matchers = models.TextField()
    reason = models.TextField()
    owner = models.CharField(max_length=100, default="")  # person:<uuid>, team:<uuid>
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    every = models.CharField(max_length=4, default=Every.ONCE)
    until = models.DateTimeField(null=True)
    zone = models.CharField(max_length=60)
    made_by = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # over for good: by somebody, or by time
    due_at = models.DateTimeField(null=True, db_index=True)
    secret = models.CharField(max_length=32, default=new_secret, editable=False)

    class Meta:
        indexes = [models.Index(fields=["-made_at", "-id"], name="intake_silence_newest")]

    @property
    def rule(self) -> str:
        """What stands on its alerts where a rule's code does."""
        return f"{RULE}{self.uuid}"

    @property
    def terms(self) -> Terms:
        return Terms(
            self.title,
            self.matchers,
            self.reason,
            self.owner,
            self.starts_at,
            self.ends_at,
            Every(self.every),
            self.until,
        )


class RuleHits(models.Model):
    """How often a rule decided, by the digest's day; ``day`` 0001-01-01 holds the sum of all days."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=80)
    day = models.DateField()
    hits = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "day", "organisation"], name="intake_one_count_per_rule")
        ]


class CorrelationGroup(models.Model):
    """What a correlation keeps of one group between batches. ``due_at``: from then on it can find nothing more."""

    key = models.CharField(max_length=32, unique=True)
    rule = models.CharField(max_length=80)
    state = models.TextField()
    due_at = models.DateTimeField(db_index=True)


class Together(models.Model):
    """Why a correlation decided over an alert: what it shares with which others, and when. Goes with the alert."""

    alert = models.OneToOneField(Alert, on_delete=models.CASCADE, related_name="together")
    rule = models.CharField(max_length=80)
    rule_version = models.IntegerField()
    shared = models.JSONField()  # [[field or kind of entity, value]]
    members = models.JSONField()  # uuid of an alert -> name of the signal it was
    since = models.DateTimeField()
    until = models.DateTimeField()
    count = models.IntegerField()  # times, of which the newest alerts are members


class Correction(models.Model):
    """A person overruled a rule on one alert. Withdrawn when somebody gives the rule its verdict back."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="corrections")
    rule = models.CharField(max_length=80)
    rule_version = models.IntegerField()
    before = models.CharField(max_length=6)
    after = models.CharField(max_length=6)
    reason = models.TextField()
    made_by = models.CharField(max_length=100)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["rule", "-at"], name="intake_correction_of_rule")]


class Stamp(models.Model):
    """Changes with what it names, so that every process sees at a glance whether what it holds is still in force."""

    name = models.CharField(max_length=20, primary_key=True)
    stamp = models.UUIDField()
