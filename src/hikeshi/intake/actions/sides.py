"""Which alerts explain which others, kept between batches as rows. Within the digest's own transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from hikeshi.intake import inhibitions, matchers
from hikeshi.intake.gathering import Gathered, Row, Silenced
from hikeshi.intake.inhibitions import Firing, Place, Side
from hikeshi.intake.models import InhibitionSide, InhibitionTurn
from hikeshi.intake.normalise import Finding, State
from hikeshi.intake.queries import inhibiting, silencing
from hikeshi.intake.queries.inhibiting import InForce
from hikeshi.intake.verdicts import Verdict

REFRESHED: Final = 10
"""A source heard of again is written once in so many parts of the time it counts, not with each of a storm's alerts."""

_ONE: Final = ("inhibition", "alert")
_TOLD: Final = ("key", "source", "target", "until")


@dataclass(frozen=True, slots=True)
class Look:
    """``sides``: what is known anew of alerts of a batch; ``held``: by fingerprint, the code of what holds it."""

    known: InForce
    at: datetime
    sides: Mapping[str, tuple[Side, ...]]
    held: Mapping[str, str]

    def write(self, found: Sequence[Gathered]) -> None:
        """Once the alerts of the batch have their rows."""
        if not self.known.book:
            return
        changed = [one for one in found if _is_news(one)]
        before = InhibitionSide.objects.filter(alert__in=[one.row.id for one in changed if one.before is not None])
        kept: dict[int, dict[int, InhibitionSide]] = {}
        for row in before.order_by("pk"):
            kept.setdefault(row.alert_id, {})[row.inhibition_id] = row
        written = _Written()
        for one in changed:
            self._compare(one, kept.get(one.row.id, {}), written)
        written.store()

    def _compare(self, one: Gathered, kept: Mapping[int, InhibitionSide], written: "_Written") -> None:
        wanted = {side.inhibition: side for side in self.sides.get(one.row.fingerprint, ())}
        if one.row.folded.status == State.RESOLVED:
            wanted = self._outlasting(one, wanted or {pk: _side(row) for pk, row in kept.items()})
        for pk, row in kept.items():
            if pk not in wanted:
                written.goes(row)
        for pk, side in wanted.items():
            lasts = self.known.book.lasts(pk)
            written.stands(one.row.id, side, kept.get(pk), self.at + lasts, lasts / REFRESHED)

    def _outlasting(self, one: Gathered, sides: Mapping[int, Side]) -> dict[int, Side]:
        """What is over explains nothing; it stands as a target as long as it is held, to be told that it is over."""
        row = one.row
        held = {pk: side for pk, side in sides.items() if side.target and self.known.codes.get(pk) == row.rule}
        return {pk: replace(side, source=False) for pk, side in held.items()} if row.verdict == Verdict.HOLD else {}


class _Written:
    """What a batch changes, and the groups whose sources it changed."""

    __slots__ = ("changed", "gone", "new", "turned")

    def __init__(self) -> None:
        self.new: list[InhibitionSide] = []
        self.changed: list[InhibitionSide] = []
        self.gone: list[int] = []
        self.turned: dict[str, int] = {}

    def goes(self, row: InhibitionSide) -> None:
        self.gone.append(row.pk)
        if row.source:
            self.turned[row.key] = row.inhibition_id

    def stands(self, alert: int, side: Side, row: InhibitionSide | None, until: datetime, refreshed: timedelta) -> None:
        if row is None:
            row = InhibitionSide(inhibition_id=side.inhibition, alert_id=alert, until=until)
            self.new.append(row)
        elif _side(row) != side or (side.source and until - row.until >= refreshed):
            self.changed.append(row)
        else:
            return
        if row.pk is None or _side(row) != side:
            self.turned |= dict.fromkeys(self._groups(row, side), side.inhibition)
        row.key, row.source, row.target, row.until = side.key, side.source, side.target, until

    @staticmethod
    def _groups(row: InhibitionSide, side: Side) -> list[str]:
        before = [row.key] if row.pk is not None and row.source else []
        return before + ([side.key] if side.source else [])

    def store(self) -> None:
        if self.gone:
            InhibitionSide.objects.filter(pk__in=self.gone).delete()
        # Whoever sets an inhibition meanwhile finds the same alerts.
        InhibitionSide.objects.bulk_create(self.new, update_conflicts=True, unique_fields=_ONE, update_fields=_TOLD)
        if self.changed:
            InhibitionSide.objects.bulk_update(self.changed, _TOLD)
        turn(self.turned)


