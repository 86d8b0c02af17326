"""What was held is judged again, as if it came now: another silence or alert may hold it further."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from hikeshi.intake import gathering, judging
from hikeshi.intake.actions import digest, rows, sides
from hikeshi.intake.folding import Change
from hikeshi.intake.gathering import Gathered, Row
from hikeshi.intake.judging import Before
from hikeshi.intake.models import Alert
from hikeshi.intake.normalise import Finding, State
from hikeshi.intake.queries import calming, ruling, silencing
from hikeshi.intake.verdicts import Verdict

STEP: Final = 200
"""Alerts that speak in one transaction."""


def speak(shown: Mapping[str, Alert], code: str, at: datetime) -> tuple[int, int]:
    """Inside an action, by fingerprint: judges what still fires; what is over says so. How many of each."""
    known = rows.held(sorted(shown))
    found = [_again(known[each], shown[each]) for each in sorted(known) if known[each].verdict == Verdict.HOLD]
    firing = [one for one in found if one.status == State.FIRING]
    quiet = sides.quiet(silencing.in_force(at), sides.asked(firing, at))
    asked = gathering.weigh(firing, ruling.book(), quiet, {}, harmless=calming.harmless(at))
    gathering.judge(firing, rows.holders(asked) if asked else {})
    for one in found:
        if one.status != State.FIRING:
            one.judgement = judging.over(code)
            one.row.verdict, one.row.reason = one.judgement.verdict.value, one.judgement.reason
        one.row.announced = one.row.announced or digest.calls(one)
    rows.update([one.row for one in found])
    for one in found:
        digest.announce(one)
    digest.count_hits(firing)
    return len(firing), len(found) - len(firing)


def hold(shown: Mapping[str, Alert], code: str) -> None:
    """Inside an action, by fingerprint: holds what the ledger has spoken of, and tells it."""
    known = rows.held(sorted(shown))
    found = [_again(known[each], shown[each]) for each in sorted(known)]
    for one in found:
        gathering.decide(one, judging.held(code))
    rows.update([one.row for one in found])
    for one in found:
        digest.announce(one)


def _again(row: Row, shown: Alert) -> Gathered:
    folded = row.folded
    finding = Finding(
        row.source,
        "",
        shown.title,
        folded.severity,
        folded.status,
        folded.first_seen,
        folded.last_seen,
        folded.last_seen,
        (),
        shown.observables,
        shown.normal,
    )
    before = Before(row.verdict, row.rule, row.case, row.case_open)
    return Gathered(row, before, folded, folded.status, folded.count, [], Change.NEW, finding)
