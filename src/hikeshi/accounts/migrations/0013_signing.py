from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_people_by_email")]

    operations = [
        migrations.AddField("token", "sealed", models.TextField(blank=True, default="", editable=False)),
        migrations.AlterField(
            "token",
            "scope",
            models.CharField(choices=[("intake", "Intake"), ("signed", "Signed"), ("api", "Api")], max_length=8),
        ),
        migrations.RemoveConstraint("token", "accounts_token_bound"),
        migrations.AddConstraint(
            "token",
            models.CheckConstraint(
                condition=(Q(scope="intake", person__isnull=True, sealed="") & ~Q(source=""))
                | (Q(scope="signed", person__isnull=True) & ~Q(source="") & ~Q(sealed=""))
                | Q(scope="api", person__isnull=False, source=""),
                name="accounts_token_bound",
            ),
        ),
    ]
