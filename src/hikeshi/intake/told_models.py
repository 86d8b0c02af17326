"""What an alert says, and the bytes it came in, as rows of their own."""

from django.db import models


class NormalForm(models.Model):
    """What an alert says, in OCSF's names. It is twice as long as the rest of the row, which every repeat writes anew;
    here it is written where it says something new.
    """

    alert = models.OneToOneField("intake.Alert", on_delete=models.CASCADE, primary_key=True, related_name="normal_form")
    normal = models.JSONField(default=dict)


class RawBody(models.Model):
    """Bytes as they came. Slot 0 is the first body of its alert; the others are a ring that the newest overwrites."""

    alert = models.ForeignKey("intake.Alert", on_delete=models.CASCADE, related_name="bodies", db_index=False)
    slot = models.SmallIntegerField()
    received_at = models.DateTimeField()
    content_type = models.CharField(max_length=200)
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "slot"], name="intake_one_body_per_slot")]
