from django.urls import path

from hikeshi.web.escalation import history, views

urlpatterns = [
    path("", views.policies, name="escalation"),
    path("new", views.new, name="new_policy"),
    path("try", views.dry_run, name="try_escalation"),
    path("executives", views.executives, name="executives"),
    path("<uuid:policy>", views.policy, name="policy"),
    path("<uuid:policy>/retire", views.retire, name="retire_policy"),
    path("<uuid:policy>/restore", views.restore, name="restore_policy"),
    path("<uuid:policy>/versions", history.versions, name="policy_versions"),
    path("<uuid:policy>/versions/<int:number>/restore", history.restore, name="restore_policy_version"),
    path("<uuid:policy>/up", views.up, name="policy_up"),
]
