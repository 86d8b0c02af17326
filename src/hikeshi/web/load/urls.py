from django.urls import path

from hikeshi.web.load import views

urlpatterns = [
    path("", views.board, name="load"),
    path("hand-over", views.hand_over, name="hand_over"),
    path("people/<uuid:person>/", views.person, name="load_of"),
    path("people/<uuid:person>/edit", views.profile, name="load_profile"),
]
