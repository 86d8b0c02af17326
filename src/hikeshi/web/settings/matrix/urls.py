from django.urls import path

from hikeshi.web.settings.matrix import views

urlpatterns = [
    path("", views.matrix, name="matrix"),
    path("look", views.look, name="matrix_look"),
    path("compare", views.compare, name="compare_matrix"),
    path("rejudge", views.rejudge, name="rejudge"),
    path("words", views.words, name="level_words"),
    path("go-back/<int:number>", views.go_back, name="restore_matrix"),
]
