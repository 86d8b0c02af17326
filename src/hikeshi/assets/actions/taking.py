"""A large file of indicators is kept in pieces and taken in by the engine, a thousand values at a time. Who sent it
waits for its last byte and no longer; whatever ends the engine meanwhile, it goes on where it was.
"""

import hashlib
import zlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from time import monotonic
from typing import Final
from uuid import UUID

from django.db import transaction

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.actions import bringing
from hikeshi.accounts.models import ImportState
from hikeshi.assets.actions import intelligence
from hikeshi.assets.intelligence import reading
from hikeshi.assets.intelligence.reading import MOST_BYTES, Pieces
from hikeshi.assets.intelligence.values import Indicator
from hikeshi.assets.models import IndicatorFile, IndicatorList, IndicatorPiece
from hikeshi.assets.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, Refusal
from hikeshi.ledger.acts import unit

AT_ONCE: Final = 256 * 1024
"""Bytes of a file that is taken in while its sender waits: some ten thousand values, within a second."""
PIECE: Final = 1024 * 1024
LONGEST: Final = 1.0
"""Seconds that one step reads: the engine's beat waits for it."""
_MOST_FORGOTTEN: Final = 100


def bring_indicators(
    *,
    by: Actor,
    organisation: UUID,
    title: str,
    pieces: Iterable[bytes],
    origin: str = "",
    tlp: str = "",
    until: datetime | None = None,
) -> IndicatorList | IndicatorFile:
    """The list where the file is small; else the file as it is kept, for the engine to take in. ``pieces`` are read
    once, as they come. Raises NotAllowed, NotFound, Invalid; of a large file only for what is said about it.
    """
    by.must(Verb.MANAGE)
    arriving = iter(pieces)
    head, whole = _head(arriving)
    about = _About(organisation, title, origin, tlp, until)
    if whole:
        return _at_once(by, about, head)
    kept = _promised(by, about)
    try:
        _keep(kept, chain((head,), arriving))
    except BaseException:
        kept.delete()
        raise
    return kept


@dataclass(frozen=True, slots=True)
class _About:
    organisation: UUID
    title: str
    origin: str
    tlp: str
    until: datetime | None


def _at_once(by: Actor, about: _About, body: bytes) -> IndicatorList:
    return intelligence.add_indicators(
        by=by,
        organisation=about.organisation,
        title=about.title,
        pieces=reading.whole(body),
        origin=about.origin,
        tlp=about.tlp,
        until=about.until,
    )


def _head(arriving: Iterator[bytes]) -> tuple[bytes, bool]:
    head = bytearray()
    for piece in arriving:
        head += piece
        if len(head) > AT_ONCE:
            return bytes(head), False
    return bytes(head), True


def _promised(by: Actor, about: _About) -> IndicatorFile:
    """Raises NotAllowed, NotFound, Invalid."""
    intelligence.check_words(about.title, about.origin, about.tlp, about.until)
    return IndicatorFile.objects.create(
        organisation=accounts.organisation(by, about.organisation, Verb.MANAGE),
        person=accounts.myself(by),
        file_name=" ".join(about.title.split()),
        digest="",
        body=b"",
        title=" ".join(about.title.split()),
        origin=about.origin.strip(),
        tlp=about.tlp,
        until=about.until,
        created_at=clock.now(),
    )


