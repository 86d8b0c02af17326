"""What people and packages above say of alerts: whose case they are, and that a rule was wrong."""

import json
from collections.abc import Sequence
from itertools import product
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from hikeshi.intake import queries
from hikeshi.intake.actions import seeing
from hikeshi.intake.facts import CaseLinked, VerdictCorrected
from hikeshi.intake.judging import PERSON
from hikeshi.intake.models import Alert, CaseMember, Correction
from hikeshi.intake.permissions import Verb
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit, new_secret
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.texts import clean
from hikeshi.kernel.worlds import World
from hikeshi.ledger import keeping
from hikeshi.ledger.acts import action, record

MAX_REASON = 2_000


class Shown(NamedTuple):
    """What an alert shows of its case."""

    open: bool
    restricted: bool


@action
def link_case(
    *,
    by: Actor,
    alerts: Sequence[UUID],
    case: str,
    case_ref: str,
    open: bool,  # noqa: A002  # the word of the whole product for it
    restricted: bool,
    members: Sequence[int] = (),
) -> None:
    """Writes onto these alerts, and onto all that already hold the case, who holds them and who may see them.

    ``members`` are ids of the people who may see a restricted case; they replace those known before. For packages
    above, whose own verbs have asked who may: only the desk itself calls it. Raises NotAllowed, and NotFound for an
    alert that is not there.
    """
    if not by.unlimited:
        raise NotAllowed("intake.link_case")
    rows = _changing(alerts, case, case_ref, Shown(open, restricted))
    asked_for = set(alerts)
    if not asked_for <= {row.uuid for row in rows}:
        raise NotFound("alert")
    added = [row for row in rows if row.uuid in asked_for and row.case != case]

    turned = [row for row in rows if row.restricted != restricted]
    if turned:
        seeing.turn(turned, hidden=restricted)
    _let_in(case, members)
    shown = {"case_ref": case_ref, "case_open": open, "restricted": restricted}
    # In a storm a case takes in alerts one by one: writing all it holds each time would be work squared.
    if any(row.case == case for row in rows):
        Alert.objects.filter(_stale(case, case_ref, Shown(open, restricted))).update(**shown)
    _take_in(added, case=case, announced=True, **shown)

    if added:
        fact = CaseLinked(alerts=tuple(sorted(row.uuid for row in added)), case=case)
        record(fact, subject=case, by=by, world=World(added[0].world), topics=("alerts",))


def _stale(case: str, case_ref: str, shown: Shown) -> Q:
    """Alerts of the case that do not say so as they should."""
    return queries.of_case(case) & ~Q(case_ref=case_ref, case_open=shown.open, restricted=shown.restricted)


def _of_one(shown: Shown) -> Prepared[Alert]:
    return Prepared(
        lambda alert, case, ref: _rows(Q(uuid=alert) | _stale(case, ref, shown)), alert=UUID, case=str, ref=str
    )


_ONE: Final = {shown: _of_one(shown) for shown in (Shown(*both) for both in product((True, False), repeat=2))}


def _rows(which: Q) -> QuerySet[Alert]:
    """The digest takes rows in the order of their fingerprints; whoever takes several does too, or two meet
    crosswise.
    """
    rows = Alert.objects.select_for_update().filter(which).order_by("fingerprint")
    return rows.only("uuid", "case", "world", "restricted")


def _changing(alerts: Sequence[UUID], case: str, case_ref: str, shown: Shown) -> list[Alert]:
    """These, and those of the case that say what is not so any more. Mostly it is one that comes into a case."""
    if len(alerts) == 1:
        return _ONE[shown](alert=alerts[0], case=case, ref=case_ref)
    return list(_rows(Q(uuid__in=alerts) | _stale(case, case_ref, shown)))


_SHUT: Final = 'DELETE FROM intake_casemember WHERE "case" = %s'


def _let_in(case: str, members: Sequence[int]) -> None:
    """These people and nobody else."""
    if not members:
        with connection.cursor() as cursor:
            cursor.execute(_SHUT, [case])
        return
    CaseMember.objects.filter(case=case).exclude(person_id__in=members).delete()
    CaseMember.objects.bulk_create(
        [CaseMember(case=case, person_id=person) for person in members], ignore_conflicts=True
    )


def _take_in(added: Sequence[Alert], **said: object) -> None:
    if len(added) > keeping.FEW:
        Alert.objects.filter(pk__in=[row.pk for row in added]).update(**said)
        return
    for row in added:
        for name, value in said.items():
            setattr(row, name, value)
        keeping.keep_change(row, *said)


@action
def correct_verdict(*, by: Actor, alert: UUID, verdict: str, reason: str) -> Alert:
    """A person overrules the rule. ``open`` is no correction: who wants a case opens one. Raises NotFound, Invalid."""
    row = queries.alert(by, alert)
    by.must(Verb.JUDGE, row.organisation_id)
    if verdict not in {Verdict.DROP, Verdict.KEEP}:
        raise Invalid("verdict", "not_a_choice", choices="drop, keep")
    words = clean(reason, field="reason").strip()
    if not words or len(words) > MAX_REASON:
        raise Invalid("reason", "required" if not words else "too_long", limit=MAX_REASON)

    before = row
    row = Alert.objects.select_for_update().get(pk=before.pk)
    old, rule = Verdict(row.verdict), row.rule
    row.verdict, row.rule, row.announced = verdict, PERSON, True
    row.reason = json.dumps({"": words}, ensure_ascii=False)
    row.secret = row.secret or new_secret()
    row.save(update_fields=["verdict", "rule", "reason", "secret", "announced"])
    _count(row, rule, old, words, by)

    fact = VerdictCorrected(
        alert=row.uuid, before=old, after=Verdict(verdict), rule=rule, reason=commit(words, row.secret)
    )
    record(fact, subject=f"alert:{row.uuid}", by=by, world=World(row.world), topics=("alerts",))
    return row


def _count(alert: Alert, rule: str, before: Verdict, reason: str, by: Actor) -> None:
    """Against the rule that judged. Who overrules a person may give it back its verdict: then it was right."""
    now = clock.now()
    earlier = Correction.objects.filter(alert=alert, withdrawn_at=None).order_by("-id").first()
    if rule != PERSON:
        if before not in {alert.verdict, Verdict.HOLD}:
            Correction.objects.create(
                alert=alert,
                rule=rule,
                rule_version=alert.rule_version,
                before=before,
                after=alert.verdict,
                reason=reason,
                made_by=by.ref,
                at=now,
            )
    elif earlier is not None:
        earlier.after, earlier.reason, earlier.made_by, earlier.at = alert.verdict, reason, by.ref, now
        earlier.withdrawn_at = now if earlier.before == alert.verdict else None
        earlier.save()
