from django.urls import path

from hikeshi.web.figures import views

urlpatterns = [
    path("", views.show, name="figures"),
    path("new", views.new, name="new_dashboard"),
    path("export.<slug:form>", views.taken, name="figures_taken"),
    path("<uuid:board>/", views.show, name="dashboard"),
    path("<uuid:board>/edit", views.edit, name="edit_dashboard"),
    path("<uuid:board>/remove", views.remove, name="remove_dashboard"),
    path("<uuid:board>/export.<slug:form>", views.taken, name="dashboard_taken"),
]
