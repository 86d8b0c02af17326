"""Changes of alerts' states, kept between batches as rows. Within the digest's own transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hikeshi.intake import flapping
from hikeshi.intake.flapping import Seen, Terms
from hikeshi.intake.gathering import Gathered
from hikeshi.intake.models import Flap
from hikeshi.intake.queries import calming


@dataclass(frozen=True, slots=True)
class Flaps:
    """What is known now of the alerts of a batch whose state changed, by fingerprint."""

    terms: Terms
    seen: Mapping[str, Seen]

    @property
    def flapping(self) -> frozenset[str]:
        return frozenset(fingerprint for fingerprint, seen in self.seen.items() if seen.since is not None)

    def write(self, found: Sequence[Gathered]) -> None:
        """Once the alerts of the batch have their rows."""
        known = [(one.row.id, self.seen[one.row.fingerprint]) for one in found if one.row.fingerprint in self.seen]
        rows = [row for pk, seen in known if (row := kept(pk, seen, self.terms)) is not None]
        if rows:
            Flap.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["alert"], update_fields=["moments", "since", "due_at"]
            )


def kept(alert: int, seen: Seen, terms: Terms) -> Flap | None:
    """None where nothing is left to remember."""
    due = flapping.due(seen, terms)
    moments = [round(at.timestamp() * 1000) for at in seen.moments]
    return None if due is None else Flap(alert_id=alert, moments=moments, since=seen.since, due_at=due)


def look(found: Sequence[Gathered], at: datetime) -> Flaps:
    """No query where nothing fired again; else two, however many did. What never fired again does not flap."""
    turning = [one for one in found if one.turns and one.row.folded.fired]
    if not turning:
        return Flaps(Terms(), {})
    terms = calming.flap_terms()
    known = Flap.objects.filter(alert__in=[one.row.id for one in turning if one.row.id]).order_by()
    before = {row.alert_id: calming.seen(row) for row in known}
    seen = {one.row.fingerprint: flapping.note(before.get(one.row.id, Seen()), one.turns, terms, at) for one in turning}
    return Flaps(terms, seen)
