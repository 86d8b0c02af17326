"""Public desks the product knows of: taken up by whoever wants them, never by themselves."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hikeshi.accounts import actions
from hikeshi.accounts import public_desks as reads
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.phrases import labels, refusals
from hikeshi.web.access import SignedIn


@require_GET
def listing(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    language, place = get_language() or "en", reads.place(request.actor, _wanted(request.GET.get("organisation", "")))
    found = [(one, _texts(one.desk, language), _differences(one)) for one in reads.offers(request.actor, place)]
    context = {"title": _("Public desks"), "offers": found, "place": place, "places": reads.places(request.actor)[:200]}
    return render(request, "web/contacts/public_desks.html", context)


def _wanted(text: str) -> UUID | None:
    """Raises NotFound."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound("organisation") from error


def _texts(desk: reads.Desk, language: str) -> dict[str, str]:
    return {name: desk.text(name, language) for name in reads.TEXTS}


def _differences(one: reads.Offer) -> Sequence[tuple[str, str, str]]:
    return [(labels.label("party_field", name), before, after) for name, before, after in one.differs]


@require_POST
def take_up(request: SignedIn, desk: str) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    place = reads.place(request.actor, _wanted(request.POST.get("organisation", "")))
    try:
        made = actions.take_up_desk(by=request.actor, desk=desk, organisation=place.uuid)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
        return redirect("web:public_desks")
    messages.success(request, _("Taken up. Prove its ways once, and add the numbers of your own prefecture."))
    return redirect("web:party", made.uuid)
