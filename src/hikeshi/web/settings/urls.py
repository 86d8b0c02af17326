from django.urls import include, path

from hikeshi.web.settings.people import views as people

app_name = "settings"
urlpatterns = [
    path("", people.home, name="home"),
    path("people/", include("hikeshi.web.settings.people.urls")),
    path("roles/", include("hikeshi.web.settings.roles.urls")),
    path("organisations/", include("hikeshi.web.settings.organisations.urls")),
    path("tokens/", include("hikeshi.web.settings.tokens.urls")),
    path("sources/", include("hikeshi.web.settings.sources.urls")),
]
