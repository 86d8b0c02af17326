"""Names that begin with mfa_ are those django-allauth looks up itself."""

from django.urls import path

from hikeshi.web.account import calls, chat, devices, second_factors, views

urlpatterns = [
    path("", views.profile, name="account"),
    path("preferences", views.preferences, name="account_preferences"),
    path("ways", views.ways, name="account_ways"),
    path("push", devices.subscribe, name="account_push"),
    path("push/key", devices.key, name="account_push_key"),
    path("calls", calls.calls, name="account_calls"),
    path("duty-notice", calls.notice, name="account_duty_notice"),
    path("chat", chat.chat, name="account_chat"),
    path("chat/<uuid:link>/confirm", chat.confirm, name="account_confirm_chat"),
    path("chat/<uuid:link>/remove", chat.unlink, name="account_unlink_chat"),
    path("password", views.password, name="account_change_password"),
    path("sessions", views.sessions, name="account_sessions"),
    path("sessions/<uuid:session>/end", views.end_session, name="account_end_session"),
    path("tokens/new", views.new_token, name="account_new_token"),
    path("tokens/<uuid:token>/revoke", views.revoke_token, name="account_revoke_token"),
    path("second-factor", second_factors.overview, name="mfa_index"),
    path("second-factor/app", second_factors.AddApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/passkey", second_factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/remove", second_factors.remove, name="account_remove_second_factor"),
    path("recovery-codes", second_factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new", second_factors.RenewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
