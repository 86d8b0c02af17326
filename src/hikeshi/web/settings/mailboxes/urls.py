from django.urls import path

from hikeshi.web.settings.mailboxes import views

urlpatterns = [
    path("", views.mailboxes, name="mailboxes"),
    path("new", views.new, name="new_mailbox"),
    path("<uuid:mailbox>/", views.mailbox, name="mailbox"),
    path("<uuid:mailbox>/edit", views.edit, name="edit_mailbox"),
    path("<uuid:mailbox>/test", views.test, name="test_mailbox"),
    path("<uuid:mailbox>/try", views.attempt, name="try_mailbox"),
    path("<uuid:mailbox>/remove", views.remove, name="remove_mailbox"),
    path("<uuid:mailbox>/letters/<uuid:letter>/try", views.again, name="try_letter"),
]
