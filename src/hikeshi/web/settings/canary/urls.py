from django.urls import path

from hikeshi.web.settings.canary import views

urlpatterns = [
    path("", views.canary, name="canary"),
    path("send", views.send, name="send_canary"),
    path("plan", views.plan, name="canary_plan"),
]
