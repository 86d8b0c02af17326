"""What django-allauth asks of a site, answered our way."""

from typing import Final
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import names, queries, sealing, sessions
from hikeshi.accounts.facts import Method
from hikeshi.accounts.steps import Step
from hikeshi.web.signin import devices, guard, places

PURPOSE: Final = "second-factor"
WRONG_CODE: Final = gettext_lazy("The code is not right, or it has been used already.")
REAUTHENTICATION: Final = {
    "reauthenticate": gettext_lazy("Use the password"),
    "mfa_reauthenticate": gettext_lazy("Use a code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
}
SAID: Final = {
    "mfa/messages/totp_activated.txt": gettext_lazy("From now on a code from your app is asked for when you sign in."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("Codes from your app are no longer asked for."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey was added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey was removed."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy(
        "New recovery codes were made; older ones no longer work."
    ),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The user name or the password is not right."),
        "incorrect_password": gettext_lazy("The password is not right."),
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return guard.address_of(request)

    def is_safe_url(self, url: str) -> bool:
        """Paths of this site only; what the Host header says decides nothing."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Allauth would count failures per address in this process's memory; the guard counts them instead."""

    def authenticate(self, request: HttpRequest, **credentials: str) -> AbstractBaseUser | None:
        username = names.normalise(credentials.pop("username", ""))
        known = super().authenticate
        return guard.attempt(request, Step.PASSWORD, username, lambda: known(request, username=username, **credentials))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)  # under a new session key, so that nobody can have planted it
        origin = sessions.begin(guard.address_of(request), guard.device_of(request))
        request.session[sessions.ORIGIN] = origin
        proofs = get_authentication_records(request, user)
        if proofs:
            proofs[-1]["reauthenticated"] = True  # proving it now and being asked again a minute later teaches nothing
            request.session[AUTHENTICATION_METHODS_SESSION_KEY] = proofs
        accounts.note_sign_in(
            by=queries.actor_of(user),  # type: ignore[arg-type]  # allauth hands us our own Person
            session=UUID(origin["session"]),
            methods=[Method(proof.get("type", proof["method"])) for proof in proofs],
            address=origin["address"],
        )

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: object) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        devices.remember(request, response, user.get_username())
        return response

    def logout(self, request: HttpRequest) -> None:
        origin = request.session.get(sessions.ORIGIN)
        if origin and request.user.is_authenticated:
            accounts.note_sign_out(by=queries.actor_of(request.user), session=UUID(origin["session"]))
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, _("This account is not in use. Ask an administrator."))
        return redirect("account_login")

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, str]]:
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": str(REAUTHENTICATION[method["id"]])} for method in methods]

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: object, **more: object
    ) -> None:
        """What a page shows anyway (signed in, signed out) is not said twice."""
        if message_template in SAID:
            messages.success(request, str(SAID[message_template]))

    def send_notification_mail(self, *args: object, **more: object) -> None:
        """Nothing leaves by this way: mail is the site's messages' business, with their worlds and throttles."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return sealing.seal(settings.MASTER_KEY, PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(settings.MASTER_KEY, PURPOSE, encrypted_text)

    def get_totp_issuer(self) -> str:
        return queries.site().name

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002  # allauth's name
        return _("Passkey %(number)s") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": places.host(context.request), "name": queries.site().name}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        entity = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": user.get_username(), "display_name": shown(user)}


def shown(user: AbstractBaseUser) -> str:
    """How allauth names somebody where it writes a name itself."""
    return str(getattr(user, "name", ""))
