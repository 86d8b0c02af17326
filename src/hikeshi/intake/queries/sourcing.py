"""Sources as people look at them: each with what it sent and what waits, and all a site ever said of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Q, Sum

from hikeshi.accounts import queries as accounts
from hikeshi.intake import queries, site_sources
from hikeshi.intake.models import Alert, Heard, Parked, SiteSource, SourceVersion
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import ruling, watching
from hikeshi.intake.queries.taking_up import mapped_in
from hikeshi.intake.queries.watching import UNWATCHED, Watch
from hikeshi.intake.site_sources import Mapped, SourceState
from hikeshi.intake.sources import book
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.versions import History, Version

DAY: Final = timedelta(days=1)


class Origin(StrEnum):
    SHIPPED = "shipped"
    CHANGED = "changed"  # a shipped source that the site's own mapping stands in for
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Line:
    """``state`` is off for a source of the site's own that was taken out. ``day`` counts alerts last seen in a day."""

    code: str
    name: str
    name_ja: str
    vendor: str
    documentation: str
    reads: str
    origin: Origin
    state: SourceState
    newest: int
    has_token: bool = False
    last_at: datetime | None = None
    day: int = 0
    ever: int = 0
    parked: int = 0
    watch: Watch = UNWATCHED

    @property
    def silent(self) -> bool:
        """It has sent before, and nothing for longer than it may."""
        return self.has_token and self.watch.is_silent(self.last_at, clock.now())

    @property
    def quiet_days(self) -> int | None:
        """None where it is learned."""
        return self.watch.days

    @property
    def owner(self) -> str:
        return self.watch.owner


def lines(by: Actor) -> list[Line]:
    """Every source, those that were heard or hold a token first. Seven small queries, whatever their number."""
    by.must(Verb.VIEW)
    rows = {row.code: row for row in SiteSource.objects.all()}
    known = {one.code: one for one in queries.sources()}
    titles = _titles()
    heard, day, keyed = _heard(by), _of_a_day(by), accounts.live_sources(by)
    watches = watching.watches()
    found = []
    for code in known.keys() | rows.keys():
        about, row = known.get(code), rows.get(code)
        name, name_ja = (about.name, about.name_ja) if about else titles.get(code, (code, code))
        last_at, ever, parked = heard.get(code, (None, 0, 0))
        found.append(
            Line(
                code=code,
                name=name,
                name_ja=name_ja or name,
                vendor=about.vendor if about else name,
                documentation=about.documentation if about else "",
                reads=about.reads if about else "",
                origin=_origin(code, row),
                state=SourceState(row.state) if row and code not in book.shipped() else SourceState.ON,
                newest=row.newest if row else 0,
                has_token=code in keyed,
                last_at=last_at,
                day=day.get(code, 0),
                ever=ever,
                parked=parked,
                watch=watches.get(code, UNWATCHED),
            )
        )
    return sorted(found, key=lambda one: (one.last_at is None, not one.has_token, one.name.casefold()))


def known(code: str) -> bool:
    """Whether there is a source of this code, in use or not."""
    return any(one.code == code for one in queries.sources()) or SiteSource.objects.filter(code=code).exists()


def _titles() -> dict[str, tuple[str, str]]:
    rows = SourceVersion.objects.order_by("number").values_list("source__code", "title_en", "title_ja")
    return {code: (english, japanese) for code, english, japanese in rows}


def _origin(code: str, row: SiteSource | None) -> Origin:
    if code not in book.shipped():
        return Origin.SITE
    return Origin.CHANGED if row is not None and row.state == SourceState.ON else Origin.SHIPPED


def _heard(by: Actor) -> dict[str, tuple[datetime, int, int]]:
    rows = Heard.objects.all()
    if not by.unlimited:
        rows = rows.filter(organisation_id__in=by.organisations(Verb.VIEW))
    sums = rows.values("source").annotate(last=Max("last_at"), ever=Sum("digested"), parked_now=Sum("parked"))
    return {one["source"]: (one["last"], one["ever"], one["parked_now"]) for one in sums}


def _of_a_day(by: Actor) -> dict[str, int]:
    rows = queries.visible(by).filter(last_seen__gte=clock.now() - DAY)
    return {one["source"]: one["n"] for one in rows.values("source").annotate(n=Count("pk")).order_by()}


@dataclass(frozen=True, slots=True)
class Whole(History[Line, Mapped]):
    """One source and all it ever said, newest first; a shipped one's own text stands last, as version 0."""

    @property
    def shown(self) -> Version[Mapped]:
        """What reads what comes today, or did last."""
        return self.versions[-1] if self.line.origin is Origin.SHIPPED else self.versions[0]


def source(by: Actor, code: str) -> Whole:
    """Raises NotFound."""
    line = next((one for one in lines(by) if one.code == code), None)
    if line is None:
        raise NotFound("source")
    kept = [
        Version(one.number, mapped_in(one), one.why, one.made_by, one.at)
        for one in SourceVersion.objects.filter(source__code=code).order_by("-number")
    ]
    shipped = site_sources.terms_of_file(code)
    if shipped is not None:
        kept.append(Version(0, shipped))
    return Whole(line, tuple(kept), accounts.names_of(one.made_by for one in kept))


def may_write(by: Actor) -> bool:
    """A source reads for the whole site, as a rule judges for it."""
    return ruling.may_write(by)


def must_write(by: Actor) -> None:
    """Raises NotAllowed."""
    ruling.must_write(by)


def waiting(by: Actor, code: str) -> Sequence[Parked]:
    """The newest of what this source sent and could not be read. Raises NotAllowed."""
    return list(queries.parked(by).filter(source=code)[:20])


@dataclass(frozen=True, slots=True)
class Backlog:
    """Bodies put aside, up to the newest there was when somebody asked."""

    left: int
    newest: int


def backlog(by: Actor, code: str, *, after: int = 0, until: int = 0) -> Backlog:
    rows = queries.parked(by).filter(source=code, pk__gt=after)
    if until:
        rows = rows.filter(pk__lte=until)
    found = rows.order_by().aggregate(left=Count("pk"), newest=Max("pk"))
    return Backlog(found["left"], found["newest"] or 0)


def example(by: Actor, code: str, parked: str = "") -> str:
    """A body to begin a mapping with: the one put aside that is named, the newest put aside, or that of the newest
    alert which anybody here may read.
    """
    aside = queries.parked(by).filter(source=code)
    row = aside.filter(uuid=parked).first() if _is_uuid(parked) else aside.first()
    if row is not None:
        return queries.text_of_bytes(bytes(row.body), row.content_type)
    alert = queries.visible(by).filter(Q(source=code), restricted=False).order_by(*queries.NEWEST).first()
    return _newest_body(by, alert) if alert is not None else ""


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _newest_body(by: Actor, alert: Alert) -> str:
    found = queries.newest_bodies(by, [alert], largest=256 * 1024).get(alert.uuid)
    return queries.text_of(found) if found is not None else ""
