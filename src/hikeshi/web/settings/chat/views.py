from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.notify.links import address
from hikeshi.notify.queries import knows_its_address
from hikeshi.phrases import refusals
from hikeshi.rooms import actions, queries
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.settings.chat import forms
from hikeshi.web.settings.saving import saved
from hikeshi.web.submitting import submitted


@require_GET
def workspaces(request: SignedIn) -> HttpResponse:
    context = {"title": _("Chat"), "workspaces": queries.workspaces(request.actor), "linked": knows_its_address()}
    return render(request, "web/settings/chat/list.html", context)


@proven_again
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    queries.workspaces(request.actor)
    form = forms.New(asked(request))
    made = submitted(form, lambda it: actions.set_workspace(by=request.actor, maker=it["maker"], name=it["name"]))
    if made is not None:
        return redirect("settings:edit_chat", made.uuid)
    context = {"title": _("Connect a chat tool"), "form": form}
    return render(request, "web/settings/chat/new.html", context, status=status_of(form))


@require_GET
def workspace(request: SignedIn, workspace: UUID) -> HttpResponse:
    return _shown(request, workspace, forms.Mapped())


def _shown(request: SignedIn, workspace: UUID, form: forms.Mapped) -> HttpResponse:
    view = queries.workspace(request.actor, workspace)
    context = {"title": view.row.name, "view": view, "row": view.row, "form": form}
    context |= {"door": address(f"/chat/v1/{view.row.uuid}"), "links": queries.links(request.actor, view.row)}
    return render(request, "web/settings/chat/workspace.html", context, status=status_of(form))


@proven_again
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, workspace: UUID) -> HttpResponse:
    view = queries.workspace(request.actor, workspace)
    form = forms.Connection(view, asked(request))
    if saved(form, lambda it: _save(request.actor, workspace, it)):
        messages.success(request, _("Saved."))
        return redirect("settings:chat_workspace", workspace)
    context = {"title": view.row.name, "form": form, "row": view.row, "door": address(f"/chat/v1/{workspace}")}
    return render(request, "web/settings/chat/edit.html", context, status=form.status)


def _save(by: Actor, workspace: UUID, said: dict[str, str]) -> object:
    own = {"on", "name", "makes_rooms", "threshold", "archives", "version"}
    return actions.set_workspace(
        by=by,
        workspace=workspace,
        name=said["name"],
        on=bool(said["on"]),
        given={name: str(value) for name, value in said.items() if name not in own},
        makes_rooms=bool(said["makes_rooms"]),
        threshold=int(said["threshold"]),
        archives=bool(said["archives"]),
        version=int(said["version"] or 0),
    )


@require_POST
def attempt(request: SignedIn, workspace: UUID) -> HttpResponse:
    try:
        actions.try_workspace(by=request.actor, workspace=workspace)
        messages.success(request, _("The desk is asking. Load the page again in a moment to see the answer."))
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    return redirect("settings:chat_workspace", workspace)


@proven_again
@require_POST
def remove(request: SignedIn, workspace: UUID) -> HttpResponse:
    actions.remove_workspace(by=request.actor, workspace=workspace)
    messages.success(request, _("Disconnected. Nothing that comes from there is believed any more."))
    return redirect("settings:chat")


@proven_again
@require_POST
def map_person(request: SignedIn, workspace: UUID) -> HttpResponse:
    form = forms.Mapped(request.POST)
    if submitted(form, lambda it: actions.map_person(by=request.actor, workspace=workspace, **it)):
        messages.success(request, _("Written down. The person confirms it under \u201cChat\u201d in their account."))
        return redirect("settings:chat_workspace", workspace)
    return _shown(request, workspace, form)


@require_POST
def unlink(request: SignedIn, workspace: UUID, link: UUID) -> HttpResponse:
    actions.unlink(by=request.actor, link=link)
    messages.success(request, _("The desk no longer knows this account."))
    return redirect("settings:chat_workspace", workspace)
