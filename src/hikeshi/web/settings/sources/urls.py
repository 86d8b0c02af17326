from django.urls import path

from hikeshi.web.settings.sources import topics, views

urlpatterns = [
    path("", views.sources, name="sources"),
    path("new", views.new, name="new_source"),
    path("<slug:code>/", views.source, name="source"),
    path("<slug:code>/topics/new", topics.new_topic, name="new_topic"),
    path("topics/<uuid:topic>/remove", topics.remove_topic, name="remove_topic"),
    path("topics/<uuid:topic>/again", topics.ask_again, name="ask_topic_again"),
    path("<slug:code>/edit", views.edit, name="edit_source"),
    path("<slug:code>/watch", views.watch, name="watch_source"),
    path("<slug:code>/out", views.take_out, name="take_out_source"),
    path("<slug:code>/replay", views.replay, name="replay_source"),
    path("<slug:code>/compare", views.compare, name="compare_source"),
    path("<slug:code>/versions/<int:number>/restore", views.restore, name="restore_source"),
]
