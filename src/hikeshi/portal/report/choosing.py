"""Which form somebody fills in, of those the site offers them."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language

from hikeshi.forms import queries as site_forms
from hikeshi.forms.definitions import Use
from hikeshi.forms.queries import Offered
from hikeshi.kernel.refusals import NotFound
from hikeshi.portal import doors
from hikeshi.portal.report.forms import Report


@dataclass(frozen=True, slots=True)
class Link:
    """A way to a form, in the reader's language."""

    uuid: UUID
    title: str
    intro: str
    here: bool


def wanted(request: HttpRequest, form: UUID) -> Offered:
    """The version that was begun, where one is sent back; else the one offered now. Raises NotFound."""
    by, begun = doors.reporter(request), request.POST.get("form_version", "")
    number = int(begun) if begun.isascii() and begun.isdigit() and len(begun) < 9 else 0
    found = site_forms.begun_form(by, form, number) if number else site_forms.offered_form(by, form)
    if found.definition.use is Use.PHONE:
        raise NotFound("form")
    return found


def offered(request: HttpRequest, form: Report) -> list[Link]:
    """The site's own forms for the same purpose."""
    language = (get_language() or "ja")[:2]
    here = form.questions.of.uuid if form.questions else None
    found = site_forms.offered(doors.reporter(request), Use(form.purpose))
    return [
        Link(one.uuid, one.definition.title.said(language), one.definition.intro.said(language), one.uuid == here)
        for one in found
    ]
