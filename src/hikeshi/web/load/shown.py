"""Load as its pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import Page, paginate
from hikeshi.kernel.refusals import NotFound
from hikeshi.load import queries
from hikeshi.load.book import Limits
from hikeshi.load.queries import Figures
from hikeshi.phrases import labels, moments
from hikeshi.phrases.wording import listed
from hikeshi.web.templatetags.show import wall

ON_A_PAGE: Final = 50
RECORDS: Final = 100
ORDER: Final = ("standing", "priority", "-updated_at", "-id")


def uuid_of(text: str) -> UUID | None:
    """Raises NotFound."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound("team") from error


@dataclass(frozen=True, slots=True)
class BoardPage:
    by: Actor
    board: queries.Board
    page: int
    skills: dict[str, str]
    limits: Limits

    @property
    def lines(self) -> Sequence[Figures]:
        return self.board.lines[(self.page - 1) * ON_A_PAGE : self.page * ON_A_PAGE]

    @property
    def pages(self) -> int:
        return max(-(-len(self.board.lines) // ON_A_PAGE), 1)

    @property
    def marked(self) -> int:
        return sum(1 for one in self.board.lines if one.marks)

    @property
    def hides(self) -> bool:
        return any(one.hidden for one in self.board.lines)

    @property
    def may_work(self) -> bool:
        return self.by.may(Incidents.WORK)


def board_page(by: Actor, team: str, page: str) -> BoardPage:
    """Raises NotAllowed, NotFound."""
    settled = queries.settings(by).book
    found = queries.board(by, uuid_of(team))
    number = int(page) if page.isdecimal() and len(page) < 5 else 1
    shown = BoardPage(by, found, max(number, 1), settled.names, settled.limits)
    return shown if shown.lines or number == 1 else BoardPage(by, found, 1, settled.names, settled.limits)


@dataclass(frozen=True, slots=True)
class PersonPage:
    by: Actor
    one: Figures
    records: Page[Incident]
    skills: dict[str, str]
    instead: Figures | None = None
    refs: Sequence[str] = ()

    @property
    def may_work(self) -> bool:
        return self.by.may(Incidents.WORK)

    @property
    def may_manage(self) -> bool:
        return queries.may_manage(self.by, self.one.person)


def person_page(by: Actor, person: UUID, cursor: str | None) -> PersonPage:
    """Raises NotAllowed, NotFound, Invalid."""
    one, rows = queries.person_board(by, person)
    records = paginate(rows, order=ORDER, cursor=cursor, limit=RECORDS)
    names = queries.settings(by).book.names
    if not (one.absent and by.may(Incidents.WORK)):
        return PersonPage(by, one, records, names)
    left = queries.left_behind(by, one.person)
    instead = queries.instead(by, one.person, left) if left else None
    return PersonPage(by, one, records, names, instead, [each.ref for each in left])


def candidate_words(one: Figures) -> str:
    """Beside the name where somebody is chosen: what they carry, and whether they are there."""
    said = [_("open: %(count)s") % {"count": one.open}]
    full = one.percent
    said.append(_("no time") if full is None else f"{full}%")
    if one.shift_until is not None:
        said.append(_("on shift until %(until)s") % {"until": wall(moments.local(one.shift_until))})
    if one.away is not None:
        said.append(_("away until %(until)s") % {"until": wall(moments.local(one.away))})
    return _("%(name)s (%(what)s)") % {"name": one.person.name, "what": " · ".join(said)}


def closest_words(found: queries.Proposal) -> str:
    """Of somebody who does not fit and comes nearest: what stands against them, and what they carry."""
    if found.choice.closest is None:
        return ""
    one, against = found.choice.closest
    said = {
        "name": found.people[one.person].name,
        "why": listed(labels.label("load_passed", why) for why in against),
        "open": one.open,
    }
    return _("Closest: %(name)s: %(why)s; open: %(open)s.") % said


def reason_words(found: queries.Proposal) -> str:
    """Why the rules would give it to this person."""
    best = found.choice.best
    if best is None:
        return ""
    said = [_("rule “%(rule)s”") % {"rule": found.rule.name}]
    if best.shift_until is not None:
        said.append(_("on shift until %(until)s") % {"until": wall(moments.local(best.shift_until))})
    if found.skills:
        said.append(_("skill %(skills)s") % {"skills": found.skills})
    figures = {"open": best.open, "among": len(found.choice.fitting)}
    said.append(_("open: %(open)s (least of %(among)s)") % figures)
    if found.choice.turn:
        said.append(_("others carry no more; it is their turn"))
    return " · ".join(said)
