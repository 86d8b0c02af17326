"""What a person may settle about themselves."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import contacts, queries
from hikeshi.accounts.queries import Person
from hikeshi.accounts.sessions import ORIGIN
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.web import readings
from hikeshi.web.access import asked, status_of
from hikeshi.web.account import forms
from hikeshi.web.account.reader import Reader, proven_again
from hikeshi.web.submitting import submitted

ATTEMPTS_SHOWN = 20


@require_http_methods(["GET", "POST"])
def profile(request: Reader) -> HttpResponse:
    me = request.user
    form = forms.Profile(asked(request), initial={"name": me.name, "email": me.email})
    if submitted(form, lambda values: accounts.edit_person(by=request.actor, person=me.uuid, **values)):
        messages.success(request, _("Your profile is saved."))
        return redirect("account")
    context = {"title": _("Your account"), "form": form, "must": queries.must_have_second_factor(me)}
    context |= {"factors": queries.second_factors(me), "tokens": queries.own_tokens(request.actor)}
    return render(request, "web/account/profile.html", context, status=status_of(form))


@require_GET
def ways(request: Reader) -> HttpResponse:
    """How one is reached oneself: nobody else knows better."""
    me = request.user
    rows = contacts.ways_of_person(request.actor, me.uuid)
    context = {"title": _("How you are reached"), "ways": rows, "card": contacts.card_of(me), "person": me}
    return render(request, "web/account/ways.html", {**context, "mine": True, "may_keep": True})


@require_http_methods(["GET", "POST"])
def preferences(request: Reader) -> HttpResponse:
    me = request.user
    now = {"language": me.language, "time_zone": me.time_zone, "theme": me.theme, "reading": readings.chosen(request)}
    form = forms.Preferences(asked(request), initial=now)
    if submitted(form, lambda values: _prefer(request.actor, **values)):
        return redirect("account_preferences")
    return render(
        request,
        "web/account/preferences.html",
        {"title": _("Language, time and colours"), "form": form},
        status=status_of(form),
    )


def _prefer(by: Actor, *, reading: str, **values: str) -> Person:
    accounts.choose_reading(by=by, reading=reading)
    return accounts.set_preferences(by=by, **values)


@sensitive_post_parameters("password")
@proven_again
@require_http_methods(["GET", "POST"])
def password(request: Reader) -> HttpResponse:
    me, here = request.user, UUID(request.session[ORIGIN]["session"])
    form = forms.Password(asked(request))
    changed = submitted(
        form, lambda values: accounts.set_password(by=request.actor, person=me.uuid, keep_session=here, **values)
    )
    if changed:
        update_session_auth_hash(request, changed)
        messages.success(request, _("Your password is changed. Every other browser was signed out."))
        return redirect("account")
    context = {"title": _("Change password"), "form": form}
    return render(request, "web/account/password.html", context, status=status_of(form))


@require_GET
def sessions(request: Reader) -> HttpResponse:
    context = {
        "title": _("Signed-in browsers"),
        "sessions": queries.sessions(request.actor),
        "here": UUID(request.session[ORIGIN]["session"]),
        "attempts": queries.attempts(request.actor)[:ATTEMPTS_SHOWN],
    }
    return render(request, "web/account/sessions.html", context)


@require_POST
def end_session(request: Reader, session: UUID) -> HttpResponse:
    accounts.revoke_session(by=request.actor, session=session)
    messages.success(request, _("That browser was signed out."))
    return redirect("account_sessions")


@proven_again
@require_http_methods(["GET", "POST"])
def new_token(request: Reader) -> HttpResponse:
    form = forms.ApiToken(asked(request))
    secret = submitted(
        form,
        lambda values: accounts.create_token(
            by=request.actor,
            scope="api",
            person=request.user.uuid,
            name=values["name"],
            expires_at=clock.now() + timedelta(days=int(values["days"])),
        ),
    )
    context = {"title": _("New API token"), "form": form, "secret": secret}
    return render(request, "web/account/new_token.html", context, status=200 if secret else status_of(form))


@require_POST
def revoke_token(request: Reader, token: UUID) -> HttpResponse:
    accounts.revoke_token(by=request.actor, token=token)
    messages.success(request, _("The token no longer works."))
    return redirect("account")
