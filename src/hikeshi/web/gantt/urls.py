from django.urls import path

from hikeshi.web.gantt import milestones, views

urlpatterns = [
    path("", views.gantt, name="gantt"),
    path("milestones/", milestones.listed, name="milestones"),
    path("milestones/new", milestones.edit, name="new_milestone"),
    path("milestones/<uuid:milestone>/", milestones.edit, name="milestone"),
    path("milestones/<uuid:milestone>/remove", milestones.remove, name="remove_milestone"),
    path("<str:ref>/<uuid:task>", views.plan, name="gantt_plan"),
]
