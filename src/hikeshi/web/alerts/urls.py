from django.urls import path

from hikeshi.web.alerts import benign, inhibitions, noise, silences, taking, views

urlpatterns = [
    path("", views.queue, name="alerts"),
    path("export.<slug:form>", taking.taken, name="export_alerts"),
    path("open", views.open_incident, name="open_from_alerts"),
    path("attach", views.attach, name="attach_alerts"),
    path("parked/", views.parked, name="parked"),
    path("parked/<uuid:uuid>/replay", views.replay, name="replay_parked"),
    path("parked/<uuid:uuid>/dismiss", views.dismiss, name="dismiss_parked"),
    path("noise/", noise.noise, name="noise"),
    path("silences/", silences.silences, name="silences"),
    path("silences/new", silences.new, name="new_silence"),
    path("silences/<uuid:uuid>/", silences.silence, name="silence"),
    path("silences/<uuid:uuid>/end", silences.end, name="end_silence"),
    path("flapping", benign.flapping, name="flapping"),
    path("benign/", benign.benign, name="benign"),
    path("benign/new", benign.new, name="new_benign"),
    path("benign/<uuid:uuid>/", benign.entry, name="benign_entry"),
    path("benign/<uuid:uuid>/review", benign.review, name="review_benign"),
    path("benign/<uuid:uuid>/end", benign.end, name="end_benign"),
    path("inhibitions/", inhibitions.inhibitions, name="inhibitions"),
    path("inhibitions/new", inhibitions.new, name="new_inhibition"),
    path("inhibitions/<uuid:uuid>/", inhibitions.inhibition, name="inhibition"),
    path("inhibitions/<uuid:uuid>/change", inhibitions.change, name="change_inhibition"),
    path("inhibitions/<uuid:uuid>/end", inhibitions.end, name="end_inhibition"),
    path("<uuid:uuid>/", views.alert, name="alert"),
    path("<uuid:uuid>/snooze", silences.snooze, name="snooze_alert"),
    path("<uuid:uuid>/raw", views.raw, name="alert_raw"),
    path("<uuid:uuid>/correct/<slug:verdict>", views.correct_at_once, name="correct_at_once"),
    path("<uuid:uuid>/correct", views.correct, name="correct_verdict"),
]
