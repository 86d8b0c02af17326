from django.urls import path

from hikeshi.web.settings.retention import views

urlpatterns = [
    path("", views.retention, name="retention"),
    path("<slug:category>", views.period, name="period"),
]
