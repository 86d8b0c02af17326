from django.urls import path

from hikeshi.chat import views

app_name = "chat"
urlpatterns = [path("v1/<uuid:workspace>", views.door, name="door")]
