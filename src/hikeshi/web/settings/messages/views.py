from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hikeshi.notify import queries
from hikeshi.web.access import SignedIn
from hikeshi.web.settings.messages import filters, showing


@require_GET
def outbox(request: SignedIn) -> HttpResponse:
    narrowed = filters.Narrowed(request.GET)
    hidden = showing.hidden(request.actor)
    cursor = request.GET.get("cursor")
    page = queries.outbox(request.actor, hidden=hidden, cursor=cursor, course=narrowed.course, purpose=narrowed.purpose)
    context = {"title": _("Messages out"), "page": page, "cursor": cursor, "filters": narrowed}
    context |= {"lines": showing.lines(request.actor, page.items), "first": narrowed.query()}
    context |= {"next": narrowed.query(cursor=page.next or "")}
    return render(request, "web/settings/messages.html", context)


@require_GET
def message(request: SignedIn, message: UUID) -> HttpResponse:
    row = queries.message(request.actor, message, hidden=showing.hidden(request.actor))
    context = {"title": _("Message and its proof"), "line": showing.lines(request.actor, [row])[0]}
    context |= {"deliveries": showing.proved(row)}
    return render(request, "web/settings/message.html", context)
