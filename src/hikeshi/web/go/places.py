"""Where somebody can go and what they can begin, found by a few letters of its name."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor
from hikeshi.lists import queries as lists
from hikeshi.phrases import labels
from hikeshi.web.navigation import Navigation
from hikeshi.web.settings import places as settings
from hikeshi.web.templatetags.show import icon

MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Goal:
    """``group``: under which word it stands; ``line`` says more."""

    group: str
    name: str
    url: str
    picture: SafeString
    line: str = ""


def records(by: Actor, said: str) -> list[Goal]:
    """The records that a number alone means: `123`, `INC-2026-0123`; the newest year first."""
    return [
        Goal(_("Incident"), f"{one.ref}", reverse("web:room", args=[one.ref]), icon("flame"), one.title[:200])
        for one in incidents.numbered(by, said)
    ]


def found(request: HttpRequest, by: Actor, said: str) -> list[Goal]:
    """Records by number first, then places and acts whose names hold all the words, then the search."""
    words = _plain(said).split()
    goals = [one for one in _goals(request, by) if all(word in _plain(f"{one.name} {one.line}") for word in words)]
    by_name = sorted(goals, key=lambda one: not all(word in _plain(one.name) for word in words))
    whole = [*records(by, said), *by_name][:MOST]
    return [*whole, _search(said)] if words else whole


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _search(said: str) -> Goal:
    address = f"{reverse('web:search')}?{urlencode({'q': said})}"
    return Goal(_("Search"), _("Search for “%(words)s”") % {"words": said}, address, icon("search"))


def _goals(request: HttpRequest, by: Actor) -> Iterator[Goal]:
    way = Navigation(request)
    if way.may_open:
        begin = _("Begin")
        yield Goal(begin, _("New incident"), reverse("web:new_incident"), icon("plus"))
        yield Goal(begin, _("Log a call"), reverse("web:phone"), icon("phone-incoming"))
    page = _("Page")
    for place in way.places:
        yield Goal(page, place.name, place.url, place.picture)
    yield from _kept(by)
    yield Goal(page, pgettext("page", "Calendar"), reverse("web:calendar"), icon("calendar"))
    yield Goal(page, _("Board"), reverse("web:board"), icon("layout-kanban"))
    yield Goal(page, _("Gantt chart"), reverse("web:gantt"), icon("timeline"))
    yield Goal(page, _("Put a filter together"), reverse("web:build_filter"), icon("filter-plus"))
    yield Goal(page, _("Columns and order"), reverse("web:list_looks"), icon("columns"))
    yield Goal(page, _("Guide"), reverse("web:help"), icon("help-circle"))
    yield Goal(page, _("My account"), reverse("account"), icon("user"))
    for group in settings.groups(by):
        for one in group.settings:
            yield Goal(_("Settings"), one.name, one.url, one.picture, one.line)


def _kept(by: Actor) -> Iterator[Goal]:
    address = reverse("web:incidents")
    for one in lists.shelf(by).kept:
        line = labels.label("filter_for", one.audience)
        yield Goal(_("Filter"), one.name, f"{address}?saved={one.uuid}", icon("bookmark"), line)
