"""Lists of indicators and their values to take away."""

from collections.abc import Sequence
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries import Organisation, intelligence
from hikeshi.assets.queries.intelligence import Indicator, IndicatorList
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.lists import Column

LISTS: Sequence[Column[IndicatorList]] = (
    Column("title", pgettext_lazy("indicator_list", "Name"), lambda it: it.title),
    Column("form", _("Form"), lambda it: it.form, "indicator_form"),
    Column("origin", _("Origin"), lambda it: it.origin),
    Column("tlp", _("Marking"), lambda it: it.tlp, "tlp"),
    Column("count", _("Values"), lambda it: it.count),
    Column("organisation", _("Organisation"), lambda it: it.organisation.name),
    Column("made_at", _("Since"), lambda it: it.made_at),
    Column("digest", _("SHA-256 of the file"), lambda it: it.digest),
    Column("uuid", _("Identifier"), lambda it: str(it.uuid)),
)
VALUES: Sequence[Column[Indicator]] = (
    Column("value", _("Value"), lambda it: it.value),
    Column("sort", _("Sort"), lambda it: it.sort, "indicator_sort"),
    Column("until", _("Valid until"), lambda it: it.until),
    Column("confidence", _("Confidence"), lambda it: it.confidence),
)


def _lists(request: SignedIn) -> lists.Pages[IndicatorList]:
    request.actor.must(Verb.VIEW)
    return lists.newest(intelligence.lists(request.actor), (("organisation", Organisation),))


indicators = lists.view(lists.List("indicators", _("Lists of indicators"), LISTS), _lists)


@require_GET
def values(request: SignedIn, uuid: UUID, form: str) -> HttpResponseBase:
    request.actor.must(Verb.VIEW)
    kept = intelligence.indicator_list(request.actor, uuid)
    rows = lists.newest(intelligence.indicators(kept, request.GET.get("q", "").strip()[:1_000]))
    return lists.taken(request.actor, lists.List("indicator-values", kept.title, VALUES), rows, form)
