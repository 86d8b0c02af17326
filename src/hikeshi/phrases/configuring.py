"""Kinds, courses and the matrix: what was done to them, and why a course cannot be followed, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "vocabulary_deed": {
        "kind_added": pgettext_lazy("vocabulary_deed", "Kind added"),
        "kind_changed": pgettext_lazy("vocabulary_deed", "Kind changed"),
        "kind_retired": pgettext_lazy("vocabulary_deed", "Kind retired"),
        "kind_restored": pgettext_lazy("vocabulary_deed", "Kind back in use"),
        "kinds_ordered": pgettext_lazy("vocabulary_deed", "Order of kinds changed"),
        "course_added": pgettext_lazy("vocabulary_deed", "Course added"),
        "course_changed": pgettext_lazy("vocabulary_deed", "Course changed"),
        "course_retired": pgettext_lazy("vocabulary_deed", "Course retired"),
        "course_restored": pgettext_lazy("vocabulary_deed", "Course back in use"),
        "levels_worded": pgettext_lazy("vocabulary_deed", "Words for impact, effect and urgency changed"),
        "rolled_back": pgettext_lazy("vocabulary_deed", "Went back to version"),
    },
    "gate_check": {
        "owner_named": pgettext_lazy("gate_check", "the record: somebody owns it"),
        "tasks_done": pgettext_lazy("gate_check", "the record: no task is open"),
        "report_settled": pgettext_lazy("gate_check", "the record: the report phase is done or left out"),
        "facts_stated": pgettext_lazy("gate_check", "the record: no gap on the facts sheet"),
    },
}

REASONS: Final[Mapping[str, Promise]] = {
    "course_beside": gettext_lazy("%(code)s runs beside every course and cannot be a phase of one."),
    "course_no_phase": gettext_lazy("A course needs at least one phase."),
    "course_too_long": gettext_lazy("A course has at most 12 phases and 40 gates."),
    "course_twice": gettext_lazy("%(code)s stands here twice."),
    "gate_at_close": gettext_lazy("%(code)s is asked at the close and belongs to no phase."),
    "gate_nowhere": gettext_lazy("%(code)s points to a phase this course does not have."),
    "gate_people": gettext_lazy("%(code)s: between 1 and 5 people confirm a gate."),
    "gate_unmet_by_nobody": gettext_lazy("%(code)s: either the record answers, or people confirm. Choose one."),
    "last_kind": gettext_lazy("One kind at least must stay in use."),
    "levels_incomplete": gettext_lazy("Give every level its word in both languages."),
    "matrix_hole": gettext_lazy("The cell for impact %(impact)s, effect %(effect)s, urgency %(urgency)s is empty."),
    "matrix_order": gettext_lazy(
        "Nothing graver may rank below something lighter: look at impact %(impact)s, effect %(effect)s, "
        "urgency %(urgency)s."
    ),
    "matrix_range": gettext_lazy("Priorities go from 1 to 5."),
    "matrix_shape": gettext_lazy("A matrix has nine rows of three, or three rows of three."),
    "phase_code": gettext_lazy("%(code)s: the code of a phase is up to 20 small letters, digits or _."),
    "phase_like_none": gettext_lazy("%(code)s: say which known phase it is like."),
    "course_role": gettext_lazy("%(code)s: this role is not known."),
    "words_needed": gettext_lazy("%(code)s needs its word in both languages."),
}
