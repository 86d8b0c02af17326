"""Chat tools, row by row: workspaces, who is who, what was heard, rooms, and what is to be done there."""

from django.db import models
from django.db.models import Q

from hikeshi.accounts.models import Person
from hikeshi.kernel.clock import now
from hikeshi.kernel.facts import new_secret
from hikeshi.kernel.ids import uuid7
from hikeshi.rooms.makers import Maker


class Workspace(models.Model):
    """One workspace of a chat tool. ``sealed`` holds what nobody may read back. ``makes_rooms``: for records of
    ``threshold`` or graver.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    maker = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Maker])
    name = models.CharField(max_length=100)
    on = models.BooleanField(default=False)
    plain = models.JSONField(default=dict)
    sealed = models.TextField(blank=True, default="")
    makes_rooms = models.BooleanField(default=False)
    threshold = models.PositiveSmallIntegerField(default=2)
    archives = models.BooleanField(default=True)
    rest_until = models.DateTimeField(null=True, blank=True)  # the provider asked to wait, or has trouble
    failures = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=40, blank=True, default="")  # a code
    worked_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=100, blank=True, default="")
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "id"]


class Link(models.Model):
    """Who somebody of a workspace is at the desk. ``chat_id`` as the tool names them. One that an administrator wrote
    down counts once the person has confirmed it: else whoever administers could act, and read, as anybody.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="links")
    chat_id = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="chat_links")
    linked_by = models.CharField(max_length=100)
    linked_at = models.DateTimeField(default=now)
    confirmed = models.BooleanField(default=False)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "chat_id"], name="rooms_link_once"),
            models.UniqueConstraint(fields=["workspace", "person"], name="rooms_link_of_person"),
        ]


class LinkCode(models.Model):
    """What a person types in the chat tool to say who they are: once, within minutes. Only its digest is kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class Heard(models.Model):
    """Something a chat tool delivered: what comes again is known. ``who`` is a keyed digest. Kept for two days."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    who = models.CharField(max_length=64)
    links = models.BooleanField(default=False)  # tried a code
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="rooms_heard_once")]
        indexes = [models.Index(fields=["workspace", "who", "at"], name="rooms_heard_who")]


class RoomState(models.TextChoices):
    MAKING = "making"
    OPEN = "open"
    CLOSED = "closed"
    FAILED = "failed"


class Room(models.Model):
    """The place where a workspace talks about one record. ``subject`` is the record's; ``place`` the tool's channel.
    ``asked``: accounts there that the desk asked in, and takes out again. ``topic``: what stands above the channel.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="rooms")
    subject = models.CharField(max_length=100)
    ref = models.CharField(max_length=24)
    state = models.CharField(max_length=8, choices=RoomState.choices, default=RoomState.MAKING)
    place = models.CharField(max_length=200, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")
    topic = models.CharField(max_length=250, blank=True, default="")
    asked = models.JSONField(default=list)
    trouble = models.CharField(max_length=40, blank=True, default="")  # a code
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "subject"], name="rooms_one_room")]
        indexes = [
            models.Index(fields=["subject"], name="rooms_room_subject"),
            models.Index(fields=["workspace", "place"], name="rooms_room_place"),
        ]


class Fate(models.TextChoices):
    """What became of a marked message in the chat tool."""

    STANDS = "stands"
    CHANGED = "changed"
    GONE = "gone"


class Mark(models.Model):
    """A message that was taken into the timeline: once, and as it stood then."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="marks")
    message = models.CharField(max_length=200)
    note = models.UUIDField()
    fate = models.CharField(max_length=8, choices=Fate.choices, default=Fate.STANDS)
    state = models.CharField(max_length=40, blank=True, default="")  # of its wording when it was taken
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "message"], name="rooms_mark_once")]


class ErrandKind(models.TextChoices):
    """What the desk does at a chat tool. What is said is worded when it is sent, for whoever reads it then."""

    MAKE = "make"
    INVITE = "invite"
    TOPIC = "topic"
    SAY = "say"
    CLOSE = "close"
    REOPEN = "reopen"
    FETCH = "fetch"  # a message somebody marked, into the timeline as theirs
    ANSWER = "answer"  # to one person; the words are in ``about`` until they are sent
    LOOK = "look"  # whether a message that was taken stands as it did, where the tool tells nobody
    CHECK = "check"


class ErrandState(models.TextChoices):
    WAITING = "waiting"
    GOING = "going"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


class Errand(models.Model):
    """One thing to do at a chat tool. Claimed by one conditional UPDATE for as long as ``lease_until``."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="errands")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, null=True, blank=True, related_name="errands")
    kind = models.CharField(max_length=8, choices=ErrandKind.choices)
    key = models.CharField(max_length=200, unique=True)
    about = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=ErrandState.choices, default=ErrandState.WAITING)
    due_at = models.DateTimeField(default=now)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True, default="")  # a code
    provider_id = models.CharField(max_length=200, blank=True, default="")
    queued_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_at"], name="rooms_errand_due", condition=Q(state="waiting")),
            models.Index(fields=["lease_until"], name="rooms_errand_lease", condition=Q(state="going")),
            models.Index(fields=["ended_at"], name="rooms_errand_ended"),
        ]
