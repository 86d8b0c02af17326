"""Answers that were given before there was a table of them, a few hundred reports at a time, each portion whole: what
was interrupted goes on where it stopped.
"""

from dataclasses import asdict
from uuid import UUID

from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Exists, OuterRef

from hikeshi.incidents.answered import said

STEP = 500


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    answers = apps.get_model("incidents", "Answer").objects.using(alias)
    questions = apps.get_model("incidents", "Question").objects.using(alias)
    there = answers.filter(incident=OuterRef("incident"))
    rows = apps.get_model("incidents", "Reporter").objects.using(alias)
    rows = rows.filter(form__isnull=False, erased_at__isnull=True).exclude(answers={}).exclude(Exists(there))
    place, known = 0, dict[tuple[UUID, str], int]()
    while found := list(rows.filter(pk__gt=place).order_by("pk").only("pk", "incident", "form", "answers")[:STEP]):
        with transaction.atomic(using=alias):
            for asked in sorted({(one.form, key) for one in found for key in one.answers} - known.keys()):
                known[asked] = questions.get_or_create(form=asked[0], key=asked[1])[0].pk
            answers.bulk_create(
                (
                    answers.model(incident_id=one.incident_id, question_id=known[one.form, key], **asdict(each))
                    for one in found
                    for key, answer in one.answers.items()
                    for each in dict.fromkeys(said(answer))
                ),
                batch_size=500,
            )
        place = found[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("incidents", "0026_answers"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
