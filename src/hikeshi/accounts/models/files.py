"""Files of rows that somebody brought, kept from their preview until they are carried out."""

from django.db import models

from hikeshi.accounts.models.people import Organisation, Person
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7


class ImportState(models.TextChoices):
    PREPARED = "prepared"
    GOING = "going"
    DONE = "done"
    FAILED = "failed"


class BroughtFile(models.Model):
    """One file, of people or of whatever a package above keeps. ``body`` is compressed, and let go once the file has
    been carried out; ``place`` counts the rows that were gone through, over all passes; ``person`` is who brought it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    body = models.BinaryField()
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.PREPARED)
    rows = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True, default="")
    error_line = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class PeopleFile(BroughtFile):
    """``leaving``: people missing from it who are put out of use once its rows are written, by uuid."""

    leaving = models.JSONField(default=list)
    deactivated = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="accounts_people_file_state")]


class StaffFile(BroughtFile):
    """A staff list that is compared with the directory. ``columns``: field to column, where somebody matched them by
    hand. ``picks``: the differences being applied, ``place`` of them done; ``refused``: those that could not be.
    ``deactivated``: people put out of use.
    """

    columns = models.JSONField(default=dict)
    picks = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    deactivated = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="accounts_staff_file_state")]
