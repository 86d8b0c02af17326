from django.urls import path

from hikeshi.web.settings.chat import views

urlpatterns = [
    path("", views.workspaces, name="chat"),
    path("new", views.new, name="new_chat"),
    path("<uuid:workspace>/", views.workspace, name="chat_workspace"),
    path("<uuid:workspace>/edit", views.edit, name="edit_chat"),
    path("<uuid:workspace>/try", views.attempt, name="try_chat"),
    path("<uuid:workspace>/remove", views.remove, name="remove_chat"),
    path("<uuid:workspace>/people", views.map_person, name="map_chat"),
    path("<uuid:workspace>/people/<uuid:link>/remove", views.unlink, name="unlink_chat"),
]
