"""The list of answers to take away, as it is narrowed on the page."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from hikeshi.knowledge.queries import Line
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.lists import Column
from hikeshi.web.settings.answers import shown
from hikeshi.web.settings.answers.forms import Stands

Row = tuple[Line, str]
"""With the owner's name."""
COLUMNS: Sequence[Column[Row]] = (
    Column("question_ja", _("Question in Japanese"), lambda it: it[0].said.question_ja),
    Column("question_en", _("Question in English"), lambda it: it[0].said.question_en),
    Column("answer_ja", _("Answer in Japanese"), lambda it: it[0].said.answer_ja),
    Column("answer_en", _("Answer in English"), lambda it: it[0].said.answer_en),
    Column("keywords", _("Other words for it"), lambda it: it[0].said.keywords),
    Column("audience", _("Who reads it"), lambda it: it[0].said.audience, "answer_audience"),
    Column("published", _("Version shown to people"), lambda it: it[0].published),
    Column("newest", _("Newest version"), lambda it: it[0].newest),
    Column("owner", _("Owner"), lambda it: it[1]),
    Column("review", _("Look at it again by"), lambda it: it[0].said.review),
    Column("solved", _("Solved it"), lambda it: it[0].solved),
    Column("helped", _("Helped"), lambda it: it[0].helped),
    Column("unhelped", _("Did not help"), lambda it: it[0].unhelped),
    Column("uuid", _("Identifier"), lambda it: str(it[0].uuid)),
)


def _rows(request: SignedIn) -> lists.Pages[Row]:
    return [shown.lines(request.actor, Stands(request.GET))]


taken = lists.view(lists.List("answers", _("Answers to common questions"), COLUMNS), _rows)
