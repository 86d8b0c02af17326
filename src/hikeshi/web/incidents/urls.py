from django.urls import include, path

from hikeshi.web.files import views as files
from hikeshi.web.incidents import taking, views
from hikeshi.web.phone import views as phone
from hikeshi.web.reports import views as reports
from hikeshi.web.room import views as room

urlpatterns = [
    path("", views.incident_list, name="incidents"),
    path("export.<slug:form>", taking.taken, name="export_incidents"),
    path("new", views.new_incident, name="new_incident"),
    path("alike", views.alike, name="alike"),
    path("break-glass", views.break_glass, name="break_glass"),
    path("", include("hikeshi.web.filters.urls")),
    path("<str:ref>/", room.room, name="room"),
    path("<str:ref>/timeline", room.timeline, name="timeline"),
    path("<str:ref>/clocks", room.clocks, name="clocks"),
    path("<str:ref>/here", room.here, name="here"),
    path("<str:ref>/export.zip", files.export, name="export"),
    path("<str:ref>/files", files.files, name="files"),
    path("<str:ref>/files/<uuid:file>", files.file, name="file"),
    path("<str:ref>/files/<uuid:file>/sample.zip", files.sample, name="sample"),
    path("<str:ref>/report", reports.report, name="report"),
    path("<str:ref>/report.<slug:form>", reports.copy, name="report_copy"),
    path("<str:ref>/new-code", phone.new_code, name="new_code"),
    path("<str:ref>/<slug:name>", room.act, name="act"),
    path("<str:ref>/<slug:name>/<str:part>", room.act, name="act"),
]
