"""Rules of assignment as their page shows them, and what one would do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hikeshi.kernel.acting import Actor
from hikeshi.load import queries
from hikeshi.load.book import LOWEST, Book, Rule
from hikeshi.load.choosing import Candidate
from hikeshi.oncall.queries import offering
from hikeshi.phrases import labels, moments
from hikeshi.phrases.wording import listed
from hikeshi.web.load.shown import reason_words
from hikeshi.web.templatetags.show import wall


@dataclass(frozen=True, slots=True)
class Line:
    """``among``: empty where the team or rota is gone."""

    rule: Rule
    among: str
    asks: str
    narrowed: str


def lines(by: Actor, book: Book) -> list[Line]:
    teams, rotas = dict(offering.teams(by)), dict(offering.rotas(by))
    return [
        Line(one, teams.get(one.team, "") if one.team else rotas.get(one.rota, ""), _asks(one, book), _narrowed(one))
        for one in book.rules
    ]


def _asks(rule: Rule, book: Book) -> str:
    skills = [book.names[one] for one in rule.skills if one in book.names]
    return " · ".join([labels.label("load_shift", rule.shift), *skills])


def _narrowed(rule: Rule) -> str:
    words = [f"P1–P{rule.to_priority}" if rule.to_priority > 1 else "P1"] if rule.to_priority < LOWEST else []
    words += [labels.label("record_class", one) for one in rule.classes]
    words += [labels.label("kind", one) for one in rule.kinds]
    counted = ((_("organisations: %(count)s"), rule.organisations), (_("services: %(count)s"), rule.assets))
    words += [text % {"count": len(given)} for text, given in counted if given]
    return listed(words)


@dataclass(frozen=True, slots=True)
class Tried:
    """Who would get it and why; everybody else with what they carry, or why they are passed over."""

    name: str
    why: str
    others: tuple[tuple[str, str], ...]
    passed: tuple[tuple[str, str], ...]


def tried(found: queries.Proposal) -> Tried:
    fitting, named = found.choice.fitting, found.people
    return Tried(
        name=named[fitting[0].person].name if fitting else "",
        why=reason_words(found),
        others=tuple((named[one.person].name, _carries(one)) for one in fitting[1:]),
        passed=tuple((named[one.person].name, labels.label("load_passed", why)) for one, why in found.choice.passed),
    )


def _carries(one: Candidate) -> str:
    said = [_("open: %(count)s") % {"count": one.open}]
    if one.shift_until is not None:
        said.append(_("on shift until %(until)s") % {"until": wall(moments.local(one.shift_until))})
    return " · ".join(said)
