"""Who there is: organisations as a tree, people, teams, what each may do where, and the keys of machines."""

import unicodedata

from django.contrib.auth import hashers
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from hikeshi.accounts import names
from hikeshi.accounts.steps import Step
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World


class Language(models.TextChoices):
    JA = "ja"
    EN = "en"


class Theme(models.TextChoices):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Scope(models.TextChoices):
    INTAKE = "intake"
    SIGNED = "signed"  # a source's too: its maker signs with it and never sends it
    API = "api"


class Outcome(models.TextChoices):
    """OPEN counts as failed until it is settled: a crash in the middle must not hand out a free guess."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"


def every_language() -> list[str]:
    return list(Language.values)


class Site(models.Model):
    """One row. A site that is not live sends nothing outward (a restored backup starts so)."""

    name = models.CharField(max_length=200, default="Hikeshi")
    live = models.BooleanField(default=True)
    world = models.CharField(max_length=8, default=World.REAL)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.JA)
    time_zone = models.CharField(max_length=64, default="Asia/Tokyo")
    reading = models.CharField(max_length=20, blank=True, default="")  # whose words name the phases; empty: our own
    languages = models.JSONField(default=every_language)  # those offered; ``language`` is one of them
    notice = models.CharField(max_length=500, blank=True, default="")  # the message of the day, above every page
    currency = models.CharField(max_length=3, default="JPY")  # in which costs are written from now on
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="accounts_one_site")]


class Calendar(models.Model):
    """Business hours of a place, kept as people wrote them (hikeshi.calendars reads them). ``published``: holidays that
    calendars of others say, a line each, in order.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=200, unique=True)
    time_zone = models.CharField(max_length=64)
    hours = models.JSONField()  # seven lines, Monday first
    country = models.CharField(max_length=2, blank=True, default="")
    closings = models.TextField(blank=True, default="")
    specials = models.TextField(blank=True, default="")
    published = models.TextField(blank=True, default="", editable=False)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name"]


class Organisation(models.Model):
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    # "/1/5/": the ids from the root down to this one, so that a subtree is one prefix.
    path = models.CharField(max_length=500, default="", db_index=True)
    # Whose hours count here; none chosen: those of the organisation above.
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    retired_at = models.DateTimeField(null=True, blank=True)  # since then it takes in nothing new
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="accounts_organisation_name"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(parent__isnull=True), name="accounts_root_organisation_name"
            ),
        ]

    @property
    def depth(self) -> int:
        """0 for the topmost."""
        return max(self.path.count("/") - 2, 0)


class People(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=names.normalise(username or ""))


class Person(AbstractBaseUser):
    """Anyone who signs in. What they may do comes from grants alone; there is no flag that opens every door."""

    last_login = None  # sign-ins are kept as Attempt rows; Django would write this column behind the actions
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, blank=True, default="")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.JA)
    time_zone = models.CharField(max_length=64, default="Asia/Tokyo")
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    reading = models.CharField(max_length=20, blank=True, default="")  # empty: as the site
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = People()

    class Meta:
        ordering = ["username"]
        indexes = [models.Index(Lower("email"), name="accounts_person_email")]  # a file names thousands of them

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return names.normalise(username)

    def set_password(self, raw_password: str | None) -> None:
        """Full-width and half-width typing of one password are one password (NIST SP 800-63B-4 §3.1.1.2)."""
        super().set_password(None if raw_password is None else unicodedata.normalize("NFKC", raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Never rewrites the stored hash as Django does: that would be a write outside the actions."""
        return raw_password is not None and hashers.check_password(
            unicodedata.normalize("NFKC", raw_password), self.password
        )

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Role(models.Model):
    """A named set of verbs. The six built-in ones follow roles.py at every start; a site may add its own."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100, blank=True, default="")
    verbs = models.JSONField(default=list)
    requires_mfa = models.BooleanField(default=False)
    builtin = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]


class Grant(models.Model):
    """The person holds the role in the organisation and everything beneath it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="grants")
    granted_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "role", "organisation"], name="accounts_grant_once"),
        ]


class Team(models.Model):
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=200)
    people = models.ManyToManyField(Person, through="Membership", related_name="teams")
    retired_at = models.DateTimeField(null=True, blank=True)  # since then nothing new names it
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="accounts_team_name")]

    @property
    def lead(self) -> Person | None:
        """Asks nothing where the memberships were fetched with their people."""
        return next((one.person for one in self.memberships.all() if one.lead), None)


class Membership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    lead = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], name="accounts_membership_once"),
            models.UniqueConstraint(fields=["team"], condition=Q(lead=True), name="accounts_one_lead"),
        ]


class Token(models.Model):
    """A machine's key. Only the digest is kept; the secret was shown once. What signatures are checked with must be
    read again: it lies ``sealed``, and its digest is keyed, since people choose such secrets.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False)  # the last characters, to tell two keys apart on a page
    scope = models.CharField(max_length=8, choices=Scope.choices)
    source = models.CharField(max_length=64, blank=True, default="")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tokens")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="tokens")
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    sealed = models.TextField(blank=True, default="", editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            # An intake key is a source's, an API key is a person's; neither can become the other.
            models.CheckConstraint(
                condition=(Q(scope="intake", person__isnull=True, sealed="") & ~Q(source=""))
                | (Q(scope="signed", person__isnull=True) & ~Q(source="") & ~Q(sealed=""))
                | Q(scope="api", person__isnull=False, source=""),
                name="accounts_token_bound",
            ),
        ]


class Session(AbstractBaseSession):
    """A signed-in browser. ``session_key`` holds the digest of the cookie, so a copy of this table opens nothing."""

    session_key = models.CharField(max_length=64, primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    address = models.CharField(max_length=64, blank=True, default="")
    device = models.CharField(max_length=300, blank=True, default="")
    started_at = models.DateTimeField(default=now)
    acted_at = models.DateTimeField(default=now)


class Attempt(models.Model):
    """One try to sign in. What throttling counts, and what a person sees of who tried to be them."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    step = models.CharField(max_length=16, choices=[(step.value, step.value) for step in Step])
    account = models.CharField(max_length=64)  # keyed digest of the name typed: it may be a mistyped password
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="attempts")
    address = models.CharField(max_length=64)
    network = models.CharField(max_length=64)  # the address, or its /64 in IPv6, where one host owns them all
    device = models.CharField(max_length=300, blank=True, default="")
    known_device = models.CharField(max_length=32, blank=True, default="")  # a device that signed in as them before
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    proof = models.CharField(max_length=64, blank=True, default="")  # keyed digest of the one-time code that passed
    at = models.DateTimeField(default=now)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="accounts_attempt_account"),
            models.Index(fields=["network", "at"], name="accounts_attempt_network"),
            models.Index(fields=["person", "at"], name="accounts_attempt_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "proof"], condition=~Q(proof=""), name="accounts_code_once"),
        ]


class Invitation(models.Model):
    """A link an administrator hands over, good once and for a short time, to choose one's own password."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
