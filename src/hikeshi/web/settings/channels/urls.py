from django.urls import path

from hikeshi.web.settings.channels import views

urlpatterns = [
    path("", views.channels, name="channels"),
    path("hosts", views.hosts, name="hosts"),
    path("try", views.attempt, name="try_channel"),
    path("<slug:kind>", views.channel, name="channel"),
    path("<slug:kind>/remove", views.remove, name="remove_channel"),
]
