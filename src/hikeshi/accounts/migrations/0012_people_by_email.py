from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_teams_retire")]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(Lower("email"), name="accounts_person_email"),
        ),
    ]
