from django.urls import path

from hikeshi.web.settings.kinds import views

urlpatterns = [
    path("", views.kinds, name="kinds"),
    path("new", views.new, name="new_kind"),
    path("<slug:code>", views.kind, name="kind"),
    path("<slug:code>/retire", views.retire, name="retire_kind"),
    path("<slug:code>/restore", views.restore, name="restore_kind"),
    path("<slug:code>/up", views.up, name="kind_up"),
    path("<slug:subject>/go-back/<int:number>", views.go_back, name="go_back"),
]
