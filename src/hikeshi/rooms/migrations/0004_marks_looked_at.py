from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0003_rooms_told_and_marks")]

    operations = [
        migrations.AddField(
            model_name="mark",
            name="state",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AlterField(
            model_name="errand",
            name="kind",
            field=models.CharField(
                choices=[
                    ("make", "Make"),
                    ("invite", "Invite"),
                    ("topic", "Topic"),
                    ("say", "Say"),
                    ("close", "Close"),
                    ("reopen", "Reopen"),
                    ("fetch", "Fetch"),
                    ("answer", "Answer"),
                    ("look", "Look"),
                    ("check", "Check"),
                ],
                max_length=8,
            ),
        ),
    ]
