from django.urls import path

from hikeshi.web.settings.contacts import views

urlpatterns = [path("", views.rules, name="contacts")]
