from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries
from hikeshi.kernel.acting import Actor
from hikeshi.phrases.wording import listed
from hikeshi.web.settings import choices


class Team(forms.Form):
    """Members are typed as user names, a line each: a list of 10,000 people helps nobody to choose."""

    name = forms.CharField(label=_("Name"), max_length=200)
    members = forms.CharField(
        label=_("Members"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("User names, a line each."),
    )
    lead = forms.CharField(
        label=_("Lead"), required=False, max_length=150, help_text=_("The user name of a member; empty: nobody.")
    )

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.by = by

    def clean_members(self) -> list[queries.Person]:
        return self._named(self.cleaned_data["members"].split())

    def clean_lead(self) -> queries.Person | None:
        found = self._named(self.cleaned_data["lead"].split())
        if len(found) > 1:
            raise forms.ValidationError(_("One person leads."))
        return found[0] if found else None

    def _named(self, typed: list[str]) -> list[queries.Person]:
        """In one query. Raises ValidationError naming who is not found."""
        wanted = {queries.Person.normalize_username(name): name for name in typed}
        found = {one.username: one for one in queries.people(self.by, active=True).filter(username__in=wanted)}
        lacking = [name for username, name in wanted.items() if username not in found]
        if lacking:
            raise forms.ValidationError(_("Nobody is called: %(names)s"), params={"names": listed(lacking[:5])})
        return [found[username] for username in wanted]


class NewTeam(Team):
    organisation = forms.ChoiceField(label=_("Organisation"))
    field_order = ("organisation", "name", "members", "lead")

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(by, *args, **more)
        self.fields["organisation"].choices = choices.organisations(by)  # type: ignore[attr-defined]  # a ChoiceField
