from django.urls import path

from hikeshi.web.calendar import views
from hikeshi.web.gantt.views import plan

urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("<str:ref>/wait", views.wait, name="calendar_wait"),
    path("<str:ref>/<uuid:task>", plan, {"home": "web:calendar"}, name="calendar_move"),
]
