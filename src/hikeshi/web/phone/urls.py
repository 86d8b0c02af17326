from django.urls import path

from hikeshi.web.phone import views

urlpatterns = [path("", views.log, name="phone")]
