from django.urls import path

from hikeshi.web.help import views

urlpatterns = [
    path("", views.page, name="help"),
    path("<slug:name>", views.page, name="help_page"),
]
