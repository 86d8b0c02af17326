from django.urls import path

from hikeshi.web.oncall import calendars, views

urlpatterns = [
    path("", views.board, name="oncall"),
    path("new", views.new, name="new_rota"),
    path("absence", views.absence, name="absence"),
    path("absences/<uuid:absence>/take-back", views.take_back_absence, name="take_back_absence"),
    path("swaps/<uuid:swap>/<slug:answer>", views.answer, name="answer_swap"),
    path("calendar", views.feeds, name="duty_feeds"),
    path("calendar/<uuid:feed>/revoke", views.revoke_feed, name="revoke_feed"),
    path("calendar/<str:secret>.ics", views.feed, name="duty_feed"),
    path("calendars", calendars.calendars, name="duty_calendars"),
    path("calendars/<uuid:subscription>/read", calendars.read, name="read_calendar"),
    path("calendars/<uuid:subscription>/end", calendars.end, name="end_subscription"),
    path("<uuid:rota>/", views.rota, name="rota"),
    path("<uuid:rota>/edit", views.edit, name="edit_rota"),
    path("<uuid:rota>/retire", views.retire, name="retire_rota"),
    path("<uuid:rota>/take-up", views.take_up, name="take_up_rota"),
    path("<uuid:rota>/versions/<int:number>/restore", views.restore, name="restore_rota"),
    path("<uuid:rota>/cover", views.cover, name="cover"),
    path("<uuid:rota>/covers/<uuid:cover>/take-back", views.take_back_cover, name="take_back_cover"),
    path("<uuid:rota>/swap", views.swap, name="swap"),
    path("<uuid:rota>/fairness", views.fairness, name="fairness"),
    path("<uuid:rota>/import", views.import_shifts, name="import_shifts"),
]
