from django.urls import path

from hikeshi.portal.answer import views

app_name = "answer"
urlpatterns = [path("<str:token>", views.answer, name="one")]
