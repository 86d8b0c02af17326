"""Forms of the site, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

USE: Final = {"use": "form_use"}

SENTENCES: Final = {
    "forms.FormWritten": Sentence(_("Form saved, version %(number)s (%(use)s)."), labels=USE),
    "forms.FormOffered": Sentence(_("Form offered to people, version %(number)s (%(use)s)."), labels=USE),
    "forms.FormWithdrawn": Sentence(_("Form no longer offered (%(use)s)."), labels=USE),
}

REASONS: Final[Mapping[str, Promise]] = {
    "choices_wanted": gettext_lazy("Write 2 to %(limit)s choices, a line for each."),
    "choice_wordless": gettext_lazy("Line %(line)s: this choice has no words in one of the languages."),
    "choice_twice": gettext_lazy("Line %(line)s: this choice stands here twice."),
    "label_twice": gettext_lazy("Another question has the same words."),
    "condition_unknown": gettext_lazy("The answer this depends on no longer exists. Choose another, or none."),
    "condition_self": gettext_lazy("A question cannot depend on its own answer."),
    "condition_circle": gettext_lazy("These questions depend on each other in a circle: none of them would be shown."),
    "condition_later": gettext_lazy("A question can only depend on one that stands before it. Move it down."),
    "required_never_shown": gettext_lazy("An answer is required here, but the question would never be shown."),
    "no_files_by_phone": gettext_lazy("Nobody can send a file by telephone. Attach it in the incident room."),
    "code_twice": gettext_lazy("Another one here has the same code."),
    "no_choices_here": gettext_lazy("Only what is answered by choosing has choices."),
    "number_wanted": gettext_lazy("Write a number, digits only."),
    "which_one": gettext_lazy("Choose which one you mean, or that it is none of them."),
    "telephone_wanted": gettext_lazy("This is not a telephone number."),
    "day_and_time_wanted": gettext_lazy("Choose a day and a time."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "form_use": {
        "odd": pgettext_lazy("form_use", "Report"),
        "near_miss": pgettext_lazy("form_use", "Near miss"),
        "request": pgettext_lazy("form_use", "Request or question"),
        "phone": pgettext_lazy("form_use", "Telephone log"),
    },
    "form_audience": {
        "everyone": pgettext_lazy("form_audience", "Everybody who may report"),
        "signed_in": pgettext_lazy("form_audience", "People with an account"),
        "organisation": pgettext_lazy("form_audience", "People of one organisation"),
    },
    "field_kind": {
        "short": pgettext_lazy("field_kind", "A line of text"),
        "long": pgettext_lazy("field_kind", "Longer text"),
        "one": pgettext_lazy("field_kind", "One of several choices"),
        "several": pgettext_lazy("field_kind", "Any of several choices"),
        "yes_no": pgettext_lazy("field_kind", "Yes or no"),
        "moment": pgettext_lazy("field_kind", "Day and time"),
        "number": pgettext_lazy("field_kind", "Number"),
        "mail": pgettext_lazy("field_kind", "E-mail address"),
        "phone": pgettext_lazy("field_kind", "Telephone number"),
        "asset": pgettext_lazy("field_kind", "Machine or service"),
        "department": pgettext_lazy("field_kind", "Department"),
        "person": pgettext_lazy("field_kind", "Person"),
        "file": pgettext_lazy("field_kind", "File"),
    },
    "yes_no": {
        "yes": pgettext_lazy("yes_no", "Yes"),
        "no": pgettext_lazy("yes_no", "No"),
    },
}
