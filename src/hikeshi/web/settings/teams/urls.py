from django.urls import path

from hikeshi.web.settings.teams import taking, views

urlpatterns = [
    path("", views.teams, name="teams"),
    path("export.<slug:form>", taking.taken, name="export_teams"),
    path("new", views.new, name="new_team"),
    path("<uuid:team>", views.team, name="team"),
    path("<uuid:team>/retire", views.retire, name="retire_team"),
    path("<uuid:team>/reinstate", views.reinstate, name="reinstate_team"),
]
