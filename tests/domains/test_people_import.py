"""People brought in by a file, organisations and teams: all of it or nothing, nobody gone unasked."""

from datetime import timedelta
from functools import partial

import pytest

from hikeshi.accounts import actions, planning, queries
from hikeshi.accounts.actions import importing
from hikeshi.accounts.models import Grant, ImportState, Organisation, PeopleFile, Person, Session
from hikeshi.documents import tables
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound, Refusal
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from tests import world
from tests.at_once import at_once

HEAD = "ユーザー名,氏名,メールアドレス,部署,役割,言語\r\n"


@pytest.fixture
def keeper() -> Actor:
    return world.admin()


def brought(by: Actor, *lines: str, at: Organisation | None = None, encoding: str = "cp932") -> PeopleFile:
    body = (HEAD + "\r\n".join(lines) + "\r\n").encode(encoding)
    return actions.prepare_people_import(by=by, organisation=(at or world.site()).uuid, file_name="人.csv", body=body)


def planned(by: Actor, file: PeopleFile) -> planning.PeoplePlan:
    return planning.plan(by, file.organisation, planning.kept(file))


def why(by: Actor, file: PeopleFile) -> list[tuple[int, str, str]]:
    wrong = planned(by, file).lines.of(tables.Fate.WRONG)
    return [(one.line, problem.field, problem.reason) for one in wrong for problem in one.problems]


def test_a_file_of_cp932_adds_changes_and_leaves_alone_and_its_preview_writes_nothing() -> None:
    group, plant = world.organisation("グループ"), world.organisation("大阪工場", world.organisation("グループ"))
    keeper = world.admin()  # of these organisations too
    mori = world.person("mori", "responder", at=group)
    actions.edit_person(by=keeper, person=mori.uuid, name="森 花子", email="mori@example.jp")
    world.person("abe", at=plant)
    file = brought(
        keeper,
        "ＭＯＲＩ,森 花子,mori@example.jp,グループ,対応者,ja",
        "abe,安部 太郎,abe@example.jp,グループ / 大阪工場,,",
        "ito,伊藤 次郎,ito@example.jp,大阪工場,対応者;監査人,英語",
    )
    before = Entry.objects.count()
    plan = planned(keeper, file)
    assert [one.fate.value for one in plan.lines.lines] == ["same", "changed", "new"]
    assert plan.lines.lines[1].changed == ("name", "email")
    assert Entry.objects.count() == before

    done = actions.carry_out_people_import(by=keeper, people_file=file.uuid)
    assert (done.added, done.changed, done.deactivated, bytes(done.body)) == (1, 1, 0, b"")
    ito = Person.objects.get(username="ito")
    assert (ito.name, ito.organisation, ito.language, ito.has_usable_password()) == ("伊藤 次郎", plant, "en", False)
    assert set(Grant.objects.filter(person=ito).values_list("role__code", "organisation")) == {
        ("responder", plant.pk),
        ("auditor", plant.pk),
    }
    assert Grant.objects.filter(person=mori).count() == 1
    assert not Entry.objects.filter(body__contains="伊藤").exists()
    assert verify(state=True).holds
    again = actions.carry_out_people_import(by=keeper, people_file=file.uuid)
    assert again.added == 1
    assert Person.objects.filter(username="ito").count() == 1


def test_what_is_wrong_is_named_with_its_line_and_then_nothing_is_done() -> None:
    world.organisation("営業", world.organisation("東京"))
    world.organisation("営業", world.organisation("大阪"))
    keeper = world.admin()  # of these organisations too
    actions.edit_person(by=keeper, person=world.person("mori").uuid, name="Mori", email="Mori@example.jp")
    file = brought(
        keeper,
        "ito,伊藤,ito@example.jp,,,",
        "ITO,別人,,,,",
        "kato,加藤,ito@example.jp,,,",
        "sato,佐藤,mori@example.jp,,,",
        "tani,谷,,営業,,",
        "ono,小野,,名古屋,,",
        "goto,後藤,,,将軍,",
        "oka,岡,not an address,,,fr",
        "＝1+1,,,,,",
        "a b,空白,,,,",
    )
    found = why(keeper, file)
    for expected in (
        (3, "", "line_twice"),
        (4, "", "line_twice"),
        (5, "email", "address_taken"),
        (6, "organisation", "ambiguous_place"),
        (7, "organisation", "unknown_place"),
        (8, "roles", "unknown_role"),
        (9, "email", "not_an_address"),
        (9, "language", "unknown"),
        (10, "name", "required"),
        (11, "username", "username_characters"),
    ):
        assert expected in found, (expected, found)
    people = Person.objects.count()
    with pytest.raises(Invalid, match="lines_wrong"):
        actions.carry_out_people_import(by=keeper, people_file=file.uuid)
    assert Person.objects.count() == people


