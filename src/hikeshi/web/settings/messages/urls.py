from django.urls import path

from hikeshi.web.settings.messages import views

urlpatterns = [
    path("", views.outbox, name="messages"),
    path("<uuid:message>", views.message, name="message"),
]
