from django.urls import path

from hikeshi.web.settings.calendars import views

urlpatterns = [
    path("", views.calendars, name="calendars"),
    path("new", views.new, name="new_calendar"),
    path("<uuid:calendar>", views.calendar, name="calendar"),
    path("<uuid:calendar>/remove", views.remove, name="remove_calendar"),
]
