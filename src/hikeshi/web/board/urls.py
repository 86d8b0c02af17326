from django.urls import path

from hikeshi.web.board import views

urlpatterns = [
    path("", views.board, name="board"),
    path("limits", views.limits, name="board_limits"),
    path("move", views.chosen, name="board_chosen"),
    path("<str:ref>/<slug:by>/<str:to>", views.move, name="board_move"),
]
