"""What the pages about the site's own forms show."""

from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.forms import actions
from hikeshi.forms.boxes import Questions
from hikeshi.forms.definitions import Definition, parts_of
from hikeshi.forms.queries import Form, FormVersion, Offered
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid
from hikeshi.kernel.versions import History, Version
from hikeshi.web.access import SignedIn
from hikeshi.web.settings import changes
from hikeshi.web.settings.forms.drawing import Drawing, Head

Whole = History[Form, Definition]


def _language() -> str:
    return (get_language() or "ja")[:2]


def title(whole: Whole) -> str:
    return whole.newest.terms.title.said(_language())


def versions(whole: Whole) -> list[tuple[Version[Definition], str]]:
    return [(one, changes.name_of(one.made_by, whole.names)) for one in whole.versions]


def parts(version: Version[Definition]) -> dict[str, str]:
    """Every part by the name it has on the page where forms are made."""
    named = {name: str(field.label) for name, field in Head.base_fields.items()}
    said = parts_of(version.terms)
    return {named.get(name, _("Questions")): text for name, text in said.items()}


def kept(by: Actor, drawing: Drawing, form: UUID | None) -> FormVersion | None:
    """The version that was saved. Else the page says why not, or holds what somebody else saved meanwhile."""
    definition = drawing.drawn()
    if definition is None:
        return None
    said = drawing.form.cleaned_data
    try:
        return actions.write_form(
            by=by, definition=definition, form=form, why=said["why"], version=said["version"] if form else None
        )
    except Invalid as refusal:
        drawing.refuse(refusal)
    except Conflict as conflict:
        drawing.clash(conflict)
    return None


def page(request: SignedIn, drawing: Drawing, name: str, form: UUID | None = None) -> HttpResponse:
    context = {"title": name, "drawing": drawing, "form": drawing.form, "of": form}
    return render(request, "web/settings/forms/edit.html", context, status=drawing.status)


def preview(by: Actor, whole: Whole, version: Version[Definition], typed: QueryDict) -> dict[str, object]:
    """``typed``: an answer that brings up what depends on it, also without a script."""
    of = Offered(whole.line.uuid, version.number, version.terms)
    questions = Questions(by, of, _language(), typed)
    page = forms.Form(initial={name: said if len(said) > 1 else said[0] for name, said in typed.lists()})
    page.fields = {**questions.words(), **questions.files()}
    rows = list(questions.rows(page))
    name = version.terms.title.said(_language())
    return {"title": _("Preview: %(name)s") % {"name": name}, "version": version, "rows": rows, "form": whole.line.uuid}
