from django.urls import path

from hikeshi.web.settings.organisations import views

urlpatterns = [
    path("", views.organisations, name="organisations"),
    path("new", views.new, name="new_organisation"),
    path("<uuid:organisation>/rename", views.rename, name="rename_organisation"),
    path("<uuid:organisation>/retire", views.retire, name="retire_organisation"),
    path("<uuid:organisation>/reinstate", views.reinstate, name="reinstate_organisation"),
    path("<uuid:organisation>/move", views.move, name="move_organisation"),
]
