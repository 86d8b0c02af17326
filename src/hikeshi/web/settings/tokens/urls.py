from django.urls import path

from hikeshi.web.settings.tokens import taking, views

urlpatterns = [
    path("", views.tokens, name="tokens"),
    path("export.<slug:form>", taking.taken, name="export_tokens"),
    path("new", views.new, name="new_token"),
    path("<uuid:token>/revoke", views.revoke, name="revoke_token"),
]
