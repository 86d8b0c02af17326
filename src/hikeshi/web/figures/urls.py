from django.urls import path

from hikeshi.web.figures import views

urlpatterns = [
    path("", views.show, name="figures"),
    path("new", views.new, name="new_board"),
    path("export.<slug:form>", views.taken, name="figures_taken"),
    path("<uuid:board>/", views.show, name="board"),
    path("<uuid:board>/edit", views.edit, name="edit_board"),
    path("<uuid:board>/remove", views.remove, name="remove_board"),
    path("<uuid:board>/export.<slug:form>", views.taken, name="board_taken"),
]
