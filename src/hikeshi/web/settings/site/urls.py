from django.urls import path

from hikeshi.web.settings.site import views

urlpatterns = [
    path("", views.site, name="site"),
    path("hold", views.hold, name="hold_site"),
    path("release", views.release, name="release_site"),
]
