"""The normal form of an alert stands in a table of its own: a repeat that says nothing new does not write it again."""

import django.db.models.deletion
from django.db import migrations, models

_OVER = "INSERT INTO intake_normalform (alert_id, normal) SELECT id, normal FROM intake_alert ORDER BY id"
_BACK = (
    "UPDATE intake_alert SET normal = (SELECT normal FROM intake_normalform WHERE alert_id = intake_alert.id)"
    " WHERE EXISTS (SELECT 1 FROM intake_normalform WHERE alert_id = intake_alert.id)"
)


class Migration(migrations.Migration):
    dependencies = [("intake", "0016_said")]

    operations = [
        migrations.CreateModel(
            name="NormalForm",
            fields=[
                (
                    "alert",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="normal_form",
                        serialize=False,
                        to="intake.alert",
                    ),
                ),
                ("normal", models.JSONField(default=dict)),
            ],
        ),
        migrations.RunSQL(_OVER, _BACK),
        migrations.RemoveField(model_name="alert", name="normal"),
    ]
