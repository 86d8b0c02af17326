from django.urls import path

from hikeshi.web.escalation import views

urlpatterns = [
    path("", views.policies, name="escalation"),
    path("new", views.new, name="new_policy"),
    path("try", views.dry_run, name="try_escalation"),
    path("executives", views.executives, name="executives"),
    path("<uuid:policy>", views.policy, name="policy"),
    path("<uuid:policy>/retire", views.retire, name="retire_policy"),
    path("<uuid:policy>/restore", views.restore, name="restore_policy"),
    path("<uuid:policy>/up", views.up, name="policy_up"),
]
