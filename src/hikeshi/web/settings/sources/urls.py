from django.urls import path

from hikeshi.web.settings.sources import views

urlpatterns = [path("", views.sources, name="sources")]
