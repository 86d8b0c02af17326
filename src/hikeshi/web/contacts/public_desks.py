"""Public desks the product knows of: taken up by whoever wants them, never by themselves."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hikeshi.accounts import actions, queries
from hikeshi.accounts import public_desks as reads
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.phrases import labels, refusals
from hikeshi.web.access import SignedIn


@require_GET
def listing(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    language, place = get_language() or "en", _place(request.actor, request.GET)
    found = [(one, _texts(one.desk, language), _differences(one)) for one in reads.offers(request.actor, place)]
    context = {"title": _("Public desks"), "offers": found, "place": place, "places": _places(request.actor)[:200]}
    return render(request, "web/contacts/public_desks.html", context)


def _places(by: Actor) -> QuerySet[queries.Organisation]:
    """For which the reader may write contacts, the topmost first."""
    return queries.organisations(by, Verb.MANAGE).filter(retired_at=None).order_by("path")


def _place(by: Actor, asked: QueryDict) -> queries.Organisation:
    """The one the address or the form names, else the topmost. Raises NotFound."""
    try:
        wanted = UUID(asked["organisation"]) if asked.get("organisation") else None
    except ValueError as error:
        raise NotFound("organisation") from error
    places = _places(by)
    found = (places.filter(uuid=wanted) if wanted else places).first()
    if found is None:
        raise NotFound("organisation")
    return found


def _texts(desk: reads.Desk, language: str) -> dict[str, str]:
    return {name: desk.text(name, language) for name in reads.TEXTS}


def _differences(one: reads.Offer) -> Sequence[tuple[str, str, str]]:
    return [(labels.label("party_field", name), before, after) for name, before, after in one.differs]


@require_POST
def take_up(request: SignedIn, desk: str) -> HttpResponse:
    place = _place(request.actor, request.POST)
    try:
        made = actions.take_up_desk(by=request.actor, desk=desk, organisation=place.uuid)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
        return redirect("web:public_desks")
    messages.success(request, _("Taken up. Prove its ways once, and add the numbers of your own prefecture."))
    return redirect("web:party", made.uuid)
