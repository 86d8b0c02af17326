from django.urls import path

from hikeshi.web.settings.reporting import views

urlpatterns = [path("", views.rules, name="reporting")]
