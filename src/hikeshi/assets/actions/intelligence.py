"""Lists of indicators and catalogues are brought in and taken out again."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection, transaction

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.actions import bringing
from hikeshi.assets import intelligence_facts as facts
from hikeshi.assets.intelligence import catalogues, reading, values
from hikeshi.assets.intelligence.codes import Catalogue, ListState, Tlp
from hikeshi.assets.intelligence.reading import Pieces, Read
from hikeshi.assets.models import Indicator, IndicatorFile, IndicatorList, IndicatorPiece, Loaded
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries import intelligence as queries
from hikeshi.kernel import clock, straight
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact, commit
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.ledger.acts import action, record

STEP: Final = 1_000
"""Values of one transaction: whoever works meanwhile waits for no more."""
MOST: Final = 5_000_000
"""Values of the whole site."""
_TITLE: Final = 200
_INSERT: Final = (
    "INSERT INTO assets_indicator (list_id, sort, value, key, until, confidence) VALUES (%s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (list_id, key) DO UPDATE SET until = excluded.until, confidence = excluded.confidence"
)
TOPICS: Final = ("indicators",)


def add_indicators(
    *,
    by: Actor,
    organisation: UUID,
    title: str,
    pieces: Pieces,
    origin: str = "",
    tlp: str = "",
    until: datetime | None = None,
) -> IndicatorList:
    """Takes a file in, a thousand values at a time; one that is not whole changes nothing. Until its end is in, nothing
    is compared with it. Without ``tlp`` the strictest that the file names counts, and amber where it names none; values
    that say no end of their own hold ``until`` then. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.MANAGE)
    check_words(title, origin, tlp, until)
    read = reading.survey(pieces)
    kept = begin_indicators(
        by=by,
        organisation=organisation,
        title=title,
        origin=origin,
        tlp=marked(tlp, read),
        read=read,
    )
    for some in _in_steps(reading.values(pieces, read.form)):
        fill(kept, some, until)
    return finish_indicators(by=by, indicators=kept.uuid)


def _in_steps(found: Iterable[values.Indicator]) -> Iterator[list[values.Indicator]]:
    rest = iter(found)
    while some := list(islice(rest, STEP)):
        yield some


def check_words(title: str, origin: str, tlp: str, until: datetime | None) -> None:
    """What is said about a file, before anybody reads it. Raises Invalid."""
    named = " ".join(title.split())
    if not named:
        raise Invalid("title", "required")
    for field, words in (("title", named), ("origin", origin)):
        if len(words) > _TITLE:
            raise Invalid(field, "too_long", limit=_TITLE)
    if tlp and tlp not in set(Tlp):
        raise Invalid("tlp", "unknown")
    if until is not None and until <= clock.now():
        raise Invalid("until", "past")
    if until is not None and not clock.everywhere(until.date()):
        raise Invalid("until", "not_plausible")


def marked(said: str, read: Read) -> Tlp:
    """What a person said may be stricter than the file, never looser."""
    wanted = Tlp(said) if said else read.tlp or Tlp.AMBER
    return max(wanted, read.tlp or wanted, key=reading.STRICT.index)


@action
def begin_indicators(
    *,
    by: Actor,
    organisation: UUID,
    title: str,
    origin: str,
    tlp: Tlp,
    read: Read,
    file: IndicatorFile | None = None,
) -> IndicatorList:
    """``file``: the one that is kept and taken in by the engine. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    place = accounts.organisation(by, organisation, Verb.MANAGE)
    check_words(title, origin, "", None)
    if queries.total() + read.count > MOST:
        raise Invalid("file", "indicators_full", most=MOST)

    kept = IndicatorList.objects.create(
        organisation=place,
        title=" ".join(title.split()),
        origin=origin.strip(),
        tlp=tlp,
        form=read.form,
        digest=read.digest,
        passed=read.passed,
        widths=list(read.widths),
        made_by=by.ref,
        made_at=clock.now(),
    )
    if file is not None:
        file.list, file.rows = kept, read.count
        file.save(update_fields=["list", "rows"])

    _record(_brought(kept, read), kept, by)
    return kept


def _brought(kept: IndicatorList, read: Read) -> facts.IndicatorsBrought:
    return facts.IndicatorsBrought(
        list=kept.uuid,
        organisation=kept.organisation.uuid,
        title=commit(kept.title, kept.secret),
        tlp=kept.tlp,
        form=read.form.value,
        digest=read.digest,
        count=read.count,
        passed=read.passed,
    )


@transaction.atomic
def fill(kept: IndicatorList, some: Iterable[values.Indicator], until: datetime | None) -> None:
    """Plain SQL: with a model of each, a hundred thousand would take four times as long. Of what a file says twice the
    last counts.
    """
    written = connection.ops.adapt_datetimefield_value
    rows = [
        (kept.pk, one.sort.value, one.value, one.key, None if ends is None else written(ends), one.confidence)
        for one in {each.key: each for each in some}.values()
        for ends in (one.until or until,)
    ]
    straight.run_each(straight.main(), _INSERT, rows)


@action
def finish_indicators(*, by: Actor, indicators: UUID) -> IndicatorList:
    """From now on alerts are compared with it. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    kept = _held(by, indicators)

    kept.count, kept.state = kept.indicators.count(), ListState.READY
    kept.save(update_fields=["count", "state"])
    file = IndicatorFile.objects.filter(list=kept).first()
    if file is not None:
        bringing.finish(file)
        IndicatorPiece.objects.filter(file=file).delete()

    _record(facts.IndicatorsKept(list=kept.uuid, count=kept.count), kept, by)
    return kept


