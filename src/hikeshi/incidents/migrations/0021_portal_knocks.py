from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0020_restricted_opened")]

    operations = [
        migrations.AlterField(
            model_name="portaltry",
            name="what",
            field=models.CharField(
                choices=[
                    ("report", "report"),
                    ("follow", "follow"),
                    ("write", "write"),
                    ("also", "also"),
                    ("look", "look"),
                ],
                max_length=8,
            ),
        ),
    ]
