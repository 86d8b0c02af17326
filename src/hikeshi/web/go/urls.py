from django.urls import path

from hikeshi.web.go import views

urlpatterns = [path("", views.go, name="go")]
