from django.urls import path

from hikeshi.web.calendar import views

urlpatterns = [path("", views.calendar, name="calendar")]
