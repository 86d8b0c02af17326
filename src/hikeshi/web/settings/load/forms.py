"""Skills, limits and rules of assignment as people write them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.kernel.acting import Actor
from hikeshi.load.actions import RuleDraft
from hikeshi.load.book import LOWEST, Limits, Rule, Skill
from hikeshi.load.codes import Shift
from hikeshi.oncall.queries import offering
from hikeshi.phrases import labels
from hikeshi.web.choosing import offer
from hikeshi.web.settings.scope import SCOPE, Scoped


class Skills(forms.Form):
    skills = forms.CharField(
        label=_("Skills"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One on a line: malware analysis, mail, cloud, law. A line that goes is taken from everybody."),
    )


def lines(skills: tuple[Skill, ...]) -> str:
    return "\n".join(one.name for one in skills)


class LimitsForm(forms.Form):
    most_open = forms.IntegerField(label=_("More open records than"), required=False, min_value=1, max_value=10_000)
    percent = forms.IntegerField(
        label=_("More work than this percentage of their time"), required=False, min_value=1, max_value=10_000
    )
    idle_hours = forms.IntegerField(
        label=_("A record of theirs lies untouched for so many working hours"),
        required=False,
        min_value=1,
        max_value=2_000,
        help_text=_("By the calendar of their organisation; records that wait are left out. Empty: never for that."),
    )


def limits_starting(found: Limits) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("most_open", "percent", "idle_hours")}


class RuleForm(Scoped):
    name = forms.CharField(label=_("Name"), max_length=200)
    among = forms.ChoiceField(label=_("Among whom"))
    shift = forms.ChoiceField(label=_("Shift"), widget=forms.RadioSelect)
    skills = forms.MultipleChoiceField(
        label=_("Skills they must have, all of them"), required=False, widget=forms.CheckboxSelectMultiple
    )
    to_priority = forms.TypedChoiceField(label=_("For priorities"), coerce=int)

    def __init__(self, by: Actor, skills: dict[str, str], *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        teams = [(f"team:{uuid}", name) for uuid, name in offering.teams(by)]
        rotas = [(f"rota:{uuid}", name) for uuid, name in offering.rotas(by)]
        upto: list[tuple[int, str]] = [(LOWEST, str(_("All")))]
        upto += [(one, f"P1–P{one}" if one > 1 else "P1") for one in range(LOWEST - 1, 0, -1)]
        grouped: list[tuple[str, object]] = [(str(_("Teams")), teams), (str(_("Rotas")), rotas)]
        offer(self, "among", [("", _("Choose")), *(one for one in grouped if one[1])])
        offer(self, "shift", labels.choices("load_shift"))
        offer(self, "skills", list(skills.items()))
        offer(self, "to_priority", [(str(code), word) for code, word in upto])
        self.offer_scope(by)

    def draft(self) -> RuleDraft:
        said = self.cleaned_data
        kind, _sep, uuid = said["among"].partition(":")
        many = (*SCOPE, "skills")
        return RuleDraft(
            name=said["name"],
            team=uuid if kind == "team" else "",
            rota=uuid if kind == "rota" else "",
            to_priority=said["to_priority"],
            shift=Shift(said["shift"]),
            **{name: tuple(said[name]) for name in many},
        )


def rule_starting(rule: Rule) -> dict[str, object]:
    plain = {name: getattr(rule, name) for name in ("name", "to_priority", "shift", "version")}
    many = {name: list(getattr(rule, name)) for name in (*SCOPE, "skills")}
    return {**plain, **many, "among": f"team:{rule.team}" if rule.team else f"rota:{rule.rota}"}


class DryRun(forms.Form):
    ref = forms.CharField(
        label=_("Reference of a record"), max_length=40, help_text=_("As if it were opened now and the rule fitted it.")
    )
