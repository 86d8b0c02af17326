"""A staff list against the directory: who moved, left or joined, each applied by a tick and as an act of its own."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from hikeshi.accounts import actions, differences, queries, resting, staff
from hikeshi.accounts.actions import Pick
from hikeshi.accounts.differences import Difference, Sort
from hikeshi.accounts.models import Card, ImportState, Organisation, Person, StaffFile, StoredWay
from hikeshi.assets import actions as assets
from hikeshi.assets.models import Asset
from hikeshi.assets.particulars import Particulars
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Incident
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.escalation import TargetKind
from hikeshi.oncall.models import Rota
from hikeshi.oncall.models.policies import Policy
from hikeshi.oncall.terms import LayerTerms
from tests import world

HEAD = "社員番号,氏名,所属,メール,内線,携帯,退職日\r\n"


def brought(by: Actor, *lines: str, head: str = HEAD, at: Organisation | None = None) -> StaffFile:
    body = (head + "\r\n".join(lines) + "\r\n").encode("cp932")
    place = (at or world.site()).uuid
    return actions.prepare_staff_comparison(by=by, organisation=place, file_name="名簿.csv", body=body)


def found(by: Actor, file: StaffFile) -> dict[str, Difference]:
    return {one.name: one for one in differences.compare(by, file)}


def ticked(*wanted: Difference, **more: object) -> list[Pick]:
    return [Pick(one.key, one.mark, **more) for one in wanted]  # type: ignore[arg-type]  # successor, alone


def facts(file_or_person: UUID) -> list[str]:
    return list(Entry.objects.filter(subject__endswith=str(file_or_person)).values_list("fact", flat=True))


def someone(name: str, shown: str, mail: str = "", at: Organisation | None = None) -> Person:
    row = world.person(name, at=at)
    return actions.edit_person(by=system("test"), person=row.uuid, name=shown, email=mail)


def test_movers_leavers_joiners_and_new_numbers_are_told_apart_and_only_what_is_ticked_is_applied() -> None:
    plant = world.organisation("大阪工場")
    keeper = world.admin()
    mori = someone("mori", "森 花子", "mori@example.jp")
    abe, kato = someone("1024", "安部 太郎"), someone("kato", "加藤", "kato@example.jp")
    old = actions.add_way(by=keeper, owner=f"person:{mori.uuid}", kind="phone", address="090-1111-2222")
    text = actions.add_way(by=keeper, owner=f"person:{mori.uuid}", kind="sms", address="090-1111-2222", label="夜")
    actions.prove_way(by=keeper, way=old.uuid, how="called")
    file = brought(
        keeper,
        "77,森花子,大阪工場,mori@example.jp,123,090-3333-4444,",
        "01024,安倍 太郎,知らない部,,,,",
        "88,加藤,,kato@example.jp,,,2026/1/31",
        "99,新人 次郎,大阪工場,new@example.jp,,,",
        "55,数字,,,,12,",
    )
    before = Entry.objects.count()
    told = found(keeper, file)
    assert {name: one.sort for name, one in told.items() if one.sort is not Sort.SAME} == {
        "森花子": Sort.MOVED,
        "安倍 太郎": Sort.CHANGED,
        "加藤": Sort.LEFT,
        "新人 次郎": Sort.JOINED,
        "数字": Sort.WRONG,
    }
    assert [(one.field, one.after) for one in told["森花子"].changes] == [
        ("organisation", "大阪工場"),
        ("mobile", "+819033334444"),
        ("mobile", "+819033334444"),
        ("extension", ";ext=123"),
    ]
    assert [one.reason for one in told["安倍 太郎"].notes] == ["place_unknown_stays"]
    assert [one.field for one in told["数字"].problems] == ["mobile"]
    assert Entry.objects.count() == before

    clock_ = clock.now()
    done = actions.apply_staff_comparison(
        by=keeper, staff_file=file.uuid, picks=ticked(told["森花子"], told["新人 次郎"])
    )
    assert (done.state, done.changed, done.added, done.refused) == (ImportState.PREPARED, 1, 1, [])
    mori.refresh_from_db()
    assert (mori.organisation, mori.name, Card.objects.get(person=mori).number) == (plant, "森 花子", "77")
    old.refresh_from_db()
    text.refresh_from_db()
    assert (old.address, old.proven_at, old.former, text.label) == ("+819033334444", None, "+819011112222", "夜")
    assert text.check_at is not None  # the desk asks there
    assert text.check_at >= clock_
    joined = Person.objects.get(username="99")
    assert (joined.organisation, joined.has_usable_password(), Card.objects.get(person=joined).number) == (
        plant,
        False,
        "99",
    )
    assert {"accounts.PersonMoved", "accounts.WayChanged", "accounts.WayAdded"} <= set(facts(mori.uuid))
    assert Person.objects.get(pk=abe.pk).name == "安部 太郎"  # not ticked
    assert Person.objects.get(pk=kato.pk).is_active
    assert not Entry.objects.filter(body__contains="安倍").exists()
    assert verify(state=True).holds
    # Found by the number from now on, whatever else changes.
    again = brought(keeper, "0077,森 はな,大阪工場,hana@example.jp,,,")
    assert [one.field for one in found(keeper, again)["森 はな"].changes] == ["name", "email"]


def test_a_row_that_says_something_else_by_now_is_left_and_the_others_are_applied() -> None:
    keeper = world.admin()
    mori, abe = someone("mori", "森", "mori@example.jp"), someone("abe", "安部", "abe@example.jp")
    file = brought(keeper, "mori,守,,,,,", "abe,阿部,,,,,")
    told = found(keeper, file)
    actions.edit_person(by=keeper, person=mori.uuid, name="森 (旧姓 山田)", email="mori@example.jp")
    other = brought(keeper, "mori,守,,,,,", "abe,阿部,,,,,")
    theirs = found(keeper, other)
    done = actions.apply_staff_comparison(by=keeper, staff_file=file.uuid, picks=ticked(told["守"], told["阿部"]))
    assert done.refused == [[told["守"].key, "changed_since"]]
    assert (Person.objects.get(pk=mori.pk).name, Person.objects.get(pk=abe.pk).name) == ("森 (旧姓 山田)", "阿部")
    # A second list that was looked at before is applied after: it finds nothing left to do there.
    late = actions.apply_staff_comparison(by=keeper, staff_file=other.uuid, picks=ticked(theirs["阿部"]))
    assert late.refused == [[theirs["阿部"].key, "changed_since"]]


def on_duty(keeper: Actor, one: Person, *others: Person) -> tuple[Rota, Policy]:
    layer = LayerTerms("Asia/Tokyo", datetime.fromisoformat("2026-01-05 09:00"), tuple(p.uuid for p in (one, *others)))
    place = world.site().uuid
    rota = oncall.add_rota(by=keeper, organisation=place, name="夜間", time_zone="Asia/Tokyo", layers=[layer])
    step = StepDraft(kind=TargetKind.PERSON, value=f"person:{one.uuid}")
    return rota, oncall.add_policy(by=keeper, written=oncall.PolicyDraft(name="直通", steps=(step,)))


def test_nobody_goes_whom_something_would_miss_until_a_successor_is_named_who_then_takes_all_of_it() -> None:
    keeper = world.admin()
    gone, to = world.person("mori", "responder"), world.person("abe", "responder")
    rota, policy = on_duty(keeper, gone)
    asset = assets.add_asset(
        by=keeper, organisation=world.site().uuid, particulars=Particulars(name="基幹", owner=gone.uuid)
    )
    record = incidents.open_incident(by=keeper, title="x", kind="ransomware", impact=2, organisation=world.site().uuid)
    incidents.assign(by=keeper, ref=record.ref, owner="mori")
    actions.set_card(by=keeper, person=to.uuid, deputy=gone.uuid)
    actions.set_card(by=keeper, person=keeper_of().uuid, deputy=gone.uuid)
    file = brought(keeper, "abe,Abe,,,,,")
    left = found(keeper, file)["Mori"]
    assert {(one.kind, one.breaks) for one in resting.on(keeper, [gone])[gone.pk]} == {
        ("rota", True),
        ("policy", True),
        ("asset", False),
        ("record", False),
        ("deputy", False),
    }
    refused = actions.apply_staff_comparison(by=keeper, staff_file=file.uuid, picks=ticked(left))
    assert refused.refused == [[left.key, "successor_needed"]]
    assert Person.objects.get(pk=gone.pk).is_active
    done = actions.apply_staff_comparison(by=keeper, staff_file=file.uuid, picks=ticked(left, successor=str(to.uuid)))
    assert (done.deactivated, done.refused) == (1, [])
    rota.refresh_from_db()
    policy.refresh_from_db()
    assert str(to.uuid) in str(rota.layers)
    assert str(gone.uuid) not in str(rota.layers)
    assert str(to.uuid) in str(policy.steps)
    assert (Asset.objects.get(pk=asset.pk).owner, Incident.objects.get(pk=record.pk).owner) == (to, to)
    assert Card.objects.get(person=keeper_of()).deputy == to
    assert not resting.on(keeper, [Person.objects.get(pk=gone.pk)])[gone.pk][0].breaks  # the one left: abe's deputy
    assert verify(state=True).holds


def keeper_of() -> Person:
    return Person.objects.get(username="admin")


def test_what_is_refused_for_one_person_undoes_all_of_it_for_them_and_restricted_records_are_not_named() -> None:
    keeper = world.admin()
    gone, stranger = world.person("mori", "responder"), world.person("abe", "reporter")
    rota, _ = on_duty(keeper, gone)
    owner = queries.actor_of(gone)
    hidden = incidents.open_incident(by=owner, title="内部", kind="insider", impact=1, organisation=world.site().uuid)
    incidents.assign(by=owner, ref=hidden.ref, owner="mori")
    chief = world.actor("chief", "commander")
    seen = incidents.open_incident(by=chief, title="x", kind="ransomware", impact=2, organisation=world.site().uuid)
    incidents.assign(by=chief, ref=seen.ref, owner="mori")
    Incident.objects.filter(pk=hidden.pk).update(restricted=True)
    assert [one.ref for one in resting.on(keeper, [gone])[gone.pk] if one.kind == "record"] == [f"record:{seen.ref}"]
    file = brought(keeper, "abe,Abe,,,,,", "chief,Chief,,,,,")
    left = found(keeper, file)["Mori"]
    # A reporter may not work on records, so the record cannot go to them: nothing goes.
    done = actions.apply_staff_comparison(
        by=keeper, staff_file=file.uuid, picks=ticked(left, successor=str(stranger.uuid))
    )
    assert done.refused == [[left.key, "unknown"]]
    rota.refresh_from_db()
    assert str(gone.uuid) in str(rota.layers)
    assert Person.objects.get(pk=gone.pk).is_active
    alone = actions.apply_staff_comparison(by=keeper, staff_file=file.uuid, picks=ticked(left, alone=True))
    assert alone.refused == []
    assert not Person.objects.get(pk=gone.pk).is_active


def test_a_long_order_goes_on_in_the_engine_in_short_steps_and_survives_being_asked_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hikeshi.accounts.actions.comparing.STEP", 0.0)
    keeper = world.admin()
    people = [someone(f"p{number}", f"名{number}") for number in range(25)]
    file = brought(keeper, *(f"{one.username},新{one.name},,,," for one in people))
    picks = ticked(*(one for one in differences.compare(keeper, file) if one.sort is Sort.CHANGED))
    going = actions.apply_staff_comparison(by=keeper, staff_file=file.uuid, picks=picks)
    assert going.state == ImportState.GOING
    assert actions.apply_staff_comparison(by=keeper, staff_file=file.uuid, picks=picks[:1]).state == ImportState.GOING
    steps = 0
    while actions.is_comparing_staff():
        actions.continue_staff_comparisons(by=system("imports"))
        steps += 1
    file.refresh_from_db()
    assert (steps, file.state, file.changed, file.refused) == (25, ImportState.PREPARED, 25, [])
    told = Entry.objects.filter(fact="accounts.StaffCompared")
    assert told.count() == 1
    assert Person.objects.filter(name__startswith="新").count() == 25


def test_headings_nobody_knows_are_matched_by_hand_and_the_list_is_forgotten_a_day_later() -> None:
    keeper = world.admin()
    someone("mori", "森")
    file = brought(keeper, "A,mori,守", head="x,なにか,だれか\r\n")
    assert staff.lacking(staff.opened(file).fit) == ("name", "number")
    with pytest.raises(Invalid, match="columns_unmatched"):
        differences.compare(keeper, file)
    for columns, reason in (
        ({"name": 2}, "tells_nobody_apart"),
        ({"name": 9, "number": 1}, "unknown"),
        ({"name": 1, "number": 1}, "column_twice"),
        ({"number": 1}, "required"),
    ):
        with pytest.raises(Invalid, match=reason):
            actions.match_staff_columns(by=keeper, staff_file=file.uuid, columns=columns)
    file = actions.match_staff_columns(by=keeper, staff_file=file.uuid, columns={"name": 2, "number": 1})
    assert found(keeper, file)["守"].sort is Sort.CHANGED
    world.clock.fast_forward(timedelta(days=2))
    actions.forget_ended(clock.now())
    assert not StaffFile.objects.exists()


def test_the_keeper_of_contacts_compares_what_only_an_administrator_applies_and_a_stranger_finds_nothing() -> None:
    chief = world.admin()
    keeper = world.person("keeper", "auditor")
    someone("mori", "森")
    with pytest.raises(NotAllowed):
        brought(queries.actor_of(keeper), "mori,守,,,,,")
    actions.set_contact_rules(
        by=chief, stale_days=180, check_days=90, answer_hours=48, country="JP", keeper=keeper.uuid
    )
    by = queries.actor_of(keeper)
    file = brought(by, "mori,守,,,,,")
    told = found(by, file)["守"]
    with pytest.raises(NotAllowed):
        actions.apply_staff_comparison(by=by, staff_file=file.uuid, picks=ticked(told))
    assert actions.apply_staff_comparison(by=chief, staff_file=file.uuid, picks=ticked(told)).changed == 1
    elsewhere = world.actor("else", "administrator", at=world.organisation("よそ"))
    with pytest.raises(NotFound):
        staff.staff_file(elsewhere, file.uuid)


def test_who_leaves_later_stays_and_who_came_back_is_put_in_use_again() -> None:
    keeper = world.admin()
    later, back = someone("mori", "森"), someone("abe", "安部")
    actions.deactivate_person(by=keeper, person=back.uuid)
    day = timezone.localdate(clock.now()) + timedelta(days=30)
    file = brought(keeper, f"mori,森,,,,,{day:%Y年%m月%d日}", "abe,安部,,,,,", "kato,加藤,,,,,いつか")
    told = found(keeper, file)
    assert told["森"].sort is Sort.SAME
    assert [one.reason for one in told["森"].notes] == ["leaves_on"]
    assert [one.reason for one in told["加藤"].problems] == ["not_a_date"]
    actions.apply_staff_comparison(by=keeper, staff_file=file.uuid, picks=ticked(told["安部"]))
    assert Person.objects.get(pk=back.pk).is_active
    assert StoredWay.objects.filter(person=later).count() == 0
