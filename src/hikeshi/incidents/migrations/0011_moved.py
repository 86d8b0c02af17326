from django.db import migrations, models

import hikeshi.kernel.clock


class Migration(migrations.Migration):
    dependencies = [("incidents", "0010_alter_reporter_via")]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="moved_at",
            field=models.DateTimeField(default=hikeshi.kernel.clock.now),
        ),
        migrations.RunSQL("UPDATE incidents_incident SET moved_at = updated_at", migrations.RunSQL.noop),
    ]
