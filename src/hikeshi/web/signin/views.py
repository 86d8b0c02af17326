"""Signing in. The library's views carry the steps; these give them our forms and pages."""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import demonstration, queries
from hikeshi.incidents import queries as incidents
from hikeshi.web.access import asked, open_to_all, status_of
from hikeshi.web.signin import forms, guard, places
from hikeshi.web.submitting import submitted


class SignIn(account.LoginView):  # type: ignore[misc]  # allauth carries no types
    form_class = forms.SignIn
    template_name = "web/signin/sign_in.html"
    extra_context = {"title": gettext_lazy("Sign in")}

    def get_context_data(self, **more: object) -> dict[str, object]:
        context = super().get_context_data(**more)
        tried = demonstration.people()
        return {
            **context,
            "passkeys": places.passkeys_possible(self.request),
            "may_report": incidents.open_to_all(),
            "tried": tried,
            "tried_password": demonstration.PASSWORD if tried else "",
        }


class SecondStep(second.AuthenticateView):  # type: ignore[misc]  # allauth carries no types
    form_class = forms.SecondStep
    template_name = "web/signin/second_step.html"
    extra_context = {"title": gettext_lazy("Second step")}

    def get_context_data(self, **more: object) -> dict[str, object]:
        holder = self.stage.login.user
        methods = {factor.method.value for factor in queries.second_factors(holder).values()}
        return {**super().get_context_data(**more), "methods": methods, **self.extra_context}


class PasswordAgain(account.ReauthenticateView):  # type: ignore[misc]  # allauth carries no types
    form_class = forms.Password
    template_name = "web/signin/again.html"
    extra_context = {"title": gettext_lazy("Confirm that it is you"), "by": "password"}


class CodeAgain(second.ReauthenticateView):  # type: ignore[misc]  # allauth carries no types
    form_class = forms.Code
    template_name = "web/signin/again.html"
    extra_context = {"title": gettext_lazy("Confirm that it is you"), "by": "code"}


class PasskeyAgain(webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]  # allauth carries no types
    template_name = "web/signin/again.html"
    extra_context = {"title": gettext_lazy("Confirm that it is you"), "by": "passkey"}


class SignOut(account.LogoutView):  # type: ignore[misc]  # allauth carries no types
    template_name = "web/signin/sign_out.html"
    extra_context = {"title": gettext_lazy("Sign out")}


@open_to_all
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Scanners follow links in messages: looking uses nothing up, choosing a password does."""
    invited = queries.invitation(secret)
    form = forms.Invitation(asked(request))
    chosen = submitted(form, lambda values: accounts.accept_invitation(by=guard.DESK, secret=secret, **values))
    if chosen:
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")
    context = {"title": _("Choose your password"), "form": form, "invited": invited.person}
    return render(request, "web/signin/invitation.html", context, status=status_of(form))
