from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import names
from hikeshi.incidents.catalogue import CourseSpec
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.drafts import GateDraft, PhaseDraft
from hikeshi.incidents.gates import At, Check, GateSpec
from hikeshi.phrases import labels
from hikeshi.web.settings.saving import Versioned

BLANK = 2
Rows = tuple[list[PhaseDraft], list[GateDraft]]


def _roles() -> list[tuple[str, object]]:
    return [("", _("Nobody by rule")), *labels.choices("role")]


def _like() -> list[tuple[str, object]]:
    shipped = names.SHIPPED.known.courses
    return [("", _("Itself")), *((code, labels.label("phase", code)) for code in shipped.phases)]


def _met() -> list[tuple[str, object]]:
    people = [(str(number), _("People who confirm: %(number)s") % {"number": number}) for number in range(1, 6)]
    return [*people, *labels.choices("gate_check")]


class Course(Versioned):
    ja = forms.CharField(label=_("Name in Japanese"), max_length=200)
    en = forms.CharField(label=_("Name in English"), max_length=200)


class NewCourse(Course):
    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("For programs. It never changes."))
    field_order = ("code",)


class Phase(forms.Form):
    """A row without a code is none."""

    code = forms.CharField(label=_("Code"), max_length=20, required=False)
    ja = forms.CharField(label=_("Name in Japanese"), max_length=200, required=False)
    en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    like = forms.ChoiceField(label=_("Is like"), choices=_like, required=False)
    role = forms.ChoiceField(label=_("Goes to"), choices=_roles, required=False)

    def draft(self) -> PhaseDraft:
        return PhaseDraft(**{name: self.cleaned_data[name].strip() for name in ("code", "ja", "en", "like", "role")})


class Gate(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=80, required=False)
    ja = forms.CharField(label=_("What must hold, in Japanese"), max_length=200, required=False)
    en = forms.CharField(label=_("What must hold, in English"), max_length=200, required=False)
    at = forms.ChoiceField(label=_("Asked"), choices=lambda: labels.choices("gate_at"))
    phase = forms.CharField(label=_("Phase (its code)"), max_length=20, required=False)
    met = forms.ChoiceField(label=_("Answered by"), choices=_met)
    classes = forms.MultipleChoiceField(
        label=_("Only of"),
        choices=lambda: labels.choices("record_class"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def draft(self) -> GateDraft:
        said = self.cleaned_data
        met = said["met"]
        check = None if met.isdigit() else Check(met)
        people = int(met) if met.isdigit() else 0
        classes = tuple(RecordClass(one) for one in said["classes"])
        spec = GateSpec(said["code"].strip(), At(said["at"]), said["phase"].strip(), check, people, classes)
        return GateDraft(spec, said["ja"].strip(), said["en"].strip())


Phases = forms.formset_factory(Phase, extra=BLANK, max_num=40, absolute_max=40)
Gates = forms.formset_factory(Gate, extra=BLANK, max_num=80, absolute_max=80)


class Drawing:
    """The three forms of a course as one."""

    def __init__(
        self, kind: type[Course], sent: Mapping[str, object] | None, spec: CourseSpec | None, version: int
    ) -> None:
        named = {"ja": spec.ja, "en": spec.en} if spec else {}
        self.course = kind(sent, initial={**named, "version": version})
        self.phases = Phases(sent, initial=_phases(spec), prefix="phases")
        self.gates = Gates(sent, initial=_gates(spec), prefix="gates")

    def drawn(self) -> Rows | None:
        """What the rows say, in order; None where one of them cannot be used."""
        if not self.course.is_bound or not self.phases.is_valid() or not self.gates.is_valid():
            return None
        phases = [row.draft() for row in self.phases if row.cleaned_data.get("code", "").strip()]
        return phases, [row.draft() for row in self.gates if row.cleaned_data.get("code", "").strip()]

    @property
    def status(self) -> int:
        wrong = self.course.is_bound and (self.phases.errors or self.gates.errors) and self.drawn() is None
        return 422 if wrong else self.course.status


def _phases(spec: CourseSpec | None) -> list[dict[str, object]]:
    known = names.in_use().courses.phases
    return [
        {"code": code, "ja": known[code].ja, "en": known[code].en, "like": known[code].like, "role": known[code].role}
        for code in (spec.phases if spec else ())
    ]


def _gates(spec: CourseSpec | None) -> list[dict[str, object]]:
    words = names.in_use().courses.gates
    return [
        {
            "code": one.code,
            "ja": words[one.code].ja,
            "en": words[one.code].en,
            "at": one.at,
            "phase": one.phase,
            "met": one.check or str(one.people),
            "classes": list(one.classes),
        }
        for one in (spec.gates if spec else ())
    ]
