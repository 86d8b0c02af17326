from django.urls import path

from hikeshi.web.settings.teams import views

urlpatterns = [
    path("", views.teams, name="teams"),
    path("new", views.new, name="new_team"),
    path("<uuid:team>", views.team, name="team"),
    path("<uuid:team>/remove", views.remove, name="remove_team"),
]