def test_nobody_missing_from_the_file_goes_unless_ticked_and_only_they_can_be_ticked(keeper: Actor) -> None:
    for name in ("mori", "abe", "ito"):
        world.person(name, "responder")
    file = brought(keeper, "ito,Ito,,,,")
    plan = planned(keeper, file)
    assert [one.username for one in plan.missing] == ["abe", "mori"]  # not whoever imports
    with pytest.raises(Invalid, match="not_missing"):
        actions.carry_out_people_import(
            by=keeper, people_file=file.uuid, leaving=[Person.objects.get(username="ito").uuid]
        )
    abe = Person.objects.get(username="abe")
    actions.carry_out_people_import(by=keeper, people_file=file.uuid, leaving=[abe.uuid])
    assert list(Person.objects.filter(is_active=False).values_list("username", flat=True)) == ["abe"]
    assert verify(state=True).holds


def engine(at_most: int = 1_000) -> int:
    steps = 0
    while steps < at_most and actions.continue_people_imports(by=system("imports")):
        steps += 1
    return steps


def long_file(keeper: Actor, monkeypatch: pytest.MonkeyPatch, *more: str) -> PeopleFile:
    monkeypatch.setattr(importing, "AT_ONCE", 5)
    monkeypatch.setattr(importing, "STEP", 8)
    lines = [f"u{number},氏名 {number},u{number}@example.jp,,対応者," for number in range(20)]
    return brought(keeper, *lines, *more)


