"""How alerts look to `verify --state`: the columns that facts write."""

from collections.abc import Iterator

from hikeshi.intake.models import Alert
from hikeshi.ledger import states


def _alerts() -> Iterator[tuple[str, states.Columns]]:
    spoken_of = Alert.objects.filter(announced=True)
    for uuid, verdict, rule, case in spoken_of.values_list("uuid", "verdict", "rule", "case").iterator():
        yield str(uuid), {"verdict": verdict, "rule": rule, "case": case}


states.register("intake.alert", _alerts)
