"""Sources that say nothing for longer than they may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max

from hikeshi.accounts import queries as accounts
from hikeshi.intake import queries, rhythm
from hikeshi.intake.models import Heard, HeardHour, Rhythm, SourceWatch
from hikeshi.intake.site_sources import QUIET_DAYS
from hikeshi.kernel.acting import Actor


@dataclass(frozen=True, slots=True)
class Watch:
    """``days`` were set by somebody, 0 for never; without them it is learned, and ``due_at`` is when a word is due
    after the one at ``heard_at``.
    """

    days: int | None = None
    owner: str = ""
    heard_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def learned(self) -> timedelta | None:
        """How long the source may say nothing now; None where somebody said it, or too little is known."""
        if self.days is not None or self.due_at is None or self.heard_at is None:
            return None
        return self.due_at - self.heard_at

    def is_silent(self, last_at: datetime | None, at: datetime) -> bool:
        """A source that never sent is not silent, it is not connected."""
        if last_at is None or self.days == 0:
            return False
        if self.days is None and self.heard_at is not None and self.due_at is not None:
            return last_at <= self.heard_at and at >= self.due_at
        return at - last_at > timedelta(days=self.days or QUIET_DAYS)


UNWATCHED: Final = Watch()


@dataclass(frozen=True, slots=True)
class Silence:
    """A source that sent before, holds a token, and has said nothing ``since``."""

    code: str
    since: datetime
    owner: str


def watches() -> Mapping[str, Watch]:
    """Two small queries."""
    rows = SourceWatch.objects.values_list("code", "quiet_days", "owner")
    found = {code: Watch(days, owner) for code, days, owner in rows}
    for one in Rhythm.objects.all():
        known = found.get(one.code, UNWATCHED)
        found[one.code] = Watch(known.days, known.owner, one.heard_at, one.due_at)
    return found


def silences(by: Actor, at: datetime) -> list[Silence]:
    """For the desk itself: every source of the site. Four small queries."""
    told = watches()
    found = []
    for code, last in _last_heard(by):
        watch = told.get(code, UNWATCHED)
        if watch.is_silent(last, at):
            found.append(Silence(code, last, watch.owner))
    return found


def unlearned(by: Actor, at: datetime) -> list[str]:
    """For the desk itself: sources that were heard since their rhythm was learned, where that matters: a word was due
    meanwhile, or it was learned a day ago.
    """
    learned = {one.code: one for one in Rhythm.objects.all()}
    return [code for code, last in _last_heard(by) if _outdated(learned.get(code), last, at)]


def _outdated(known: Rhythm | None, last: datetime, at: datetime) -> bool:
    if known is None:
        return True
    overdue = known.due_at is not None and known.due_at <= at
    return last > known.heard_at and (overdue or at - known.learned_at > timedelta(days=1))


def unnoted(by: Actor) -> list[tuple[str, int]]:
    """For the desk itself: source and slot of the newest words that are not noted yet. Four small queries."""
    newest = {(code, rhythm.slot(last)) for code, last in _last_heard(by)}
    rows = HeardHour.objects.filter(hour__in={at // rhythm.HOUR for _, at in newest}).order_by()
    known = {(one.source, one.hour): one.slots for one in rows}
    return sorted(
        (code, at) for code, at in newest if not known.get((code, at // rhythm.HOUR), 0) & 1 << at % rhythm.HOUR
    )


def _last_heard(by: Actor) -> list[tuple[str, datetime]]:
    keyed = accounts.live_sources(by) & {one.code for one in queries.sources()}
    heard = Heard.objects.filter(source__in=keyed).values("source").annotate(last=Max("last_at")).order_by("source")
    return [(row["source"], row["last"]) for row in heard]


def heard(code: str) -> Sequence[int]:
    """The slots in which this source was heard, as far back as is looked at."""
    rows = HeardHour.objects.filter(source=code).order_by("-hour").values_list("hour", "slots")
    newest = [
        hour * rhythm.HOUR + place
        for hour, slots in rows[: rhythm.LOOKED_AT // rhythm.HOUR + 1]
        for place in range(rhythm.HOUR)
        if slots & 1 << place
    ]
    return sorted(newest)
