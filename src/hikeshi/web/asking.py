"""The site's own forms for calls: which one is asked by, and which there are."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from hikeshi.forms import queries as forms
from hikeshi.forms.definitions import Use
from hikeshi.forms.queries import Offered
from hikeshi.kernel.refusals import NotFound
from hikeshi.web.access import SignedIn


@dataclass(frozen=True, slots=True)
class Link:
    uuid: UUID
    title: str
    here: bool


def wanted(request: SignedIn) -> Offered | None:
    """The one in the address, in the version that was begun; None where none is asked for. Raises NotFound."""
    named = request.GET.get("form", "")
    if not named:
        return None
    try:
        form = UUID(named)
    except ValueError:
        raise NotFound("form") from None
    begun = request.POST.get("form_version", "")
    number = int(begun) if begun.isascii() and begun.isdigit() and len(begun) < 9 else 0
    found = forms.begun_form(request.actor, form, number) if number else forms.offered_form(request.actor, form)
    if found.definition.use is not Use.PHONE:
        raise NotFound("form")
    return found


def offered(request: SignedIn, here: Offered | None) -> list[Link]:
    language = (get_language() or "ja")[:2]
    found = forms.offered(request.actor, Use.PHONE)
    return [
        Link(one.uuid, one.definition.title.said(language), here is not None and here.uuid == one.uuid) for one in found
    ]
