from django.urls import include, path

from hikeshi.web.home import views as home
from hikeshi.web.shell import installing
from hikeshi.web.shell import views as shell

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("seen", home.seen, name="seen"),
    path("preferences", shell.preferences, name="preferences"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("desk-worker.js", installing.worker, name="desk_worker"),
    path("away", installing.away, name="away"),
    path("push-renewed", installing.renew, name="push_renewed"),
    path("topics", shell.topic_token, name="topics"),
    path("alerts/", include("hikeshi.web.alerts.urls")),
    path("rules/", include("hikeshi.web.ruling.urls")),
    path("assets/", include("hikeshi.web.assets.urls")),
    path("search/", include("hikeshi.web.search.urls")),
    path("go/", include("hikeshi.web.go.urls")),
    path("help/", include("hikeshi.web.help.urls")),
    path("contacts/", include("hikeshi.web.contacts.urls")),
    path("board/", include("hikeshi.web.board.urls")),
    path("executive/", include("hikeshi.web.executive.urls")),
    path("figures/", include("hikeshi.web.figures.urls")),
    path("calendar/", include("hikeshi.web.calendar.urls")),
    path("gantt/", include("hikeshi.web.gantt.urls")),
    path("load/", include("hikeshi.web.load.urls")),
    path("oncall/", include("hikeshi.web.oncall.urls")),
    path("phone/", include("hikeshi.web.phone.urls")),
    path("outages/", include("hikeshi.web.outages.urls")),
    path("incidents/", include("hikeshi.web.incidents.urls")),
]
