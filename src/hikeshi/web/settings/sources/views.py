from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.permissions import Verb
from hikeshi.intake import queries as intake
from hikeshi.kernel.acting import Actor
from hikeshi.web.access import SignedIn


@dataclass(frozen=True, slots=True)
class Source:
    about: intake.SourceInfo
    has_token: bool
    heard: intake.LastHeard | None


@require_GET
def sources(request: SignedIn) -> HttpResponse:
    request.actor.must("intake.view")
    may_manage = request.actor.may(Verb.MANAGE)
    context = {"title": _("Sources"), "sources": _sources(request.actor), "may_manage": may_manage}
    return render(request, "web/settings/sources.html", context)


def _sources(by: Actor) -> list[Source]:
    heard = {last.source: last for last in intake.heard(by)}
    keyed = accounts.live_sources(by)
    return [Source(about, about.code in keyed, heard.get(about.code)) for about in intake.sources()]
