"""Rules as they are read: those in force for the digest, all of them for people, with what became of them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet, Sum

from hikeshi.accounts import queries as accounts
from hikeshi.intake import queries, rule_files, rulebook, site_rules
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.models import Correction, RuleHits, RuleVersion, SiteRule
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries.taking_up import stamp_of
from hikeshi.intake.rulebook import Rule, RuleBook
from hikeshi.intake.site_rules import RuleState, Terms
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.versions import History, Version

STAMP: Final = "rules"
EVER: Final = date(1, 1, 1)
"""Stands for all days together where hits are counted."""
WEEK, MONTH = timedelta(days=6), timedelta(days=29)


class Origin(StrEnum):
    SHIPPED = "shipped"
    FILE = "file"  # HIKESHI_DATA/rules
    SITE = "site"
    CHANGED = "changed"  # a shipped rule, or one of a file, that the site's own version stands in for


def book() -> RuleBook:
    """The rules in force: one small read, unless somebody changed one."""
    return _book(*_files(), stamp_of(STAMP))


def _files() -> tuple[Path, tuple[tuple[str, int], ...]]:
    """Asked for with every batch, and a site may have thousands: a Path for each would cost ten times as much."""
    folder = Path(settings.DATA_ROOT) / rule_files.FOLDER
    try:
        with os.scandir(folder) as found:
            files = [(file.name, file.stat().st_mtime_ns) for file in found if file.name.endswith(".yml")]
    except FileNotFoundError:
        files = []
    return folder, tuple(sorted(files))


@lru_cache(maxsize=2)
def _of_files(folder: Path, files: tuple[tuple[str, int], ...]) -> tuple[dict[str, Rule], tuple[BadRule, ...]]:
    found, problems = rulebook.known(folder, kept=rule_files.kept(folder.parent) if files else rulebook.NONE_KEPT)
    return found, tuple(problems)


def files_in_force() -> tuple[Path, dict[str, str]]:
    """The folder of rule files, and what each says as it judges."""
    folder, files = _files()
    _of_files(folder, files)
    return folder, rulebook.good(folder)


@lru_cache(maxsize=1)
def _book(folder: Path, files: tuple[tuple[str, int], ...], stamp: UUID | None) -> RuleBook:
    known, problems = _of_files(folder, files)
    found, bad = dict(known), list(problems)
    for code in SiteRule.objects.filter(state=RuleState.OFF).values_list("code", flat=True):
        found.pop(code, None)
    for version in RuleVersion.objects.filter(number=F("rule__live")).select_related("rule"):
        try:
            found[version.rule.code] = site_rules.compiled(version.rule.code, version.number, terms_in(version))
        except BadRule as problem:  # was good once: a name of the normal form went away with an upgrade
            bad.append(BadRule(version.rule.code, problem.line, problem.why, problem.code))
    return RuleBook(found.values(), bad)


def book_with(rule: Rule) -> RuleBook:
    """The rules in force, as if this one stood among them."""
    others = (one for one in book().rules if one.code != rule.code)
    return RuleBook([*others, rule])


def shipped(code: str) -> Rule | None:
    """The rule of that code as files have it."""
    return _of_files(*_files())[0].get(code)


def terms_in(version: RuleVersion) -> Terms:
    values = {name: getattr(version, name) for name in site_rules.TERMS}
    return Terms(**{**values, "verdict": Verdict(version.verdict)})


def terms_of(row: SiteRule, number: int) -> Terms | None:
    """What that version says; a shipped rule's own number gives what its file says."""
    if row.pk:
        kept = RuleVersion.objects.filter(rule=row, number=number).first()
        if kept is not None:
            return terms_in(kept)
    of_file = shipped(row.code)
    return site_rules.terms_of_file(of_file) if of_file is not None and of_file.version == number else None


