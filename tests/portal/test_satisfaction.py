"""How satisfied reporters were: asked at the end, counted for whoever sees the record."""

from collections import Counter
from datetime import UTC

import pytest

from hikeshi.figures import queries
from hikeshi.figures.asking import Asked
from hikeshi.figures.codes import tile
from hikeshi.figures.periods import Stretch, stretch
from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident, Rating, Reporter
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from tests import world
from tests.portal.reporting import REQUEST, open_site, send, stranger
from tests.web import desk


def counted(by: Actor) -> dict[int, int]:
    asked = Asked(stretch(Stretch.MONTH, clock.now().date()), UTC)
    found = queries.figure(by, tile("satisfaction", "score"), asked)
    assert found.total == sum(line.numbers[0] or 0 for line in found.lines)
    return {int(line.key): line.numbers[0] or 0 for line in found.lines if line.numbers[0]}


def test_satisfaction_is_asked_at_the_end_and_counted_once_for_each_report_by_who_sees_it() -> None:
    open_site()
    mori, chief, auditor = (
        desk.browser("mori", "responder"),
        world.actor("aoi", "commander"),
        world.actor("y", "auditor"),
    )
    records = []
    for number, scores in enumerate((("5",), ("2",), ("1", "4"), ())):
        reporter = stranger(address=f"192.0.2.{number + 1}")
        assert send(reporter, REQUEST, what=f"Request {number}").status_code == 302
        record = Incident.objects.latest("pk")
        report = f"/report/{Reporter.objects.latest('pk').uuid}/"
        assert "How was it?" not in desk.page(reporter.get(report)), "not before the end"
        mori.post(f"/incidents/{record.ref}/reply", {"text": "Done.", "sort": "closing"})
        assert "How was it?" in desk.page(reporter.get(report))
        for score in scores:
            assert reporter.post(f"{report}rate", {"score": score, "words": ""}).status_code == 302
        records.append(record)
    assert counted(chief) == Counter(Rating.objects.values_list("score", flat=True)) == {5: 1, 2: 1, 4: 1}
    actions.restrict(by=chief, ref=records[1].ref, reason="personnel")
    assert counted(auditor) == {5: 1, 4: 1}
    with pytest.raises(NotAllowed):
        counted(world.actor("none", "reporter"))
