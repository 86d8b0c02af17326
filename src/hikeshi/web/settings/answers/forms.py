"""An answer to a common question, on the page where it is written."""

from datetime import timedelta

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikeshi.intake.queries import ruling
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.knowledge.drafts import LINE, TEXT, WHY, WORDS, AnswerDraft, Audience
from hikeshi.phrases import labels
from hikeshi.web import filtering
from hikeshi.web.choosing import offer
from hikeshi.web.settings.saving import Versioned

HALF_A_YEAR = timedelta(days=182)


class Stands(filtering.Filters):
    TABS = (
        "stand",
        (
            ("all", _("All")),
            ("published", _("Shown to people")),
            ("newer", _("A newer version waits")),
            ("unpublished", _("Not published")),
            ("due", _("To be looked at again")),
        ),
    )

    q = forms.CharField(label=_("Words of question or answer"), required=False, max_length=200)
    stand = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    order = forms.ChoiceField(label=_("Order"), required=False)

    def prepare(self) -> None:
        offer(self, "stand", [(code, code) for code, _word in self.TABS[1]])
        offer(self, "order", labels.choices("answer_order"))


class Write(Versioned):
    question_ja = forms.CharField(label=_("Question in Japanese"), max_length=LINE)
    question_en = forms.CharField(label=_("Question in English"), max_length=LINE)
    answer_ja = forms.CharField(
        label=_("Answer in Japanese"),
        max_length=TEXT,
        help_text=_("Markdown is possible: lists, bold, links."),
        widget=forms.Textarea(attrs={"rows": 8, "lang": "ja"}),
    )
    answer_en = forms.CharField(
        label=_("Answer in English"),
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "en"}),
    )
    keywords = forms.CharField(
        label=_("Other words for it"),
        required=False,
        max_length=WORDS,
        help_text=_("What people may call it, in both languages, blanks between. They find the answer by these too."),
    )
    audience = forms.ChoiceField(label=_("Who reads it"), widget=forms.RadioSelect)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    review = forms.DateField(
        label=_("Look at it again by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    why = forms.CharField(label=_("Why it changes"), required=False, max_length=WHY)

    def __init__(self, by: Actor, now: AnswerDraft | None, version: int, data: QueryDict | None = None) -> None:
        start: dict[str, object] = {"audience": Audience.SIGNED_IN, "review": clock.now().date() + HALF_A_YEAR}
        if now is not None:
            start = {name: getattr(now, name) for name in self.base_fields if hasattr(now, name)}
        super().__init__(data, initial={**start, "version": version})
        offer(self, "audience", labels.choices("answer_audience"))
        offer(self, "owner", [("", _("Nobody")), *ruling.owners(by)])

    def draft(self) -> AnswerDraft:
        said = {name: value for name, value in self.cleaned_data.items() if name not in {"why", "version"}}
        return AnswerDraft(**{**said, "audience": Audience(said["audience"])})