def newest_number(row: SiteRule) -> int:
    """The site's versions count on from the shipped one, so that an alert's rule and version name one text."""
    of_file = shipped(row.code)
    return max(row.newest, of_file.version if of_file else 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One rule on the list. ``live`` is the version that judges; 0 where none does."""

    code: str
    titles: Mapping[str, str]
    verdict: Verdict
    rank: int
    state: RuleState
    origin: Origin
    live: int
    newest: int
    owner: str
    review: date | None
    overdue: bool
    owner_name: str = ""
    week: int = 0
    month: int = 0
    ever: int = 0
    last_hit: datetime | None = None
    corrections: int = 0
    corrected_month: int = 0
    fault: str = ""

    @property
    def wrong(self) -> float | None:
        """Of a hundred verdicts of the last 30 days, how many people overruled; None where it gave none."""
        return round(100 * min(self.corrected_month / self.month, 1.0), 1) if self.month else None

    @property
    def waiting(self) -> bool:
        """Whether a newer version than the one that judges is written."""
        return self.state is RuleState.ON and self.newest > self.live


@dataclass(frozen=True, slots=True)
class Hits:
    week: int = 0
    month: int = 0
    ever: int = 0
    last_at: datetime | None = None


_TITLES: Final = ("rule__code", "number", "title_en", "title_ja", "verdict", "rank")


def lines(by: Actor, *, q: str = "", state: str = "", verdict: str = "", origin: str = "", due: str = "") -> list[Line]:
    """Every rule, in the order they are asked. Three small queries, whatever their number."""
    by.must(Verb.VIEW)
    files, _problems = _of_files(*_files())
    rows = {row.code: row for row in SiteRule.objects.all()}
    shown = Q(number=F("rule__live")) | Q(rule__live=0, number=F("rule__newest"))
    said = {one[0]: one for one in RuleVersion.objects.filter(shown).values_list(*_TITLES)}
    today = clock.now().date()
    found = [_line(code, files.get(code), rows.get(code), said.get(code), today) for code in files.keys() | rows.keys()]
    words = q.casefold().split()
    wanted = [
        one
        for one in found
        if (not state or one.state == state)
        and (not verdict or one.verdict == verdict)
        and (not origin or one.origin == origin)
        and (not due or one.overdue)
        and all(word in f"{one.code} {' '.join(one.titles.values())}".casefold() for word in words)
    ]
    return sorted(wanted, key=lambda one: (one.rank, one.code))


_Said = tuple[str, int, str, str, str, int]


def _line(code: str, of_file: Rule | None, row: SiteRule | None, said: _Said | None, today: date) -> Line:
    state = RuleState(row.state) if row else RuleState.OFF if of_file and of_file.disabled else RuleState.ON
    if row and of_file and row.state == RuleState.DRAFT:
        state = RuleState.ON  # the file's rule judges until the site's version is put in force
    number = of_file.version if of_file else 0
    live = (row.live if row and row.live else number) if state is RuleState.ON else 0
    review = row.review if row else of_file.review if of_file else None
    by_file = of_file is not None and (said is None or (row is not None and row.state == RuleState.DRAFT))
    if by_file and of_file is not None:
        titles, verdict, rank = of_file.titles, of_file.verdict, of_file.rank
    else:
        titles, verdict, rank = {"en": code}, Verdict.KEEP, 999
        if said:
            titles, verdict, rank = {"en": said[2], "ja": said[3]}, Verdict(said[4]), said[5]
    return Line(
        code=code,
        titles=titles,
        verdict=verdict,
        rank=rank,
        state=state,
        origin=_origin(of_file, said),
        live=live,
        newest=max(row.newest if row else 0, number),
        owner=(row.owner if row else "") or (of_file.owner if of_file else ""),
        review=review,
        overdue=review is not None and review < today and state is RuleState.ON,
        fault=row.fault if row and state is RuleState.OFF else "",
    )


def _origin(of_file: Rule | None, said: _Said | None) -> Origin:
    if of_file is None:
        return Origin.SITE
    if said is not None:
        return Origin.CHANGED
    return Origin.SHIPPED if (rulebook.SHIPPED / of_file.file).exists() else Origin.FILE


def counted(by: Actor, shown: Sequence[Line]) -> list[Line]:
    """The lines with their hits, corrections and the names of their owners, for what the reader may look at."""
    codes = [one.code for one in shown]
    since = clock.now() - MONTH - timedelta(days=1)
    hits, wrong, names = hits_of(by, codes), corrected(by, codes), owner_names(by, [one.owner for one in shown])
    return [
        replace(
            one,
            owner_name=names.get(one.owner, one.owner),
            week=hits[one.code].week,
            month=hits[one.code].month,
            ever=hits[one.code].ever,
            last_hit=hits[one.code].last_at,
            corrections=len(wrong.get(one.code, ())),
            corrected_month=sum(at >= since for at in wrong.get(one.code, ())),
        )
        for one in shown
    ]


def hits_of(by: Actor, codes: Iterable[str]) -> dict[str, Hits]:
    by.must(Verb.VIEW)
    wanted = list(codes)
    today = clock.now().date()
    rows = RuleHits.objects.filter(Q(day=EVER) | Q(day__gte=today - MONTH), rule__in=wanted)
    if not by.unlimited:
        rows = rows.filter(organisation_id__in=by.organisations(Verb.VIEW))
    ever = Q(day=EVER)
    sums = rows.values("rule").annotate(
        week=Sum("hits", filter=Q(day__gte=today - WEEK)),
        month=Sum("hits", filter=~ever),
        ever=Sum("hits", filter=ever),
        last=Max("last_at"),
    )
    found = {one["rule"]: Hits(one["week"] or 0, one["month"] or 0, one["ever"] or 0, one["last"]) for one in sums}
    return {code: found.get(code, Hits()) for code in wanted}


def corrections(by: Actor, code: str) -> QuerySet[Correction]:
    """What people overruled, newest first, where the reader sees the alert."""
    by.must(Verb.VIEW)
    rows = Correction.objects.filter(rule=code, withdrawn_at=None, alert__in=queries.visible(by))
    return rows.select_related("alert").order_by("-at", "-id")


def corrected(by: Actor, codes: Iterable[str]) -> dict[str, list[datetime]]:
    """When people overruled each of these rules, on alerts the reader sees."""
    rows = Correction.objects.filter(rule__in=list(codes), withdrawn_at=None, alert__in=queries.visible(by))
    found: dict[str, list[datetime]] = {}
    for code, at in rows.values_list("rule", "at"):
        found.setdefault(code, []).append(at)
    return found


def may_write(by: Actor) -> bool:
    return by.may(Verb.MANAGE, accounts.root().pk)


def must_write(by: Actor) -> None:
    """Raises NotAllowed."""
    by.must(Verb.MANAGE, accounts.root().pk)


def owners(by: Actor) -> list[tuple[str, str]]:
    """Who can answer for a rule: teams first, then people."""
    teams = [(f"team:{one.uuid}", one.name) for one in accounts.teams(by)]
    people = [(f"person:{uuid}", name) for uuid, name in accounts.people(by, active=True).values_list("uuid", "name")]
    return [*teams, *sorted(people, key=lambda one: one[1])]


def owner_names(by: Actor, refs: Iterable[str]) -> dict[str, str]:
    wanted = {ref for ref in refs if ref}
    names = accounts.names_of(wanted) if any(ref.startswith("person:") for ref in wanted) else {}
    if any(ref.startswith("team:") for ref in wanted):
        names |= {
            f"team:{one.uuid}": one.name for one in accounts.teams(by, retired=None) if f"team:{one.uuid}" in wanted
        }
    return names


def names(refs: Iterable[str]) -> dict[str, str]:
    """Of the people who wrote versions or overruled."""
    return accounts.names_of(refs)


def may_own(by: Actor, owner: str) -> bool:
    return owner in {code for code, _name in owners(by)} or owner in {
        one.owner for one in _of_files(*_files())[0].values()
    }


@dataclass(frozen=True, slots=True)
class Whole(History[Line, Terms]):
    """One rule and all it ever said, newest first."""

    @property
    def shown(self) -> Version[Terms]:
        """What judges, or would be the next to."""
        return next((one for one in self.versions if one.number == self.line.live), self.versions[0])


def rule(by: Actor, code: str) -> Whole:
    """Raises NotFound."""
    line = next((one for one in lines(by) if one.code == code), None)
    if line is None:
        raise NotFound("rule")
    kept = [
        Version(one.number, terms_in(one), one.why, one.made_by, one.at)
        for one in RuleVersion.objects.filter(rule__code=code).order_by("-number")
    ]
    of_file = shipped(code)
    if of_file is not None:
        kept.append(Version(of_file.version, site_rules.terms_of_file(of_file)))
    names = accounts.names_of(one.made_by for one in kept)
    return Whole(counted(by, [line])[0], tuple(kept), names)


_STATES = Prepared(lambda: SiteRule.objects.values_list("code", "state", "review"))


def due(by: Actor) -> int:
    """How many rules in force wait to be looked at again. For the badge: one query, the files are in memory."""
    if not by.may(Verb.VIEW):
        return 0
    today = clock.now().date()
    files = _of_files(*_files())[0]
    stands = {one.code: (RuleState.OFF if one.disabled else RuleState.ON, one.review) for one in files.values()}
    for code, state, review in _STATES():
        in_force = state == RuleState.ON or (state == RuleState.DRAFT and code in files)
        stands[code] = (RuleState.ON if in_force else RuleState.OFF, review)
    return sum(state is RuleState.ON and day is not None and day < today for state, day in stands.values())


def problems(by: Actor) -> Sequence[BadRule]:
    """Rules that should be in force and cannot be read."""
    by.must(Verb.VIEW)
    return book().problems
