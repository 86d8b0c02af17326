from django.urls import path

from hikeshi.web.settings.load import views

urlpatterns = [
    path("", views.settings, name="load"),
    path("skills", views.skills, name="load_skills"),
    path("limits", views.limits, name="load_limits"),
    path("on", views.automatic_on, name="load_on"),
    path("off", views.automatic_off, name="load_off"),
    path("rules/new", views.new, name="new_load_rule"),
    path("rules/<slug:code>", views.rule, name="load_rule"),
    path("rules/<slug:code>/on", views.rule_on, name="load_rule_on"),
    path("rules/<slug:code>/off", views.rule_off, name="load_rule_off"),
    path("rules/<slug:code>/remove", views.remove, name="remove_load_rule"),
    path("rules/<slug:code>/up", views.up, name="load_rule_up"),
    path("rules/<slug:code>/try", views.dry_run, name="try_load_rule"),
]
