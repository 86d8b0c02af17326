from django.urls import path

from hikeshi.web.alerts import taking, views

urlpatterns = [
    path("", views.queue, name="alerts"),
    path("export.<slug:form>", taking.taken, name="export_alerts"),
    path("open", views.open_incident, name="open_from_alerts"),
    path("attach", views.attach, name="attach_alerts"),
    path("parked/", views.parked, name="parked"),
    path("parked/<uuid:uuid>/replay", views.replay, name="replay_parked"),
    path("parked/<uuid:uuid>/dismiss", views.dismiss, name="dismiss_parked"),
    path("<uuid:uuid>/", views.alert, name="alert"),
    path("<uuid:uuid>/raw", views.raw, name="alert_raw"),
    path("<uuid:uuid>/correct/<slug:verdict>", views.correct_at_once, name="correct_at_once"),
    path("<uuid:uuid>/correct", views.correct, name="correct_verdict"),
]
