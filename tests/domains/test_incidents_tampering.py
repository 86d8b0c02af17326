"""Rows of a record edited behind the desk's back: `hikeshi verify --state` names them."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident, Link, Note, Observable, Participant, Task
from hikeshi.intake.models import Alert, CaseMember
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.incidents import opened

TOKYO = timezone(timedelta(hours=9))


def _two_records(by: Actor) -> tuple[Incident, Incident]:
    """A restricted one with an alert, and one that anybody sees, with something of everything."""
    seen = {"first_seen": clock.now(), "last_seen": clock.now(), "observables": [{"type": "ip", "value": "192.0.2.1"}]}
    row = Alert.objects.create(
        organisation=world.site(), source="wazuh", fingerprint="a", title="a", severity=5, rule="r", **seen
    )
    hidden, shown = opened(by, title="内部不正"), opened(by)
    actions.attach_alerts(by=by, ref=hidden.ref, alerts=[row.uuid])
    actions.restrict(by=by, ref=hidden.ref, reason="x")
    actions.note(by=by, ref=shown.ref, text="x")
    actions.add_task(by=by, ref=shown.ref, title="x", due_at=datetime(2026, 11, 30, 9, tzinfo=TOKYO))
    actions.add_link(by=by, ref=shown.ref, url="https://example.com/")
    actions.add_person(by=by, ref=shown.ref, person="mori", role="scribe")
    return hidden, shown


def _moved(model: type, **which: object) -> Callable[[Incident], object]:
    return lambda hidden: model.objects.filter(**which).exclude(incident=hidden).update(incident=hidden)  # type: ignore[attr-defined]  # a model


@pytest.mark.parametrize(
    ("edit", "where", "column"),
    [
        (_moved(Participant, role="scribe"), "participant", "incident"),
        (_moved(Note), "note", "incident"),
        (_moved(Task), "task", "incident"),
        (_moved(Link), "link", "incident"),
        (
            lambda hidden: Observable.objects.update(incident=Incident.objects.exclude(pk=hidden.pk).get()),
            "observable",
            "incident",
        ),
        (lambda hidden: Incident.objects.filter(pk=hidden.pk).update(world="demo"), "incident", "world"),
        (lambda hidden: Incident.objects.filter(pk=hidden.pk).update(opened_by="person:x"), "incident", "opened_by"),
        (lambda hidden: Alert.objects.update(restricted=False), "incident", "restricted"),
        (
            lambda hidden: CaseMember.objects.create(case=hidden.subject, person=world.person("mori")),
            "incident",
            "restricted",
        ),
    ],
)
def test_what_was_moved_uncovered_or_renamed_behind_the_desks_back_is_named(
    edit: Callable[[Incident], object], where: str, column: str
) -> None:
    world.person("mori", "responder")
    hidden, _ = _two_records(world.actor("chief", "commander"))
    assert verify(state=True).findings == ()
    edit(hidden)
    found = [(one.where.split(":")[0], one.detail) for one in verify(state=True).findings]
    assert found == [(f"incidents.{where}", column)]
