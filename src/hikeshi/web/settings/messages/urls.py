from django.urls import path

from hikeshi.web.settings.messages import taking, views

urlpatterns = [
    path("", views.outbox, name="messages"),
    path("export.<slug:form>", taking.taken, name="export_messages"),
    path("<uuid:message>", views.message, name="message"),
]
