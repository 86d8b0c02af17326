from django.urls import path

from hikeshi.web.settings.service_levels import views

urlpatterns = [
    path("", views.targets, name="service_levels"),
    path("new", views.new, name="new_target"),
    path("stuck", views.stuck, name="stuck_limits"),
    path("renew", views.renew, name="renew_clocks"),
    path("<slug:code>", views.target, name="target"),
    path("<slug:code>/on", views.on, name="target_on"),
    path("<slug:code>/off", views.off, name="target_off"),
    path("<slug:code>/remove", views.remove, name="remove_target"),
    path("<slug:code>/up", views.up, name="target_up"),
]
