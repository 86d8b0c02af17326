"""What was answered in forms of the site, as lists are narrowed by it. Follows from the reporters' rows, in the same
transaction, and can be made anew from them (actions/answers.py).
"""

from django.db import models
from django.db.models import Q

from hikeshi.incidents.answered import CODE
from hikeshi.incidents.models.record import Incident


class Question(models.Model):
    """One that was ever answered, whichever version of the form asked it."""

    form = models.UUIDField()
    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "key"], name="incidents_question_once")]


class Answer(models.Model):
    """One thing that was said to it; ``answered.Said`` says how. A long text has no ``words``: that is how it is found
    among the short ones.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=CODE, blank=True, default="")
    words = models.TextField(blank=True, default="")
    long = models.TextField(blank=True, default="")
    number = models.FloatField(null=True, blank=True)
    moment = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["question", "code", "incident"], name="incidents_answer_code"),
            models.Index(fields=["question", "words", "incident"], name="incidents_answer_words"),
            models.Index(
                fields=["question", "number", "incident"],
                condition=Q(number__isnull=False),
                name="incidents_answer_number",
            ),
            models.Index(
                fields=["question", "moment", "incident"],
                condition=Q(moment__isnull=False),
                name="incidents_answer_moment",
            ),
        ]
