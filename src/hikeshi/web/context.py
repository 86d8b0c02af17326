"""What every template may use without being handed it."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from hikeshi.accounts import queries as accounts
from hikeshi.canary import queries as canaries
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor
from hikeshi.rooms import queries as rooms
from hikeshi.web import bundles, languages, navigation


def everywhere(request: HttpRequest) -> dict[str, object]:
    """``frame`` is what a page extends: whole, its panels alone (htmx), or inside the dialog; ``form_swap``
    where its form comes back to when something is wrong with it.
    """
    htmx = getattr(request, "htmx", None)
    asked = htmx is not None and bool(htmx) and not htmx.history_restore_request
    frame, form_swap = "web/shell.html", 'hx-target="body"'
    if htmx is not None and asked:
        frame = "web/fragment.html"
    if htmx is not None and asked and htmx.target == "sheet":
        frame, form_swap = "web/sheet.html", 'hx-target="#sheet" hx-swap="innerHTML"'
    person = request.user if getattr(request, "user", None) and request.user.is_authenticated else None
    site = SimpleLazyObject(accounts.site)  # one query, and none where no template shows any of it
    return {
        "frame": frame,
        "form_swap": mark_safe(form_swap),  # noqa: S308  # one of the two constants above
        "me": person,
        "actor": getattr(request, "actor", None),
        "theme": person.theme if person else request.COOKIES.get("theme", "system"),
        "languages": lambda: languages.named(site.languages),
        "site": site,
        "navigation": navigation.Navigation(request),
        "unreached": SimpleLazyObject(lambda: _unreached(request)),
        "chat_tools": SimpleLazyObject(rooms.any_on),
        "canary_failed": SimpleLazyObject(lambda: _canary_failed(request)),
        "edition": bundles.edition(),
        "stylesheets": (bundles.url("fonts.css"), bundles.url("hikeshi.css")),
        "scripts": (bundles.url("htmx.js"), bundles.url("hikeshi.js")),
    }


def _unreached(request: HttpRequest) -> object:
    """What is loudest on every page, for whoever sees the record it is about."""
    actor: Actor | None = getattr(request, "actor", None)
    return incidents.unreached(actor) or "" if actor is not None else ""


def _canary_failed(request: HttpRequest) -> object:
    """For those who can mend it, while the last trial of the whole chain did not come through."""
    actor: Actor | None = getattr(request, "actor", None)
    return canaries.alarm(actor) or "" if actor is not None else ""
