"""Answers to common questions, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "knowledge.AnswerWritten": Sentence(_("Answer to a common question saved, version %(number)s.")),
    "knowledge.AnswerPublished": Sentence(_("Answer to a common question published, version %(number)s.")),
    "knowledge.AnswerWithdrawn": Sentence(_("Answer to a common question no longer published.")),
    "knowledge.AnswerMarked": Sentence(_("A reader said of an answer: %(mark)s."), labels={"mark": "answer_mark"}),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "answer_audience": {
        "signed_in": pgettext_lazy("answer_audience", "People with an account"),
        "everyone": pgettext_lazy("answer_audience", "Everybody who opens the portal"),
    },
    "answer_order": {
        "": pgettext_lazy("answer_order", "Newest or nearest first"),
        "solved": pgettext_lazy("answer_order", "What solved most"),
        "unhelped": pgettext_lazy("answer_order", "What helped least"),
        "review": pgettext_lazy("answer_order", "Next to be looked at again"),
    },
    "answer_mark": {
        "helped": pgettext_lazy("answer_mark", "it helped"),
        "unhelped": pgettext_lazy("answer_mark", "it did not help"),
        "solved": pgettext_lazy("answer_mark", "it solved it"),
    },
}
