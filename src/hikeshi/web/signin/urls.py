"""Names without a namespace are those django-allauth looks up itself."""

from allauth.mfa.webauthn.views import login_webauthn
from django.urls import path

from hikeshi.web.signin import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/second-step", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey", login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/again/password", views.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("sign-in/again/code", views.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("sign-in/again/passkey", views.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("sign-in/invitation/<str:secret>", views.invitation, name="invitation"),
    path("sign-out", views.SignOut.as_view(), name="account_logout"),
]
