"""Sources that say nothing for longer than they may."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from hikeshi.accounts import queries as accounts
from hikeshi.intake import queries
from hikeshi.intake.models import Heard, SourceWatch
from hikeshi.intake.site_sources import QUIET_DAYS
from hikeshi.kernel.acting import Actor


@dataclass(frozen=True, slots=True)
class Watch:
    days: int = QUIET_DAYS
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """A source that sent before, holds a token, and has said nothing ``since``."""

    code: str
    since: datetime
    days: int
    owner: str


def watches() -> Mapping[str, Watch]:
    rows = SourceWatch.objects.values_list("code", "quiet_days", "owner")
    return {code: Watch(days, owner) for code, days, owner in rows}


def is_silent(days: int, last_at: datetime | None, at: datetime) -> bool:
    """A source that never sent is not silent, it is not connected."""
    return bool(days) and last_at is not None and at - last_at > timedelta(days=days)


def silences(by: Actor, at: datetime) -> list[Silence]:
    """For the desk itself: every source of the site. Three small queries."""
    told, known = watches(), {one.code for one in queries.sources()}
    keyed = accounts.live_sources(by) & known
    heard = Heard.objects.filter(source__in=keyed).values("source").annotate(last=Max("last_at")).order_by("source")
    found = []
    for row in heard:
        watch = told.get(row["source"], Watch())
        if is_silent(watch.days, row["last"], at):
            found.append(Silence(row["source"], row["last"], watch.days, watch.owner))
    return found
