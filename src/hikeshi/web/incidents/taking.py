"""The list of incidents to take away, as it is narrowed on the page."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from hikeshi.accounts.queries import Organisation, Person
from hikeshi.forms import queries as forms
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.facts import JSON
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.filters import answers, listing
from hikeshi.web.lists import Column
from hikeshi.web.templatetags.show import kind_of

COLUMNS: Sequence[Column[Incident]] = (
    Column("ref", gettext_lazy("Number"), lambda it: it.ref),
    Column("title", gettext_lazy("Title"), lambda it: it.title),
    Column("class", gettext_lazy("Class"), lambda it: it.shown_class, "shown_class"),
    Column("kind", gettext_lazy("Kind"), lambda it: it.kind, kind_of),
    Column("status", gettext_lazy("Status"), lambda it: it.status, "status"),
    Column("phase", gettext_lazy("Phase"), lambda it: it.phase, "phase"),
    Column("priority", gettext_lazy("Priority"), lambda it: it.priority, "priority"),
    Column("impact", gettext_lazy("Impact"), lambda it: it.impact),
    Column("effect", gettext_lazy("Effect"), lambda it: it.effect),
    Column("urgency", gettext_lazy("Urgency"), lambda it: it.urgency),
    Column("owner", gettext_lazy("Owner"), lambda it: it.owner.name if it.owner else ""),
    Column("organisation", gettext_lazy("Organisation"), lambda it: it.organisation.name),
    Column("waiting", gettext_lazy("Waits for"), lambda it: it.waiting, "waiting"),
    Column("tlp", "TLP", lambda it: it.tlp, "tlp"),
    Column(
        "restricted",
        gettext_lazy("Restricted"),
        lambda it: it.restricted,
        lambda it: _("Yes") if it.restricted else "",
    ),
    Column("opened_at", gettext_lazy("Opened"), lambda it: it.opened_at),
    Column("updated_at", gettext_lazy("Last change"), lambda it: it.updated_at),
    Column("resolution", gettext_lazy("How it was resolved"), lambda it: it.resolution),
)


class Answered:
    """Columns of what forms of the site were answered, where the list has them; read a page of records at a time."""

    def __init__(self, codes: Collection[str]) -> None:
        self._asked = answers.asked_by(codes)
        self._given: forms.Answers = {}

    @property
    def columns(self) -> list[Column[Incident]]:
        return [self._column(code, one) for code, one in self._asked.items()]

    def _column(self, code: str, one: forms.Question) -> Column[Incident]:
        def of(record: Incident, word: Callable[[JSON], str]) -> str:
            answer = self._given.get(record.pk, {}).get(one.code)
            return "" if answer is None else word(answer)

        said = partial(answers.said, one)
        return Column(code, answers.called(one), lambda it: of(it, forms.plain), lambda it: of(it, said))

    def read(self, some: Sequence[Incident]) -> Sequence[Incident]:
        if self._asked:
            self._given = forms.given([one.pk for one in some], list(self._asked.values()))
        return some


@require_GET
def taken(request: SignedIn, form: str) -> HttpResponseBase:
    """With the columns of answers that the page has."""
    answered = Answered(listing.asked_of(request).looks.columns)
    rows = lists.newest(listing.whole(request), (("owner", Person), ("organisation", Organisation)))
    what = lists.List("incidents", _("Incidents"), [*COLUMNS, *answered.columns])
    return lists.taken(request.actor, what, map(answered.read, rows), form)
