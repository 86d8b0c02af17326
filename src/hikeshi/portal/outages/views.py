"""What the desk tells of, and the word of those who have it too."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hikeshi.accounts.refusals import Wait
from hikeshi.incidents.reporting import Knock
from hikeshi.notices import actions
from hikeshi.phrases import refusals as sentences
from hikeshi.portal import doors, keeping


@doors.open_where_allowed
@never_cache
@require_POST
def also(request: HttpRequest, outage: UUID) -> HttpResponse:
    said = keeping.give_voice(request)
    response = redirect("portal:odd")
    try:
        _say(request, outage, said)
    except Wait as refusal:
        messages.error(request, sentences.sentence(refusal))
        return response
    messages.success(request, _("Noted. You need not report it again; news of it appears here."))
    keeping.remember_voice(response, said)
    return response


def _say(request: HttpRequest, outage: UUID, said: str) -> bool:
    """Whether it counted; what was said before counts no more, and costs nothing. Raises Wait, NotFound."""
    reader = getattr(request, "actor", None)
    return doors.paced(
        request,
        Knock.ALSO,
        lambda: actions.share_outage(by=doors.DESK, outage=outage, place=said, reader=reader),
        counts=lambda counted: counted,
    )
