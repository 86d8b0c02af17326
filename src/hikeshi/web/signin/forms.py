from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgain
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgain
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts.steps import Step
from hikeshi.web.signin import adapters, guard

CODE_INPUT = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false", "class": "code"}


def _plain(field: forms.Field, label: str | Promise, **attributes: str) -> None:
    """``label`` is lazy: the form may be made before the reader's language is known."""
    field.help_text = ""
    field.label = label  # type: ignore[assignment]  # the stubs know lazy text by a name of their own
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class SignIn(LoginForm):  # type: ignore[misc]  # allauth carries no types
    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        _plain(self.fields["login"], _("User name"), autofocus="", autocapitalize="off", spellcheck="false")
        _plain(self.fields["password"], _("Password"))


class Password(PasswordAgain):  # type: ignore[misc]  # allauth carries no types
    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        _plain(self.fields["password"], _("Password"), autofocus="")


class _Guarded:
    """A six-digit code can be guessed, and one read over a shoulder can be typed again: neither gets far."""

    user: AbstractBaseUser
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, object]

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        _plain(self.fields["code"], _("Code"), autofocus="", **CODE_INPUT)

    def clean_code(self) -> str:
        code = "".join(str(self.cleaned_data["code"]).split())
        self.cleaned_data["code"] = code
        right = guard.attempt(
            context.request,
            Step.SECOND_FACTOR,
            self.user.get_username(),
            self._right,
            proof=code,
        )
        if right is None:
            raise forms.ValidationError(adapters.WRONG_CODE, code="incorrect_code")
        return code

    def _right(self) -> str | None:
        try:
            return str(super().clean_code())  # type: ignore[misc]  # allauth's form, named after this class
        except forms.ValidationError:
            return None


class SecondStep(_Guarded, AuthenticateForm):  # type: ignore[misc]  # allauth carries no types
    pass


class Code(_Guarded, CodeAgain):  # type: ignore[misc]  # allauth carries no types
    pass


class ActivateTotp(ActivateTOTPForm):  # type: ignore[misc]  # allauth carries no types
    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        _plain(self.fields["code"], _("Code the app shows now"), **CODE_INPUT)


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        _plain(self.fields["name"], _("Name of this passkey"))
        _plain(self.fields["passwordless"], _("Sign in with it alone, without the password"))
        self.fields["passwordless"].initial = True


def new_password() -> forms.CharField:
    return forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=256,
        help_text=_("At least 12 characters. A few unrelated words are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class Invitation(forms.Form):
    password = new_password()
