from django.urls import path

from hikeshi.web.search import views

urlpatterns = [path("", views.search, name="search")]
