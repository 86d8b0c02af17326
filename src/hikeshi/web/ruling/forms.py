from datetime import timedelta

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.intake import queries as intake
from hikeshi.intake.queries import ruling
from hikeshi.intake.verdicts import CALLING, Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.phrases.wording import leading
from hikeshi.web import filtering, wording
from hikeshi.web.choosing import kinds, level, name_levels, offer

HALF_A_YEAR = timedelta(days=182)
WINDOWS: tuple[tuple[str, Promise], ...] = (
    ("1000", _("The last 1,000 alerts")),
    ("5000", _("The last 5,000 alerts")),
    ("20000", _("The last 20,000 alerts")),
    ("d1", _("The last day")),
    ("d7", _("The last 7 days")),
    ("d30", _("The last 30 days")),
)


class Filters(filtering.Filters):
    TABS = (
        "show",
        (("all", _("All")), ("on", _("On")), ("draft", _("Drafts")), ("off", _("Off")), ("due", _("Due for review"))),
    )

    q = forms.CharField(label=_("Words or code"), required=False)
    show = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("Verdict"), required=False)
    origin = forms.ChoiceField(label=_("Comes from"), required=False)

    def prepare(self) -> None:
        any_ = [("", str(_("Any")))]
        offer(self, "show", [(code, code) for code, _word in self.TABS[1]])
        offer(self, "verdict", any_ + labels.choices("rule_verdict"))
        offer(self, "origin", any_ + labels.choices("rule_origin"))

    @property
    def wanted(self) -> dict[str, str]:
        asked = {name: str(value) for name, value in self.picked.items()}
        shown = asked.pop("show", "")
        return {**asked, **({"due": "yes"} if shown == "due" else {"state": shown} if shown else {})}


class RuleForm(forms.Form):
    """A rule as it is written. ``sigma`` is the text; in the form, the text the lines were read from."""

    code = forms.CharField(
        label=_("Code"), max_length=60, help_text=_("Stands on the alerts it judges. Never changes.")
    )
    title_ja = forms.CharField(label=_("Name, Japanese"), max_length=200)
    title_en = forms.CharField(label=_("Name, English"), max_length=200)
    source = forms.ChoiceField(label=_("Only alerts of"), required=False)
    sigma = forms.CharField(
        label=_("Sigma text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 14, "class": "code"})
    )
    verdict = forms.TypedChoiceField(label=_("Verdict"), coerce=Verdict, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Kind of the incident"), required=False)
    impact = level(_("Impact: how many are hit"), 3)
    effect = level(_("Effect on the service"), 3)
    urgency = level(_("Urgency"), 3)
    reason_ja = forms.CharField(
        label=_("Reason, Japanese"), max_length=500, help_text=_("Said on every alert the rule judges.")
    )
    reason_en = forms.CharField(label=_("Reason, English"), max_length=500)
    rank = forms.IntegerField(
        label=_("Place in the order"),
        min_value=1,
        max_value=999,
        help_text=_(
            "The first rule that matches decides. Noise stands at 100 to 199, what opens incidents at 300 to 699."
        ),
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    review = forms.DateField(label=_("Look at it again by"), widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label=_("Why this change"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    window = forms.ChoiceField(label=_("Try it on"), required=False, choices=WINDOWS)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    mode = forms.ChoiceField(choices=[("form", "form"), ("text", "text")], widget=forms.HiddenInput)

    def __init__(self, by: Actor, data: QueryDict | None = None, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        offer(self, "source", [("", str(_("Every source"))), *((one.code, one.name) for one in intake.sources())])
        offer(self, "verdict", labels.choices("rule_verdict"))
        offer(self, "kind", kinds(empty=_("Choose")))
        name_levels(self)
        owners = [("", leading(_("nobody yet"))), *labels.choices("rule_owner"), *ruling.owners(by)]
        offer(self, "owner", owners)
        wording.one_is_enough(self, "title", "reason")

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        wording.fill(self, said, "title", "reason")
        if said.get("verdict") in CALLING and not said.get("kind"):
            self.add_error("kind", _("Say what kind of incident it opens."))
        return dict(said)


class Review(forms.Form):
    review = forms.DateField(label=_("Look at it again by"), widget=forms.DateInput(attrs={"type": "date"}))
    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, by: Actor, owner: str, data: QueryDict | None = None) -> None:
        start = {"review": clock.now().date() + HALF_A_YEAR, "owner": owner}
        super().__init__(data, initial=start)
        offer(self, "owner", [*labels.choices("rule_owner"), *ruling.owners(by)])
