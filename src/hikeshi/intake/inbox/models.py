"""Accepted bodies on their way to the digest. One PostgreSQL table, or a SQLite file of its own.

The door and the digest write here with plain SQL (``writer.py``, ``claims.py``): thousands of rows a second.
"""

from django.db import models


class Item(models.Model):
    """One accepted request, until it is digested. Order is the order of acceptance."""

    receipt = models.UUIDField()
    source = models.CharField(max_length=64)
    organisation_id = models.BigIntegerField()
    content_type = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    world = models.CharField(max_length=8)
    alerts = models.IntegerField()
    size = models.IntegerField()
    body = models.BinaryField()  # last: SQLite then finds the other columns without reading it

    class Meta:
        indexes = [models.Index(fields=["source", "id"], name="inbox_source")]


class Key(models.Model):
    """What an Idempotency-Key was answered with, for a day. ``digest`` covers token, source and key."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    body_digest = models.BinaryField(max_length=32)
    receipt = models.UUIDField()
    alerts = models.IntegerField()
    at = models.DateTimeField(db_index=True)


class Claim(models.Model):
    """A run of one source's items one digester has taken. It covers ids ``first`` to ``last``; ``owner`` "": free.

    A run, not a mark on every item: rewriting rows that hold bodies would cost more than digesting them.
    """

    source = models.CharField(max_length=64)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    owner = models.CharField(max_length=200)
    until = models.DateTimeField()
    tries = models.IntegerField()  # digesters that took it and were never heard of again


class Run(models.Model):
    """The same of a stream (``jetstream/runs.py``): numbers of it from ``first`` to ``last``. ``bodies`` and ``alerts``
    are what lies between, for whoever reads it again and for the count.
    """

    source = models.CharField(max_length=64)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    bodies = models.IntegerField()
    alerts = models.IntegerField()
    owner = models.CharField(max_length=200)
    until = models.DateTimeField()
    tries = models.IntegerField()
    course = models.CharField(max_length=8, db_index=True)


class Lane(models.Model):
    """Up to which number of the stream a source's bodies are in a run, or were."""

    source = models.CharField(max_length=64, primary_key=True)
    claimed = models.BigIntegerField()


class Lease(models.Model):
    """Which engine runs a loop that only one may run at a time."""

    loop = models.CharField(max_length=32, primary_key=True)
    owner = models.CharField(max_length=200)
    until = models.DateTimeField()


class Counter(models.Model):
    """Totals since the site began, changed in the transaction of the rows they count: "accepted", "taken"."""

    name = models.CharField(max_length=32, primary_key=True)
    value = models.BigIntegerField(default=0)


class Beat(models.Model):
    """When a loop of the engine last did a round without failing."""

    loop = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
    error = models.CharField(max_length=500, blank=True)
