from django.urls import path

from hikeshi.web.settings.teams import views

urlpatterns = [
    path("", views.teams, name="teams"),
    path("new", views.new, name="new_team"),
    path("<uuid:team>", views.team, name="team"),
    path("<uuid:team>/retire", views.retire, name="retire_team"),
    path("<uuid:team>/reinstate", views.reinstate, name="reinstate_team"),
]
