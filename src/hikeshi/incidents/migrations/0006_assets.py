import django.db.models.deletion
import hikeshi.kernel.clock
import hikeshi.kernel.ids
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _copy(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Nothing has raised an urgency so far: what was asked is what stands there."""
    incidents = apps.get_model("incidents", "Incident").objects
    incidents.update(urgency_asked=models.F("urgency"))


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0001_initial"),
        ("incidents", "0005_reports"),
    ]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="urgency_asked",
            field=models.PositiveSmallIntegerField(default=2),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="incident",
            name="waived",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="incident",
            name="raised_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="assets.asset",
            ),
        ),
        migrations.RunPython(_copy, migrations.RunPython.noop),
        migrations.CreateModel(
            name="LinkedAsset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=hikeshi.kernel.ids.uuid7, editable=False, unique=True)),
                ("how", models.CharField(max_length=8)),
                ("value", models.CharField(blank=True, default="", max_length=500)),
                ("linked_by", models.CharField(max_length=100)),
                ("linked_at", models.DateTimeField(default=hikeshi.kernel.clock.now)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assets.asset"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=["asset", "incident"],
                        name="incidents_asset",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("incident", "asset"), name="incidents_asset_once")],
            },
        ),
    ]
