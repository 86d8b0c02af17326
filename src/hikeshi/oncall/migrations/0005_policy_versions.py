from django.apps.registry import Apps
import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import hikeshi.kernel.clock

PLAIN = ("name", "steps", "priorities", "kinds", "hours", "repeats", "patience", "timeout", "why_ja", "why_en")


def keep_what_is_in_force(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Versions begin with what each policy says now."""
    policies = apps.get_model("oncall", "Policy").objects.select_related("organisation", "follow")
    versions = apps.get_model("oncall", "PolicyVersion")
    for row in policies.iterator():
        others = {
            "organisation": str(row.organisation.uuid) if row.organisation else None,
            "follow": str(row.follow.uuid) if row.follow else None,
        }
        versions.objects.create(
            policy=row,
            number=row.version,
            terms={**{name: getattr(row, name) for name in PLAIN}, **others},
            retired=row.retired_at is not None,
            told=False,
            made_by=row.changed_by,
            at=row.changed_at,
        )


class Migration(migrations.Migration):
    dependencies = [("oncall", "0004_swaps_expire")]

    operations = [
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("terms", models.JSONField()),
                ("retired", models.BooleanField(default=False)),
                ("why", models.CharField(blank=True, default="", max_length=500)),
                ("told", models.BooleanField(default=True)),
                ("made_by", models.CharField(max_length=100)),
                ("at", models.DateTimeField(default=hikeshi.kernel.clock.now)),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="oncall.policy"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [models.UniqueConstraint(fields=("policy", "number"), name="oncall_policy_version")],
            },
        ),
        migrations.RunPython(keep_what_is_in_force, migrations.RunPython.noop),
    ]
