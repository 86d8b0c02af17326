"""Who one is in the chat tools of this site."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hikeshi.rooms import actions, queries
from hikeshi.web.account.reader import Reader, proven_again


@proven_again
@require_http_methods(["GET", "POST"])
def chat(request: Reader) -> HttpResponse:
    """A code is made by asking for it, shown once, and good for ten minutes."""
    code = actions.make_link_code(by=request.actor) if request.method == "POST" else ""
    context = {"title": _("Chat"), "places": queries.own_links(request.actor), "code": code}
    return render(request, "web/account/chat.html", context)


@proven_again
@require_POST
def confirm(request: Reader, link: UUID) -> HttpResponse:
    actions.confirm_link(by=request.actor, link=link)
    messages.success(request, _("Confirmed. What you write there is done as you."))
    return redirect("account_chat")


@require_POST
def unlink(request: Reader, link: UUID) -> HttpResponse:
    actions.unlink(by=request.actor, link=link)
    messages.success(request, _("The desk no longer knows this account."))
    return redirect("account_chat")
