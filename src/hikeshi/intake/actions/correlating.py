"""What correlations keep between batches: one row per group, claimed in the order of their keys, so that several
digesters share them. Within the digest's own transaction, so that each alert counts once whatever crashes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.db.models import Q

from hikeshi.intake import marking
from hikeshi.intake.actions import rows
from hikeshi.intake.correlation import Group, late
from hikeshi.intake.gathering import Gathered
from hikeshi.intake.marking import Held, Hit, Marked
from hikeshi.intake.models import Alert, CorrelationGroup, Together
from hikeshi.intake.preparing import Prepared
from hikeshi.intake.rulebook import RuleBook
from hikeshi.intake.verdicts import CALLING
from hikeshi.kernel import clock, straight
from hikeshi.ledger.acts import unit

MOST_GROUPS: Final = 200_000
"""Beyond, the groups begun first go: whoever invents addresses must not fill the disk."""
AT_ONCE: Final = 500
_decoder = msgspec.json.Decoder(Group)
# One statement finds and locks them, and begins those that are new; the update changes nothing, and is what locks.
_CLAIM = """
INSERT INTO intake_correlationgroup (key, rule, state, due_at) VALUES {}
ON CONFLICT (key) DO UPDATE SET rule = excluded.rule RETURNING key, state
"""
_UPDATE = "UPDATE intake_correlationgroup SET state = %s, due_at = %s WHERE key = %s"


def together(kept: Sequence[Prepared], book: RuleBook, held: Held) -> dict[str, list[Hit]]:
    """By fingerprint: what correlations found with the alerts of this batch. Before any alert's row is taken, so that
    two digesters never wait for each other crosswise.
    """
    marked = marking.marks(kept, book, held)
    if not marked:
        return {}
    keys = sorted(marked)
    groups = _claim(marked, keys)
    found = marking.hits((marked[key] for key in keys), groups)
    here = straight.main()
    straight.run_each(here, _UPDATE, [(_written(groups[key]), _due(marked[key]), key) for key in keys])
    return found


def _claim(marked: Mapping[str, Marked], keys: Sequence[str]) -> dict[str, Group]:
    found: dict[str, Group] = {}
    empty = _written(Group([], {}))
    here = straight.main()
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        begun = [value for key in part for value in (key, marked[key].rule.code, empty, _due(marked[key]))]
        cursor = straight.run(here, _CLAIM.format(", ".join(["(%s, %s, %s, %s)"] * len(part))), begun)
        found |= {key: _decoder.decode(state) for key, state in cursor.fetchall()}
    return found


def _written(group: Group) -> str:
    return msgspec.json.encode(group).decode()


def _due(marked: Marked) -> rows.Value:
    window = marked.correlation.terms.window
    return rows.when(clock.now() + timedelta(milliseconds=window + late(window)))


def forget_groups(now: datetime) -> bool:
    """Up to a step's worth of what can no longer find anything, and of what is too much; whether there may be more.
    What a digester has in hand is left to it.
    """
    # Counted, not reckoned from the newest number: on PostgreSQL every look at a group that stands uses one up.
    surplus = CorrelationGroup.objects.order_by("-pk").values_list("pk", flat=True)[MOST_GROUPS : MOST_GROUPS + 1]
    going = Q(due_at__lt=now) | Q(pk__lte=next(iter(surplus), 0))
    if not CorrelationGroup.objects.filter(going).exists():
        return False
    with unit():
        free = CorrelationGroup.objects.select_for_update(skip_locked=True).filter(going).order_by("pk")
        gone = CorrelationGroup.objects.filter(pk__in=list(free.values_list("pk", flat=True)[:AT_ONCE])).delete()[0]
    return gone == AT_ONCE


def members(found: Mapping[str, Sequence[Hit]]) -> dict[str, tuple[UUID, str]]:
    """Of the alerts that hits name, by fingerprint: those whose case is open or about to be, with that case. What was
    judged to belong to one is in it as soon as that is heard of, in the order of the ledger.
    """
    opening = {}
    for part in _parts({each for hits in found.values() for hit in hits for each in hit.found.members}):
        going = Q(case_open=True) | Q(verdict__in=CALLING, case="")
        found_rows = Alert.objects.filter(going, fingerprint__in=part)
        for uuid, fingerprint, case, case_open in found_rows.values_list("uuid", "fingerprint", "case", "case_open"):
            opening[fingerprint] = (uuid, case if case_open else "")
    return opening


def _parts(fingerprints: set[str]) -> Iterator[list[str]]:
    wanted = sorted(fingerprints)
    return (wanted[start : start + rows.CHUNK] for start in range(0, len(wanted), rows.CHUNK))


def _uuids(fingerprints: set[str]) -> dict[str, UUID]:
    known = Alert.objects.values_list("fingerprint", "uuid")
    return {each: uuid for part in _parts(fingerprints) for each, uuid in known.filter(fingerprint__in=part)}


def explain(written: Sequence[Gathered]) -> dict[UUID, tuple[UUID, ...]]:
    """Keeps, for each alert that a correlation decided on, what it found; returns its members by the alert."""
    decided = [one for one in written if one.judgement is not None and one.judgement.hit is not None]
    if not decided:
        return {}
    uuids = _uuids({each for one in decided for each in _hit(one).found.members})
    kept: dict[UUID, tuple[UUID, ...]] = {}
    new: list[Together] = []
    for one in decided:
        hit = _hit(one)
        named = {uuids[each]: signal for each, signal in hit.found.members.items() if each in uuids}
        kept[one.row.uuid] = tuple(sorted(named))
        new.append(
            Together(
                alert_id=one.row.id,
                rule=hit.rule.code,
                rule_version=hit.rule.version,
                shared=[list(pair) for pair in hit.shared],
                members={str(uuid): _signal(hit, signal) for uuid, signal in named.items()},
                since=hit.since,
                until=hit.until,
                count=hit.found.count,
            )
        )
    fields = ["rule", "rule_version", "shared", "members", "since", "until", "count"]
    Together.objects.bulk_create(new, update_conflicts=True, unique_fields=["alert"], update_fields=fields)
    return kept


def _hit(one: Gathered) -> Hit:
    if one.judgement is None or one.judgement.hit is None:
        raise AssertionError("asked only of what a correlation decided")
    return one.judgement.hit


def _signal(hit: Hit, number: int) -> str:
    correlation = hit.rule.correlation
    return correlation.signals[number].name if correlation is not None else ""
