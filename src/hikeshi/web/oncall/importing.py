"""Shifts from a calendar file: what it says, whom it means, and what is left aside, before anything is done."""

from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.oncall import actions, ical
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import rotas, shifts
from hikeshi.phrases import refusals


class File(forms.Form):
    file = forms.FileField(label=_("Calendar file (.ics)"), required=False)
    content = forms.CharField(required=False, widget=forms.HiddenInput, max_length=ical.MOST_BYTES)


class Import:
    def __init__(
        self, by: Actor, uuid: UUID, data: QueryDict | None, files: "MultiValueDict[str, UploadedFile[bytes]]"
    ) -> None:
        self.by, self.row = by, rotas.rota(by, uuid, Verb.MANAGE)
        self.form = File(data, files if data is not None else None)
        self.do = data.get("do", "look") if data is not None else ""
        self.count = 0
        self.file = shifts.File("", ())

    @cached_property
    def body(self) -> str:
        """What the file says: chosen now, or carried by the form since it was looked at."""
        if not self.form.is_bound or not self.form.is_valid():
            return ""
        file = self.form.cleaned_data["file"]
        if file is None:
            return str(self.form.cleaned_data["content"])
        if file.size > ical.MOST_BYTES:
            self.form.add_error("file", refusals.reason(ical.Fault.TOO_LARGE, {}))
            return ""
        return str(file.read().decode("utf-8", "replace"))

    @cached_property
    def plan(self) -> shifts.Plan | None:
        """Asked for once; None where there is nothing to read, and the form says why."""
        if not self.body:
            if self.form.is_bound and not self.form.errors:
                self.form.add_error("file", gettext("Choose a file."))
            return None
        try:
            self.file = shifts.read(self.row, self.body.encode())
            return shifts.plan(self.by, self.row, self.file)
        except Invalid as refusal:
            self.form.add_error("file", refusals.sentence(refusal))
            return None

    def done(self) -> bool:
        if self.do != "import" or self.plan is None:
            return False
        try:
            made = actions.import_shifts(by=self.by, rota=self.row.uuid, file=self.file)
        except Invalid as refusal:
            self.form.add_error("file", refusals.sentence(refusal))
            return False
        self.count = len(made)
        return True

    @property
    def status(self) -> int:
        wrong = self.form.is_bound and (self.plan is None or self.form.errors)
        return 422 if wrong else 200
