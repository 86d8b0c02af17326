from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0015_noise_report")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="said",
            field=models.CharField(db_default="", default="", max_length=32),
        ),
    ]
