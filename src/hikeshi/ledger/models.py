from django.db import models

from hikeshi.kernel.worlds import World


class Entry(models.Model):
    """One fact. Never changed, never deleted; the database refuses both (triggers.py)."""

    number = models.BigIntegerField(primary_key=True)
    fact = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField()
    body = models.TextField()
    subject = models.CharField(max_length=100)
    actor = models.CharField(max_length=100)
    at = models.DateTimeField()
    world = models.CharField(max_length=8, choices=[(world.value, world.value) for world in World])
    topics = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "number"], name="ledger_entry_subject"),
            models.Index(fields=["fact", "number"], name="ledger_entry_fact"),
        ]


class Head(models.Model):
    """The last entry's number and hash: one row, locked by whoever appends."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class Cursor(models.Model):
    """How far a reaction has read."""

    reaction = models.CharField(max_length=150, primary_key=True)
    number = models.BigIntegerField()


class Parked(models.Model):
    """An entry a reaction failed on, or one that waits behind such an entry of the same subject."""

    reaction = models.CharField(max_length=150)
    number = models.BigIntegerField()
    subject = models.CharField(max_length=100)
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    parked_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reaction", "number"], name="ledger_parked_once")]
        indexes = [models.Index(fields=["due_at"], name="ledger_parked_due")]


class Reading(models.Model):
    """The access log: who read what is sensitive. Append-only like the entries."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    subject = models.CharField(max_length=100)
    what = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="ledger_reading_subject")]


class Answer(models.Model):
    """What a request that carried an ``Idempotency-Key`` was answered (answers.py)."""

    caller = models.CharField(max_length=100)
    key = models.CharField(max_length=64)  # a digest: the key itself opens what is sealed
    request = models.CharField(max_length=64)
    sealed = models.BinaryField(default=bytes)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="ledger_answer_once")]
