from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def let_go(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was claimed without a source is up for taking again: consumed receipts keep it from being counted twice."""
    apps.get_model("inbox", "Claim").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial")]

    operations = [
        migrations.RunPython(let_go, migrations.RunPython.noop),
        migrations.AddField(
            model_name="claim",
            name="source",
            field=models.CharField(max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["source", "id"], name="inbox_source"),
        ),
    ]
