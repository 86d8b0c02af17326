from django.urls import path

from hikeshi.web.settings.roles import views

urlpatterns = [
    path("", views.roles, name="roles"),
    path("new", views.new, name="new_role"),
    path("<slug:role>/edit", views.edit, name="edit_role"),
    path("<slug:role>/second-factor", views.second_factor, name="require_second_factor"),
]
