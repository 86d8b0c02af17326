import django.db.models.deletion
from django.db import migrations, models

import hikeshi.kernel.clock


class Migration(migrations.Migration):
    dependencies = [
        ("oncall", "0005_policy_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="DutyNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hours", models.PositiveSmallIntegerField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(default=hikeshi.kernel.clock.now)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.person"
                    ),
                ),
            ],
        ),
    ]
