"""Adding and removing second factors. The library's views make the keys; what changed is recorded here."""

from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.facts import Method
from hikeshi.web.account.forms import Number
from hikeshi.web.account.reader import Reader, proven_again
from hikeshi.web.signin import forms, places


@require_GET
def overview(request: Reader) -> HttpResponse:
    held = queries.second_factors(request.user)
    context = {
        "title": _("Second factor"),
        "factors": held,
        "app": any(factor.method is Method.TOTP for factor in held.values()),
        "must": queries.must_have_second_factor(request.user),
        "passkeys": places.passkeys_possible(request),
    }
    return render(request, "web/account/second_factors.html", context)


class _Noted:
    """The library commits first and we record after: a crash in between shows in `hikeshi verify --state`."""

    request: Reader

    def form_valid(self, form: Form) -> HttpResponse:
        before = queries.second_factors(self.request.user)
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the library's view, named after this
        accounts.note_second_factors(by=self.request.actor, before=before)
        return response


class AddApp(_Noted, totp.ActivateTOTPView):  # type: ignore[misc]  # allauth carries no types
    form_class = forms.ActivateTotp
    template_name = "web/account/add_app.html"
    extra_context = {"title": gettext_lazy("Codes from an app")}

    def dispatch(self, request: Reader, *args: object, **named: object) -> HttpResponse:
        """A second app would replace the first unseen; the library would send elsewhere, to a page we do not have."""
        held = queries.second_factors(request.user).values()
        if any(factor.method is Method.TOTP for factor in held):
            return redirect("mfa_index")
        response: HttpResponse = super().dispatch(request, *args, **named)
        return response


class AddPasskey(_Noted, webauthn.AddWebAuthnView):  # type: ignore[misc]  # allauth carries no types
    form_class = forms.AddPasskey
    template_name = "web/account/add_passkey.html"
    extra_context = {"title": gettext_lazy("Add a passkey")}


class RenewRecoveryCodes(_Noted, recovery.GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth carries no types
    template_name = "web/account/renew_recovery_codes.html"
    extra_context = {"title": gettext_lazy("New recovery codes")}


@proven_again
@require_GET
def recovery_codes(request: Reader) -> HttpResponse:
    context = {"title": _("Recovery codes"), "codes": queries.recovery_codes(request.actor)}
    return render(request, "web/account/recovery_codes.html", context)


@proven_again
@require_POST
def remove(request: Reader) -> HttpResponse:
    form = Number(request.POST)
    if form.is_valid():
        accounts.remove_second_factor(by=request.actor, number=form.cleaned_data["number"])
        messages.success(request, _("It was removed and no longer opens this account."))
    return redirect("mfa_index")
