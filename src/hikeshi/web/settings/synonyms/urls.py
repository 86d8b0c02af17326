from django.urls import path

from hikeshi.web.settings.synonyms import views

urlpatterns = [
    path("", views.synonyms, name="synonyms"),
    path("versions/<int:number>", views.go_back, name="synonyms_back"),
]
