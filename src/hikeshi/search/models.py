"""What is found, and how far the engine has read. The words themselves lie in a table each database keeps its own way
(actions/tables.py); this one says whose they are.
"""

from django.db import models


class Document(models.Model):
    """One thing that can be found. It is written anew when its words change: the highest number changed last.

    ``kept``: its tokens, packed, where the database must be told what it is to forget.
    """

    kind = models.CharField(max_length=12)
    uuid = models.UUIDField()
    digest = models.CharField(max_length=64)
    kept = models.BinaryField(default=bytes)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "uuid"], name="search_document_once")]
        indexes = [models.Index(fields=["kind", "-id"], name="search_document_newest")]


class Progress(models.Model):
    """How far the index has come, one row; without it, it is to be built. ``entry``: of the ledger. ``reading``: how
    texts were read. ``building``: the kind that is read through just now, up to its row ``place``; empty when all are.
    ``rows``: what is followed by its rows, as the writer says.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    entry = models.BigIntegerField(default=0)
    reading = models.CharField(max_length=60)
    building = models.CharField(max_length=12, blank=True, default="")
    place = models.BigIntegerField(default=0)
    rows = models.JSONField(default=dict)