def _keep(kept: IndicatorFile, arriving: Iterable[bytes]) -> None:
    """Each piece by itself: whoever writes meanwhile waits for none of a whole file. Raises Invalid."""
    digest, size = hashlib.sha256(), 0
    for number, piece in enumerate(_even(arriving)):
        size += len(piece)
        if size > MOST_BYTES:
            raise Invalid("file", "file_too_large", limit=MOST_BYTES // 1_048_576)
        digest.update(piece)
        IndicatorPiece.objects.create(file=kept, number=number, body=zlib.compress(piece, 1))
    kept.digest, kept.size, kept.state = digest.hexdigest(), size, ImportState.GOING
    kept.save(update_fields=["digest", "size", "state"])


def _even(arriving: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for some in arriving:
        held += some
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def is_taking_indicators() -> bool:
    return bringing.is_going(IndicatorFile)


def continue_indicators(*, by: Actor) -> bool:
    """One step of the oldest file under way, for the engine, with the rights its bringer has by now; whether there may
    be more. A file that is refused leaves nothing behind but its reason. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed("assets.continue_indicators")
    rows = IndicatorFile.objects.select_related("organisation", "person", "list").filter(state=ImportState.GOING)
    file = rows.order_by("created_at", "pk").first()
    for gone in {*_surveys, *_reading} - {file.pk if file else 0}:
        _forget(gone)
    if file is None:
        return False
    actor = accounts.actor_of(file.person) if file.person else by
    try:
        actor.must(Verb.MANAGE, file.organisation_id)
        if file.list is None:
            _begin(actor, file)
        else:
            _take(actor, file, file.list)
    except Refusal as refusal:
        _fail(by, file, refusal)
    return True


def _begin(by: Actor, file: IndicatorFile) -> None:
    """Goes through it to its very end, so that a file that is not whole changes nothing. Raises Refusal."""
    survey = _surveys.pop(file.pk, None) or reading.surveying(_pieces(file))
    read = _for_a_while(survey)
    if read is None:
        _surveys[file.pk] = survey
        return
    with unit():
        if not IndicatorFile.objects.select_for_update().filter(pk=file.pk, list=None).exists():
            return  # another engine was through it first
        intelligence.begin_indicators(
            by=by,
            organisation=file.organisation.uuid,
            title=file.title,
            origin=file.origin,
            tlp=intelligence.marked(file.tlp, read),
            read=read,
            file=file,
        )


def _for_a_while(survey: Generator[None, None, reading.Read]) -> reading.Read | None:
    """None where it is not at its end yet. Raises Invalid."""
    until = monotonic() + LONGEST
    while True:
        try:
            next(survey)
        except StopIteration as ended:
            read: reading.Read = ended.value
            return read
        if monotonic() >= until:
            return None


def _take(by: Actor, file: IndicatorFile, kept: IndicatorList) -> None:
    """Raises Refusal."""
    place, values = _reading.pop(file.pk, (None, iter(())))
    if place is None or place > file.place:
        place, values = 0, reading.values(_pieces(file), reading.Form(kept.form))
    if place < file.place:
        _reading[file.pk] = (_passed_over(values, place, file.place), values)
        return
    some = list(islice(values, intelligence.STEP))
    if not some:
        intelligence.finish_indicators(by=by, indicators=kept.uuid)
        return
    with transaction.atomic():
        held = IndicatorFile.objects.select_for_update().filter(pk=file.pk, place=place).first()
        if held is None:  # another engine took them, or the list was removed
            return
        intelligence.fill(kept, some, file.until)
        held.place += len(some)
        held.save(update_fields=["place"])
    _reading[file.pk] = (held.place, values)


def _passed_over(values: Iterator[Indicator], place: int, wanted: int) -> int:
    """Whoever reads on knows the place; a fresh process goes through the file up to there, some of it at a time."""
    until = monotonic() + LONGEST
    while place < wanted:
        next(values, None)
        place += 1
        if monotonic() >= until:
            break
    return place


_surveys: dict[int, Generator[None, None, reading.Read]] = {}
_reading: dict[int, tuple[int, Iterator[Indicator]]] = {}
"""Of the file this process takes in: how many values it has read, and the rest of them."""


def _pieces(file: IndicatorFile) -> Pieces:
    def pieces() -> Iterator[bytes]:
        rows = IndicatorPiece.objects.filter(file=file)
        for number in range(rows.count()):
            yield zlib.decompress(rows.values_list("body", flat=True).get(number=number))

    return pieces


def _forget(file: int) -> None:
    _surveys.pop(file, None)
    _reading.pop(file, None)


def _fail(by: Actor, file: IndicatorFile, refusal: Refusal) -> None:
    """``by``: the engine; whoever brought it may have no right left to take the half of it away. Ended in between, it
    begins at the first value again.
    """
    _forget(file.pk)
    file.place = 0
    file.save(update_fields=["place"])
    if file.list is not None:
        intelligence.empty_indicators(file.list)
    with unit():
        half, file.list = file.list, None
        file.told = dict(refusal.params) if isinstance(refusal, Invalid) else {}
        file.save(update_fields=["list", "told"])
        IndicatorPiece.objects.filter(file=file).delete()
        if half is not None:
            intelligence.forget_indicators(by=by, indicators=half.uuid)
        code = refusal.reason if isinstance(refusal, Invalid) else refusal.code
        bringing.fail(file, code, int(file.told.get("line", 0)))


def forget_indicator_files(now: datetime) -> bool:
    """What never came in whole, and the traces of the others, are gone after a day. True when some went."""
    return bool(IndicatorFile.objects.filter(pk__in=bringing.over(IndicatorFile, now, _MOST_FORGOTTEN)).delete()[0])