def turn(groups: Mapping[str, int]) -> None:
    """By group: its inhibition. Sources began or ended there, and somebody looks at the targets in a moment."""
    InhibitionTurn.objects.bulk_create(
        [InhibitionTurn(inhibition_id=pk, key=key) for key, pk in sorted(groups.items())]
    )


def look(found: Sequence[Gathered], at: datetime) -> Look:
    """Of a batch: its own alerts count as they now are, all others as their rows say. Where nothing inhibits, one
    query; else four, however many alerts and inhibitions.
    """
    known = inhibiting.in_force()
    if not known.book:
        return Look(known, at, {}, {})
    sides = {one.row.fingerprint: seen for one in found if (seen := _sides(known, one)) is not None}
    firing = Firing()
    for one in found:
        if one.row.folded.status == State.FIRING:
            for side in sides.get(one.row.fingerprint, ()):
                firing.put(one.row.fingerprint, side)
    others = _sources(sides, at).exclude(alert__in=[one.row.id for one in found if one.row.id and _is_news(one)])
    return Look(known, at, sides, _held(known, firing, sides, others))


def asked(found: Sequence[Gathered], at: datetime) -> Mapping[str, str]:
    """Of alerts that are judged again though nothing new is heard of them: by fingerprint, the code of what holds."""
    known = inhibiting.in_force()
    if not known.book:
        return {}
    sides = {one.row.fingerprint: _sides(known, one) or () for one in found}
    return _held(known, Firing(), sides, _sources(sides, at))


def quiet(silenced: Silenced, held: Mapping[str, str]) -> Silenced:
    """Silences first, since people set them for now; then alerts that explain others."""

    def asked(row: Row, finding: Finding) -> str:
        return silenced(row, finding) or held.get(row.fingerprint, "")

    return asked


def _held(
    known: InForce, firing: Firing, sides: Mapping[str, Sequence[Side]], others: QuerySet[InhibitionSide]
) -> dict[str, str]:
    told = others.order_by().values_list("inhibition_id", "key", "target").distinct()
    for pk, key, two_sided in told:
        firing.put((key, two_sided), Side(pk, key, source=True, target=two_sided))
    return {who: known.codes[pk] for who, pk in inhibitions.held(firing, sides).items()}


def _sources(sides: Mapping[str, Sequence[Side]], at: datetime) -> QuerySet[InhibitionSide]:
    wanted = {side.key for seen in sides.values() for side in seen if side.target}
    return InhibitionSide.objects.filter(key__in=wanted, source=True, until__gt=at)


def _sides(known: InForce, one: Gathered) -> tuple[Side, ...] | None:
    """By what it last said while it fired; None where this batch says nothing new of that."""
    finding = one.heard.finding if one.heard is not None else one.judged_on
    if finding is None:
        return None
    subject = matchers.subject(silencing.told(one.row, finding))
    return known.book.sides(Place(one.row.organisation_id, one.row.world), subject)


def _is_news(one: Gathered) -> bool:
    spoken = one.heard is not None or one.asked is not None or one.judged_on is not None
    return spoken or one.row.folded.status == State.RESOLVED


def _side(row: InhibitionSide) -> Side:
    return Side(row.inhibition_id, row.key, row.source, row.target)
