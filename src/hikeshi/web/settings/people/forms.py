from typing import TypedDict
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries, resting
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import refusals as sentences
from hikeshi.web import languages, sheets
from hikeshi.web.contacts.resting import shown
from hikeshi.web.settings import choices


class Leaving(TypedDict):
    successor: UUID | None
    alone: bool


class Find(forms.Form):
    q = forms.CharField(label=_("Find"), required=False, max_length=100)


class NewPerson(forms.Form):
    username = forms.CharField(label=_("User name"), max_length=150, help_text=_("What they type to sign in."))
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    organisation = forms.ChoiceField(label=_("Organisation"))
    language = forms.ChoiceField(label=_("Language"), choices=languages.offered)

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.fields["organisation"].choices = choices.organisations(by)  # type: ignore[attr-defined]  # a ChoiceField


class Bring(forms.Form):
    file = forms.FileField(
        label=_("CSV or Excel file"),
        help_text=_("UTF-8, UTF-16 or Shift_JIS; up to 5,000 people."),
        allow_empty_file=True,
    )
    organisation = forms.ChoiceField(
        label=_("Where they belong"), help_text=_("For lines that name no organisation; the file reaches it and below.")
    )

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.fields["organisation"].choices = choices.organisations(by)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["file"].widget.attrs["accept"] = sheets.ACCEPTED


class Belong(forms.Form):
    organisation = forms.ChoiceField(label=_("Organisation"))

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.fields["organisation"].choices = choices.organisations(by)  # type: ignore[attr-defined]  # a ChoiceField


class EditPerson(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)


class Grant(forms.Form):
    """No role is chosen beforehand: the first of them may do everything."""

    role = forms.ChoiceField(label=_("Role"))
    organisation = forms.ChoiceField(label=_("In, and below"))

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.fields["role"].choices = [("", str(_("Choose"))), *choices.roles()]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["organisation"].choices = choices.organisations(by)  # type: ignore[attr-defined]  # a ChoiceField


class LetGo(forms.Form):
    """A successor is asked for where there is something to hand over."""

    successor = forms.CharField(
        label=_("Successor (user name)"),
        max_length=150,
        required=False,
        help_text=_("They take over what stands above in the same act."),
    )
    alone = forms.BooleanField(label=_("Nobody: leave the gap"), required=False)

    def __init__(self, by: Actor, gone: queries.Person, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.by = by
        found = resting.on(by, [gone])[gone.pk]
        self.shown = shown(found)
        if not any(one.movable for one in found):
            del self.fields["successor"]
        if not resting.breaks(found):
            del self.fields["alone"]

    def clean_successor(self) -> queries.Person | None:
        said = str(self.cleaned_data["successor"]).strip()
        if not said:
            return None
        found = queries.people(self.by, active=True).filter(username=queries.Person.normalize_username(said)).first()
        if found is None:
            raise forms.ValidationError(sentences.sentence(Invalid("successor", "unknown")))
        return found

    def said(self) -> Leaving:
        to: queries.Person | None = self.cleaned_data.get("successor")
        return {"successor": to.uuid if to else None, "alone": bool(self.cleaned_data.get("alone"))}
