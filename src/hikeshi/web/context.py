"""What every template may use without being handed it."""

from django.conf import settings
from django.http import HttpRequest

from hikeshi.web import assets, navigation


def everywhere(request: HttpRequest) -> dict[str, object]:
    """``frame`` is what a page extends: whole, its panels alone (htmx), or inside the dialog."""
    htmx = getattr(request, "htmx", None)
    asked = htmx is not None and bool(htmx) and not htmx.history_restore_request
    frame = "web/shell.html"
    if htmx is not None and asked:
        frame = "web/sheet.html" if htmx.target == "sheet" else "web/fragment.html"
    person = request.user if getattr(request, "user", None) and request.user.is_authenticated else None
    return {
        "frame": frame,
        "me": person,
        "actor": getattr(request, "actor", None),
        "theme": person.theme if person else request.COOKIES.get("theme", "system"),
        "languages": settings.LANGUAGES,
        "navigation": navigation.Navigation(request),
        "stylesheets": (assets.url("fonts.css"), assets.url("hikeshi.css")),
        "scripts": (assets.url("htmx.js"), assets.url("hikeshi.js")),
    }