@action
def remove_indicator(*, by: Actor, indicators: UUID, key: str) -> None:
    """One value is looked for no more. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    kept = _held(by, indicators)
    gone, _ = kept.indicators.filter(key=key).delete()
    if not gone:
        raise NotFound("indicator")

    kept.count = max(0, kept.count - 1)
    kept.save(update_fields=["count"])

    _record(facts.IndicatorRemoved(list=kept.uuid, key=key), kept, by)


def remove_indicators(*, by: Actor, indicators: UUID) -> None:
    """The whole list; what it found stays said on its alerts. At once nothing is compared with it any more, and its
    values go in steps before it. Raises NotAllowed, NotFound.
    """
    by.must(Verb.MANAGE)
    kept = queries.indicator_list(by, indicators, Verb.MANAGE)
    IndicatorFile.objects.filter(list=kept).delete()
    empty_indicators(kept)
    forget_indicators(by=by, indicators=indicators)


def empty_indicators(kept: IndicatorList) -> None:
    while _empty(kept):
        continue


@transaction.atomic
def _empty(kept: IndicatorList) -> bool:
    IndicatorList.objects.filter(pk=kept.pk).update(state=ListState.FILLING)
    some = list(kept.indicators.order_by("pk").values_list("pk", flat=True)[:STEP])
    Indicator.objects.filter(pk__in=some).delete()
    return len(some) == STEP


@action
def forget_indicators(*, by: Actor, indicators: UUID) -> None:
    """Of a list whose values are gone. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    kept = _held(by, indicators)

    kept.delete()

    _record(facts.IndicatorsRemoved(list=indicators), kept, by)


@action
def load_catalogue(*, by: Actor, which: str, body: bytes) -> Loaded:
    """The file takes the place of the one before it; for the whole site. Raises NotAllowed, Invalid."""
    by.must(Verb.MANAGE, accounts.root().pk)
    if which not in set(Catalogue):
        raise Invalid("which", "unknown")
    found = catalogues.read(Catalogue(which), body)
    before = Loaded.objects.select_for_update().filter(which=which).first()

    kept = Loaded(
        which=which,
        number=(before.number if before else 0) + 1,
        version=found.version,
        count=found.count,
        digest=hashlib.sha256(body).hexdigest(),
        text=msgspec.json.encode(found).decode(),
        made_by=by.ref,
        at=clock.now(),
    )
    kept.save()

    fact = facts.CatalogueLoaded(
        which=Catalogue(which), number=kept.number, edition=kept.version, digest=kept.digest, count=kept.count
    )
    record(fact, subject=f"catalogue:{which}", by=by, topics=TOPICS)
    return kept


def _held(by: Actor, indicators: UUID) -> IndicatorList:
    """Locked until the act is over. Raises NotFound."""
    rows = queries.lists(by, Verb.MANAGE).select_for_update(of=("self",))
    found = rows.filter(uuid=indicators).first()
    if found is None:
        raise NotFound("indicators")
    return found


def _record(fact: Fact, kept: IndicatorList, by: Actor) -> None:
    record(fact, subject=f"indicators:{kept.uuid}", by=by, topics=TOPICS)
