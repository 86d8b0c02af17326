from django.urls import path

from hikeshi.web.executive import views

urlpatterns = [path("", views.situation, name="executive")]
