"""Every path of the site that Django serves."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("hikeshi.api.urls")),
    path("", include("hikeshi.web.urls", namespace="web")),
    path("", include("hikeshi.web.signin.urls")),
    path("account/", include("hikeshi.web.account.urls")),
    path("a/", include("hikeshi.portal.answer.urls", namespace="answer")),
    path("report/", include("hikeshi.portal.urls", namespace="portal")),
    path("chat/", include("hikeshi.chat.urls", namespace="chat")),
    path("settings/", include("hikeshi.web.settings.urls", namespace="settings")),
]

handler400 = "hikeshi.web.errors.unreadable"
handler403 = "hikeshi.web.errors.barred"
handler404 = "hikeshi.web.errors.missing"
handler500 = "hikeshi.web.errors.failed"
