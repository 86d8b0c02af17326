from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_public_desks")]

    operations = [
        migrations.AddField(
            model_name="team",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
