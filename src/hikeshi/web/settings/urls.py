from django.urls import include, path

from hikeshi.web.settings.home import views as home

app_name = "settings"
urlpatterns = [
    path("", home.home, name="home"),
    path("site/", include("hikeshi.web.settings.site.urls")),
    path("kinds/", include("hikeshi.web.settings.kinds.urls")),
    path("courses/", include("hikeshi.web.settings.courses.urls")),
    path("matrix/", include("hikeshi.web.settings.matrix.urls")),
    path("load/", include("hikeshi.web.settings.load.urls")),
    path("service-levels/", include("hikeshi.web.settings.service_levels.urls")),
    path("calendars/", include("hikeshi.web.settings.calendars.urls")),
    path("synonyms/", include("hikeshi.web.settings.synonyms.urls")),
    path("criteria/", include("hikeshi.web.settings.criteria.urls")),
    path("people/", include("hikeshi.web.settings.people.urls")),
    path("teams/", include("hikeshi.web.settings.teams.urls")),
    path("roles/", include("hikeshi.web.settings.roles.urls")),
    path("organisations/", include("hikeshi.web.settings.organisations.urls")),
    path("contacts/", include("hikeshi.web.settings.contacts.urls")),
    path("reporting/", include("hikeshi.web.settings.reporting.urls")),
    path("forms/", include("hikeshi.web.settings.forms.urls")),
    path("answers/", include("hikeshi.web.settings.answers.urls")),
    path("tokens/", include("hikeshi.web.settings.tokens.urls")),
    path("escalation/", include("hikeshi.web.escalation.urls")),
    path("retention/", include("hikeshi.web.settings.retention.urls")),
    path("channels/", include("hikeshi.web.settings.channels.urls")),
    path("chat/", include("hikeshi.web.settings.chat.urls")),
    path("mailboxes/", include("hikeshi.web.settings.mailboxes.urls")),
    path("canary/", include("hikeshi.web.settings.canary.urls")),
    path("messages/", include("hikeshi.web.settings.messages.urls")),
    path("sources/", include("hikeshi.web.settings.sources.urls")),
]
