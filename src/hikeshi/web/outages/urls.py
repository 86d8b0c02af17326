from django.urls import path

from hikeshi.web.outages import views

urlpatterns = [path("", views.outages, name="outages")]
