"""The three forms: as few questions as somebody in a hurry can bear, in plain words, never how grave it is."""

from collections.abc import Iterator
from typing import Final, TypedDict

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hikeshi.forms import actions as site_forms
from hikeshi.forms.boxes import Questions, Row
from hikeshi.forms.queries import Offered
from hikeshi.incidents import actions
from hikeshi.incidents.actions import Received
from hikeshi.incidents.reporting import Purpose
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.portal import doors, stamps
from hikeshi.portal.attachments import Files, add_files, settle_files

TEXT: Final = 20_000
LINE: Final = 500
WHAT: Final = {
    Purpose.ODD: _("What happened?"),
    Purpose.NEAR_MISS: _("What nearly happened?"),
    Purpose.REQUEST: _("What do you need, or want to know?"),
}
FLAWS: Final = {
    stamps.Flaw.FORGED: _("This form could not be recognised. Your words are still here: please send it again."),
    stamps.Flaw.OLD: _("This form was open for more than a day. Your words are still here: please send it again."),
    stamps.Flaw.FAST: _("That was very fast. Please check what you wrote and send it again."),
}


def _language() -> str:
    return (get_language() or "ja")[:2]


class Said(TypedDict):
    purpose: Purpose
    nonce: str
    what: str
    likeness: str
    did: list[str]
    when: str
    where: str
    name: str
    contact: str


class Report(forms.Form):
    what = forms.CharField(max_length=TEXT, widget=forms.Textarea(attrs={"rows": 4}))
    likeness = forms.ChoiceField(label=_("What is it most like?"), required=False)
    did = forms.MultipleChoiceField(
        label=_("Did you do any of this?"),
        help_text=_("Nobody is blamed. It tells us what to protect first."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    when = forms.CharField(
        label=_("About when?"), help_text=_("For example: this morning around 9"), required=False, max_length=LINE
    )
    where = forms.CharField(
        label=_("Where, or which machine or service?"),
        help_text=_("For example: my laptop, the accounting system"),
        required=False,
        max_length=LINE,
    )
    near_miss = forms.BooleanField(label=_("It was close, but nothing bad came of it (a near miss)"), required=False)
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=LINE,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        help_text=_("A telephone number or an e-mail address. You can follow your report without it, too."),
        required=False,
        max_length=LINE,
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    attached = Files()

    def __init__(
        self,
        request: HttpRequest,
        purpose: Purpose,
        initial: dict[str, object] | None = None,
        *,
        of: Offered | None = None,
    ) -> None:
        """``of``: a form of the site, whose questions stand in place of the usual ones."""
        sent = request.method == "POST" and initial is None
        super().__init__(
            request.POST if sent else None,
            request.FILES if sent else None,
            initial={"stamp": stamps.fresh(), **(initial or {})},
        )
        self.purpose = purpose
        self.fields["what"].label = WHAT[purpose]
        self._offer("likeness", [("", str(_("Choose if you can"))), *labels.choices("likeness")])
        self._offer("did", labels.choices("deed"))
        settle_files(self, request)
        typed = request.POST if request.method == "POST" else None
        self.questions = Questions(doors.reporter(request), of, _language(), typed) if of else None
        for name in self._left_out(known=request.user.is_authenticated):
            del self.fields[name]
        if self.questions is not None:
            self._ask(self.questions)

    def _ask(self, asked: Questions) -> None:
        """After the words, and before the files, which stand last."""
        said = asked.of.definition.question.said(_language())
        if said:
            self.fields["what"].label = said
        own = dict(self.fields)
        first, last = {"what": own.pop("what")}, {"attached": own.pop("attached")}
        version = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=asked.of.number)
        self.fields = {**first, **asked.words(), **own, "form_version": version, **asked.files(), **last}

    @property
    def rows(self) -> Iterator[Row]:
        return self.questions.rows(self) if self.questions else (Row(bound) for bound in self.visible_fields())

    @property
    def rest(self) -> Iterator[Row]:
        """Without the first question, beneath which stands what may help already."""
        return (row for row in self.rows if row.box.name != "what")

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        if self.questions is not None:
            self.questions.check(self)
            if self.questions.unseen and not self.errors:
                self.add_error(None, _("There are a few more questions, because of what you chose."))
        return said

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _left_out(self, *, known: bool) -> list[str]:
        """Somebody who asks for something is asked nothing about an attack; a colleague's name is known."""
        if self.questions is not None:
            return ["near_miss", "did", "likeness", "when", "where", *(["name"] if known else [])]
        over = {Purpose.ODD: [], Purpose.NEAR_MISS: ["near_miss", "did"]}
        asked = over.get(self.purpose, ["near_miss", "did", "likeness", "when", "where"])
        return [*asked, *(["name"] if known else [])]

    def clean_website(self) -> str:
        """A field nobody sees: who fills it in is a robot, or a browser too helpful. It is said, not swallowed."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Only robots fill in this field. If you are none, empty it and send again."))
        return ""

    def clean_stamp(self) -> str:
        stamp = stamps.read(self.cleaned_data["stamp"])
        flaw = stamps.Flaw.FORGED if stamp is None else stamp.flaw()
        if stamp is not None and flaw is None:
            return stamp.number
        if flaw is not stamps.Flaw.FAST:
            renewed = QueryDict(mutable=True)
            renewed.update(self.data)
            renewed["stamp"] = stamps.fresh()
            self.data = renewed
        raise forms.ValidationError(FLAWS[flaw or stamps.Flaw.FORGED])

    @property
    def files_sent(self) -> list["UploadedFile[bytes]"]:
        extra = self.questions.files() if self.questions else {}
        asked = [self.cleaned_data[name] for name in extra if self.cleaned_data.get(name)]
        return [*asked, *(self.cleaned_data.get("attached") or [])]

    @property
    def said(self) -> Said:
        """What the verb takes, by its parameters' names."""
        kept = self.cleaned_data
        return Said(
            purpose=Purpose.NEAR_MISS if kept.get("near_miss") else self.purpose,
            nonce=kept["stamp"],
            what=kept["what"],
            likeness=kept.get("likeness", ""),
            did=kept.get("did", []),
            when=kept.get("when", ""),
            where=kept.get("where", ""),
            name=kept.get("name", ""),
            contact=kept["contact"],
        )

    def report(self, by: Actor) -> Received:
        """Raises what the verb raises."""
        language, said = _language(), self.said
        if self.questions is None:
            return actions.report(by=by, language=language, **said)
        return site_forms.send_form(
            by=by,
            form=self.questions.of.uuid,
            number=self.questions.of.number,
            given=self.questions.given(self),
            what=said["what"],
            nonce=said["nonce"],
            name=said["name"],
            contact=said["contact"],
            language=language,
        )

    def add_files(self, received: Received) -> list[str]:
        return add_files(received.reporter, self.files_sent)