def test_a_long_file_is_carried_out_in_steps_and_those_who_leave_go_last(
    keeper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving = [world.person(name, "responder") for name in ("abe", "mori")]
    world.person("u3", "auditor")
    file = long_file(keeper, monkeypatch)
    going = actions.carry_out_people_import(by=keeper, people_file=file.uuid, leaving=[one.uuid for one in leaving])
    assert (going.state, Person.objects.filter(username="u0").exists()) == (ImportState.GOING, False)
    actions.forget_ended(world.clock.now() + timedelta(days=2))  # but not what is under way
    engine(at_most=4)
    assert Person.objects.filter(username__startswith="u").count() == 8, "checked in three steps, then written"
    assert Person.objects.get(username="mori").is_active
    engine()
    file.refresh_from_db()
    assert (file.state, file.added, file.changed, file.deactivated) == (ImportState.DONE, 19, 1, 2)
    assert not Person.objects.filter(username__in=["abe", "mori"], is_active=True).exists()
    assert Grant.objects.filter(role__code="responder", person__username__startswith="u").count() == 20
    assert Person.objects.get(username="u3").name == "氏名 3"
    assert Entry.objects.filter(fact="accounts.PeopleImported").count() == 1
    assert verify(state=True).holds


def test_a_long_file_with_a_wrong_line_changes_nobody_and_says_which(
    keeper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = long_file(keeper, monkeypatch, "oka,,,,,")
    actions.carry_out_people_import(by=keeper, people_file=file.uuid)
    engine()
    file.refresh_from_db()
    assert (file.state, file.error, file.error_line) == (ImportState.FAILED, "lines_wrong", 22)
    assert not Person.objects.filter(username="u0").exists()


def test_a_long_file_ends_where_whoever_brought_it_may_no_longer(
    keeper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.person("second", "administrator")
    file = long_file(keeper, monkeypatch)
    actions.carry_out_people_import(by=world.admin(), people_file=file.uuid)
    actions.revoke_role(
        by=system("t"),
        person=Person.objects.get(username="admin").uuid,
        role="administrator",
        organisation=world.site().uuid,
    )
    engine()
    file.refresh_from_db()
    assert (file.state, file.error) == (ImportState.FAILED, "not_allowed")
    assert not Person.objects.filter(username="u0").exists()


def test_an_administrator_of_a_branch_brings_in_nobody_beyond_it_and_gives_nothing_they_lack(keeper: Actor) -> None:
    plant, other = world.organisation("Plant"), world.organisation("Other")
    actions.define_role(by=keeper, code="clerk", verbs=["accounts.view", "accounts.manage"])
    world.person("keeper", "clerk", at=plant)
    local = world.actor("keeper")
    world.person("chief", "commander", at=plant)
    world.person("far", at=other)
    file = brought(
        local, "chief,New name,,,,", "far,New name,,,,", "ito,Ito,,Other,,", "oka,Oka,,,commander,", at=plant
    )
    assert why(local, file) == [
        (2, "username", "not_yours"),
        (3, "username", "taken"),
        (4, "organisation", "unknown_place"),
        (5, "roles", "role_beyond_you"),
    ]
    with pytest.raises(NotFound):
        planning.people_file(world.actor("stranger", "administrator", at=other), file.uuid)
    with pytest.raises(NotFound):
        brought(local, "x,X,,,,", at=other)
    with pytest.raises(NotAllowed):
        brought(world.actor("mori", "responder"), "x,X,,,,")


def test_an_export_comes_back_as_the_same_people_and_runs_in_no_spreadsheet() -> None:
    plant = world.organisation("Plant", world.organisation("Group"))
    keeper = world.admin()  # of these organisations too
    world.person("mori", "responder", at=plant)
    actions.edit_person(by=keeper, person=world.person("abe").uuid, name="=HYPERLINK(1)", email="")
    body = tables.to_csv([one.en for one in planning.columns.sheet().fields], planning.rows_of(keeper))
    assert b"'=HYPERLINK" in body
    file = actions.prepare_people_import(by=keeper, organisation=world.site().uuid, file_name="x.csv", body=body)
    fates = {one.name: one.fate.value for one in planned(keeper, file).lines.lines}
    assert set(fates.values()) == {"same"}, fates


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"a,b\r\n1,2\r\n", HEAD.encode(), "氏名\r\n森\r\n".encode()])
def test_what_is_no_table_of_people_is_refused_at_once(keeper: Actor, body: bytes) -> None:
    with pytest.raises(Invalid):
        actions.prepare_people_import(by=keeper, organisation=world.site().uuid, file_name="x", body=body)
    assert not PeopleFile.objects.exists()


def test_an_organisation_goes_out_of_use_only_when_empty_and_takes_in_nothing_then() -> None:
    group = world.organisation("Group")
    plant = world.organisation("Plant", group)
    keeper, mori = world.admin(), world.person("mori", at=plant)
    with pytest.raises(Invalid, match="in_use"):
        actions.retire_organisation(by=keeper, organisation=group.uuid)
    with pytest.raises(Invalid, match="in_use"):
        actions.retire_organisation(by=keeper, organisation=plant.uuid)
    actions.move_person(by=keeper, person=mori.uuid, organisation=group.uuid)
    actions.retire_organisation(by=keeper, organisation=plant.uuid)
    for refused in (
        lambda: actions.add_person(by=keeper, username="x", name="X", organisation=plant.uuid),
        lambda: actions.move_person(by=keeper, person=mori.uuid, organisation=plant.uuid),
        lambda: actions.add_organisation(by=keeper, name="X", parent=plant.uuid),
        lambda: actions.add_team(by=keeper, organisation=plant.uuid, name="X"),
        lambda: actions.create_token(by=keeper, scope="intake", source="wazuh", organisation=plant.uuid),
        lambda: actions.grant_role(by=keeper, person=mori.uuid, role="auditor", organisation=plant.uuid),
    ):
        with pytest.raises(Invalid, match="is_retired"):
            refused()
    with pytest.raises(Invalid, match="root"):
        actions.retire_organisation(by=keeper, organisation=world.site().uuid)
    assert verify(state=True).holds
    actions.reinstate_organisation(by=keeper, organisation=plant.uuid)
    actions.add_team(by=keeper, organisation=plant.uuid, name="X")
    assert verify(state=True).holds


@pytest.mark.django_db(transaction=True)
def test_two_organisations_moved_beneath_each_other_at_once_make_no_ring() -> None:
    one, two = world.organisation("One"), world.organisation("Two")
    move = partial(actions.move_organisation, by=system("test"))
    answers = at_once(
        partial(move, organisation=one.uuid, parent=two.uuid), partial(move, organisation=two.uuid, parent=one.uuid)
    )
    assert [one.code for one in answers if isinstance(one, Refusal)] == ["invalid"]
    for row in Organisation.objects.exclude(parent=None).select_related("parent"):
        assert row.path == f"{row.parent.path if row.parent else ''}{row.pk}/"


def test_a_team_has_one_lead_who_is_a_member(keeper: Actor) -> None:
    mori, abe = world.person("mori"), world.person("abe")
    given = {"by": keeper, "name": "Night", "people": [mori.uuid, abe.uuid]}
    team = actions.add_team(**given, organisation=world.site().uuid, lead=abe.uuid)
    assert [one.person for one in team.memberships.filter(lead=True)] == [abe]
    with pytest.raises(Invalid, match="not_a_member"):
        actions.change_team(by=keeper, team=team.uuid, name="Night", people=[mori.uuid], lead=abe.uuid)
    actions.change_team(by=keeper, team=team.uuid, name="Night", people=[mori.uuid])
    assert not team.memberships.filter(lead=True).exists()
    assert verify(state=True).holds


def test_whoever_lost_a_notebook_is_signed_out_by_whoever_manages_them_and_nobody_else(keeper: Actor) -> None:
    mori = world.person("mori")
    row = {"session_data": "", "person": mori, "expire_date": world.clock.now() + timedelta(days=1)}
    Session.objects.create(session_key="k", **row)
    with pytest.raises(Refusal):
        actions.sign_out_person(by=world.actor("abe", "responder"), person=mori.uuid)
    assert queries.sessions_of(keeper, mori).count() == 1
    actions.sign_out_person(by=keeper, person=mori.uuid)
    assert not Session.objects.exists()
