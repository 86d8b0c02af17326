from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.mailboxes import actions, queries, trying
from hikeshi.phrases import refusals
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.account.reader import proven_again
from hikeshi.web.settings.mailboxes import forms
from hikeshi.web.settings.saving import saved

OWN = ("name", "address", "carries", "source", "trusted", "senders")


@require_GET
def mailboxes(request: SignedIn) -> HttpResponse:
    context = {"title": _("Mailboxes"), "mailboxes": queries.mailboxes(request.actor), "ports": queries.receiver()}
    return render(request, "web/settings/mailboxes/list.html", context)


@require_GET
def mailbox(request: SignedIn, mailbox: UUID) -> HttpResponse:
    view = queries.mailbox(request.actor, mailbox)
    context = {"title": view.row.name, "row": view.row, "letters": view.letters}
    return render(request, "web/settings/mailboxes/mailbox.html", context)


@proven_again
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    queries.mailboxes(request.actor)
    form = forms.Mailbox(None, asked(request))
    made = saved(form, lambda said: _save(request.actor, None, said))
    if made is not None:
        messages.success(request, _("Saved."))
        return redirect("settings:mailbox", made.uuid)
    context = {"title": _("Connect a mailbox"), "form": form}
    return render(request, "web/settings/mailboxes/edit.html", context, status=form.status)


@proven_again
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, mailbox: UUID) -> HttpResponse:
    view = queries.mailbox(request.actor, mailbox)
    form = forms.Mailbox(view, asked(request))
    if saved(form, lambda said: _save(request.actor, mailbox, said)):
        messages.success(request, _("Saved."))
        return redirect("settings:mailbox", mailbox)
    context = {"title": view.row.name, "form": form, "row": view.row}
    return render(request, "web/settings/mailboxes/edit.html", context, status=form.status)


def _save(by: Actor, mailbox: UUID | None, said: dict[str, str]) -> queries.Mailbox:
    given = {one.name: said[one.name] for one in queries.FIELDS if one.name in said}
    return actions.set_mailbox(
        by=by,
        mailbox=mailbox,
        **{name: said[name] for name in OWN},
        on=bool(said["on"]),
        answers=bool(said["answers"]),
        given=given,
        version=int(said["version"] or 0) if mailbox else None,
    )


@require_POST
def test(request: SignedIn, mailbox: UUID) -> HttpResponse:
    """Answers with the page itself: what was found is kept nowhere."""
    view = queries.mailbox(request.actor, mailbox)
    try:
        tried = trying.attempt(request.actor, mailbox)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
        return redirect("settings:mailbox", mailbox)
    context = {"title": view.row.name, "row": view.row, "letters": view.letters, "tried": tried}
    return render(request, "web/settings/mailboxes/mailbox.html", context)


@require_POST
def attempt(request: SignedIn, mailbox: UUID) -> HttpResponse:
    try:
        actions.try_mailbox(by=request.actor, mailbox=mailbox)
        messages.success(request, _("The desk is looking. Load the page again in a moment to see what it found."))
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    return redirect("settings:mailbox", mailbox)


@proven_again
@require_POST
def remove(request: SignedIn, mailbox: UUID) -> HttpResponse:
    try:
        actions.remove_mailbox(by=request.actor, mailbox=mailbox)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
        return redirect("settings:mailbox", mailbox)
    messages.success(request, _("Removed. What its mails became stays."))
    return redirect("settings:mailboxes")


@require_POST
def again(request: SignedIn, mailbox: UUID, letter: UUID) -> HttpResponse:
    try:
        actions.try_letter(by=request.actor, letter=letter)
        messages.success(request, _("The mail is taken up again."))
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    return redirect("settings:mailbox", mailbox)
