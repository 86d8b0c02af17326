"""A site's own sources: mapped, taken out, and what was put aside read again. They count for the whole site."""

import re
import time
from dataclasses import dataclass
from typing import Final

from hikeshi.intake import queries, site_sources, source_facts
from hikeshi.intake.actions import parking
from hikeshi.intake.actions.ruling import refused
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.models import SiteSource, SourceVersion, Stamp
from hikeshi.intake.queries import sourcing
from hikeshi.intake.queries.taking_up import STAMP, mapped_in
from hikeshi.intake.site_sources import Mapped, SourceState
from hikeshi.intake.sources import book
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact, commit
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.kernel.texts import clean, words
from hikeshi.ledger.acts import action, record

CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
RESERVED: Final = frozenset({"new", book.CANARY})
LIMITS: Final = {"title_en": 200, "title_ja": 200, "why": 2_000}
SECONDS: Final = 2.0
"""Bodies are read again for so long at one asking; the next asking goes on behind them."""


@action
def save_source(*, by: Actor, code: str, terms: Mapped, why: str = "", version: int | None = None) -> SourceVersion:
    """Reads what comes with these terms from now on. ``version`` is the number of the one that was read; None writes
    whatever stands. With the code of a shipped source it stands in for that. Raises NotAllowed, Invalid, Conflict.
    """
    wanted = checked(by, code, terms)
    said = words(why, field="why", most=LIMITS["why"], required=False)
    row = SiteSource.objects.select_for_update().filter(code=code).first() or SiteSource(code=code)
    if version is not None and version != row.newest:
        raise _clash(row, wanted)

    row.state, row.newest = SourceState.ON, row.newest + 1
    row.save()
    given = {name: getattr(wanted, name) for name in site_sources.TERMS}
    kept = SourceVersion.objects.create(
        source=row, number=row.newest, why=said, made_by=by.ref, at=clock.now(), **given
    )
    _changed()

    content = commit(site_sources.content(wanted), kept.secret)
    saved = source_facts.SourceSaved(source=row.uuid, code=code, number=kept.number, text=kept.uuid, content=content)
    _record(saved, row, by)
    return kept


@action
def take_out_source(*, by: Actor, code: str) -> SiteSource:
    """The shipped source of this code reads again; of one of the site's own, nothing more is taken. Its versions and
    its alerts stay. Raises NotAllowed, NotFound.
    """
    sourcing.must_write(by)
    row = SiteSource.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NotFound("source")

    row.state = SourceState.OFF
    row.save(update_fields=["state"])
    _changed()

    _record(source_facts.SourceTakenOut(source=row.uuid, code=code, number=row.newest), row, by)
    return row


def checked(by: Actor, code: str, terms: Mapped) -> Mapped:
    """The terms as they would be kept; nothing is. Raises NotAllowed, Invalid."""
    sourcing.must_write(by)
    if not CODE.fullmatch(code) or code in RESERVED:
        raise Invalid("code", "source_code")
    wanted = Mapped(
        title_en=words(terms.title_en, field="title_en", most=LIMITS["title_en"]),
        title_ja=words(terms.title_ja, field="title_ja", most=LIMITS["title_ja"]),
        text=clean(terms.text, field="text").strip("\n") + "\n",
    )
    try:
        site_sources.compiled(code, 1, wanted)
    except BadRule as problem:
        raise unusable(problem) from None
    return wanted


def unusable(problem: BadRule) -> Invalid:
    """What is wrong with the text, for surfaces to say: the line and the reason."""
    found = refused(problem)
    return Invalid("text", found.reason, **found.params)


@dataclass(frozen=True, slots=True)
class Progress:
    """``after`` is the last body that was looked at, ``until`` the last there was when it began."""

    read: int
    still: int
    left: int
    after: int
    until: int


def replay_source(*, by: Actor, code: str, after: int = 0, until: int = 0) -> Progress:
    """Reads again what this source sent and was put aside, oldest first, each in a transaction of its own, for a
    moment's length. What still cannot be read stays. Raises NotAllowed.
    """
    rows = queries.parked(by).filter(source=code)
    until = until or sourcing.backlog(by, code).newest
    began, read, still = time.monotonic(), 0, 0
    for pk, uuid in rows.filter(pk__gt=after, pk__lte=until).order_by("pk").values_list("pk", "uuid")[:500]:
        try:
            result = parking.replay(by=by, parked=uuid)
        except NotFound:  # somebody else was quicker
            after = pk
            continue
        read, still, after = read + (result.parked == 0), still + (result.parked > 0), pk
        if time.monotonic() - began > SECONDS:
            break
    return Progress(
        read, still, sourcing.backlog(by, code, after=after, until=until).left if until else 0, after, until
    )


def _clash(row: SiteSource, yours: Mapped) -> Conflict:
    kept = SourceVersion.objects.filter(source=row, number=row.newest).first() if row.pk else None
    theirs = mapped_in(kept) if kept is not None else yours
    differ = [name for name in site_sources.TERMS if getattr(yours, name) != getattr(theirs, name)] or ["text"]
    return Conflict(
        yours={name: str(getattr(yours, name)) for name in differ},
        theirs={name: str(getattr(theirs, name)) for name in differ},
        version=row.newest,
    )


def _changed() -> None:
    Stamp.objects.update_or_create(name=STAMP, defaults={"stamp": uuid7()})


def _record(fact: Fact, row: SiteSource, by: Actor) -> None:
    record(fact, subject=f"source:{row.uuid}", by=by, topics=("sources",))
