"""A file of assets: looked at first, then carried out whole and once."""

from datetime import date, timedelta

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import ImportState
from hikeshi.assets import actions, queries
from hikeshi.assets.actions import importing
from hikeshi.assets.models import Asset, Dependency, Import
from hikeshi.documents.tables import Fate, Plan
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.assets import added, fresh, named

HEAD = (
    "資産番号,資産名,種類,重要度,管理責任者,保有データ,本人の数,許容停止時間（分）,最終復元確認日,"
    "ホスト名,IPアドレス,依存先"
)
GOOD = f"""{HEAD}
A-1,顧客DB,データベース,最重要,mori,個人情報;要配慮個人情報,"1,204名",4時間,2026/4/1,\
db01;db01.corp.example,"10.0.0.5, 10.0.1.0/24",基盤
A-2,基盤,システム,3,,なし,,２日,,,,
"""


def brought(text: str | bytes, by: Actor | None = None) -> Import:
    body = text if isinstance(text, bytes) else text.encode()
    return actions.prepare_import(
        by=by or world.admin(), organisation=world.site().uuid, file_name="資産.csv", body=body
    )


def planned(file: Import) -> "Plan[queries.Draft]":
    return queries.plan(world.admin(), file.organisation, queries.kept(file))


def fates(file: Import) -> list[tuple[int, Fate]]:
    return [(one.line, one.fate) for one in planned(file).lines]


def problems(text: str | bytes) -> list[tuple[int, str, str]]:
    lines = planned(brought(text)).lines
    return [(one.line, problem.field, problem.reason) for one in lines for problem in one.problems]


def carried_out(text: str | bytes) -> Import:
    return actions.carry_out_import(by=world.admin(), imported_file=brought(text).uuid)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_a_file_is_looked_at_first_and_then_carried_out_whole(encoding: str) -> None:
    world.person("mori", "responder")
    file = brought(GOOD.encode(encoding))
    assert fates(file) == [(2, Fate.NEW), (3, Fate.NEW)]
    assert not Asset.objects.exists()
    done = actions.carry_out_import(by=world.admin(), imported_file=file.uuid)
    assert (done.state, done.added, done.changed, bytes(done.body)) == (ImportState.DONE, 2, 0, b"")
    database = queries.asset(world.admin(), Asset.objects.get(number="A-1").uuid)
    assert (database.kind, database.criticality, database.persons, database.rto) == ("data_store", 4, 1204, 240)
    assert (database.data, database.restored_on) == (["personal", "special_care"], date(2026, 4, 1))
    assert database.owner == world.person("mori")
    page = queries.page(world.admin(), database.uuid)
    assert [one.value for one in page.identifiers] == ["10.0.0.5", "10.0.1.0/24", "db01", "db01.corp.example"]
    assert [one.name for one in page.needs] == ["基盤"], "though it stands in a later line"
    assert Asset.objects.get(number="A-2").rto == 2880
    assert verify(state=True).findings == ()


def test_a_file_posted_twice_changes_nothing_and_one_change_changes_one() -> None:
    world.person("mori", "responder")
    file = brought(GOOD)
    actions.carry_out_import(by=world.admin(), imported_file=file.uuid)
    before = Entry.objects.count()
    again = actions.carry_out_import(by=world.admin(), imported_file=file.uuid)
    assert (again.added, Entry.objects.count()) == (2, before), "the same import is done once"
    second = brought(GOOD)
    assert fates(second) == [(2, Fate.SAME), (3, Fate.SAME)]
    actions.carry_out_import(by=world.admin(), imported_file=second.uuid)
    assert set(Asset.objects.values_list("version", flat=True)) == {1, 2}
    third = brought(GOOD.replace("4時間", "6h").replace("顧客DB", "顧客データベース"))
    assert planned(third).lines[0].changed == ("name", "rto"), "matched by its number"
    actions.carry_out_import(by=world.admin(), imported_file=third.uuid)
    assert Asset.objects.get(number="A-1").rto == 360
    assert verify(state=True).findings == ()


def test_columns_a_file_does_not_have_stay_as_they_are() -> None:
    asset = added("Mail", place="Osaka", criticality=4, identifiers=named("mail01"))
    carried_out("資産名,備考\nmail,書いた\n")
    now = fresh(asset)
    assert (now.name, now.note, now.place, now.criticality) == ("mail", "書いた", "Osaka", 4)
    assert [one.value for one in queries.page(world.admin(), asset.uuid).identifiers] == ["mail01"]
    carried_out("資産名,IPアドレス,重要度\nmail,192.0.2.1,\n")
    assert [one.value for one in queries.page(world.admin(), asset.uuid).identifiers] == ["192.0.2.1", "mail01"]
    assert fresh(asset).criticality == 4, "an empty cell says nothing of how grave it is"
    carried_out("資産名,ホスト名,設置場所\nmail,,\n")
    assert [one.value for one in queries.page(world.admin(), asset.uuid).identifiers] == ["192.0.2.1"]
    assert fresh(asset).place == ""
    assert verify(state=True).findings == ()


def test_every_wrong_line_is_named_with_its_reason_and_nothing_is_imported() -> None:
    world.person("mori", "responder")
    added("Old", number="9")
    text = f"""{HEAD}
,,,,,,,,,,,x
1,A,宇宙船,5,nobody,秘密,many,soon,2026-13-01,,10.0.0.999,
2,B,,,,,,,,,,
2,C,,,,,,,,,,
3,b,,,,,,,,,,
9,D,=1+1,,,,,,,,,D;E;Nowhere
"""
    assert problems(text) == [
        (2, "name", "required"),
        (2, "needs", "unknown_asset"),
        (3, "kind", "unknown_word"),
        (3, "criticality", "unknown_word"),
        (3, "data", "unknown_word"),
        (3, "persons", "not_a_number"),
        (3, "rto", "not_a_span"),
        (3, "restored_on", "not_a_date"),
        (3, "addresses", "not_an_identifier"),
        (3, "owner", "unknown_person"),
        (5, "", "line_twice"),
        (6, "", "line_twice"),
        (7, "kind", "formula"),
        (7, "needs", "needs_itself"),
        (7, "needs", "unknown_asset"),
        (7, "needs", "unknown_asset"),
    ]
    with pytest.raises(Invalid) as refused:
        carried_out(text)
    assert (refused.value.reason, refused.value.params) == ("lines_wrong", {"count": "5"})
    assert Asset.objects.count() == 1
    assert Import.objects.latest("pk").state == ImportState.PREPARED


def test_a_name_that_two_people_bear_is_asked_about() -> None:
    for username in ("sato1", "sato2"):
        person = world.person(username)
        accounts.edit_person(by=system("t"), person=person.uuid, name="佐藤", email="")
    assert problems("資産名,担当\nMail,佐藤\n") == [(2, "owner", "ambiguous")]
    assert problems("資産名,担当\nMail,sato1\n") == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_file"),
        ("資産名\n".encode(), "empty_file"),
        ("設置場所\n東京\n".encode(), "missing_heading"),
        ("資産名称\nx\n".encode(), "missing_heading_near"),
        ("資産名,Name\nx,y\n".encode(), "doubled_heading"),
    ],
)
def test_a_file_without_what_it_takes_is_refused_at_once(body: bytes, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        brought(body)
    assert (refused.value.field, refused.value.reason) == ("file", reason)
    assert not Import.objects.exists()


def test_an_import_is_its_owners_own_and_needs_the_right_to_keep_assets() -> None:
    ours = world.organisation("Ours")
    keeper = world.actor("keeper", "commander", at=ours)
    file = actions.prepare_import(by=keeper, organisation=ours.uuid, file_name="a.csv", body=GOOD.encode())
    with pytest.raises(NotFound):
        queries.imported(world.actor("other", "commander", at=ours), file.uuid)
    with pytest.raises(NotFound):
        actions.carry_out_import(by=world.admin(), imported_file=file.uuid)
    with pytest.raises(NotAllowed):
        actions.prepare_import(
            by=world.actor("reader", "auditor", at=ours), organisation=ours.uuid, file_name="a.csv", body=b"x"
        )


def long_file(count: int, wrong: int = 0) -> str:
    """Each needs the one behind it in the file, by number or by name in turn."""
    lines = [
        f"N-{number},Host {number},10.{number // 250}.{number % 250}.1,"
        + (f"{'N-' if number % 2 else 'ＨＯＳＴ '}{number + 1}" if number + 1 < count else "")
        for number in range(count)
    ]
    if wrong:
        lines[wrong] = lines[wrong].replace(".1,", ".999,")
    return "資産番号,資産名,IPアドレス,依存先\n" + "\n".join(lines) + "\n"


def engine() -> int:
    steps = 0
    while actions.continue_imports(by=system("imports")):
        steps += 1
    return steps


def test_a_long_file_is_carried_out_in_steps_that_survive_a_stop_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 10)
    monkeypatch.setattr(importing, "STEP", 8)
    file = carried_out(long_file(20))
    assert (file.state, Asset.objects.count()) == (ImportState.GOING, 0)
    for _ in range(4):
        actions.continue_imports(by=system("imports"))
    assert Asset.objects.count() == 8, "checked in three steps, then written"
    assert engine() == 5
    file.refresh_from_db()
    assert (file.state, file.added, Asset.objects.count()) == (ImportState.DONE, 20, 20)
    assert Dependency.objects.count() == 19
    assert Dependency.objects.get(asset__number="N-7").needs.number == "N-8", "which the next step wrote"
    assert fates(brought(long_file(20))) == [(line, Fate.SAME) for line in range(2, 22)]
    assert verify(state=True).findings == ()


def test_a_file_changes_many_at_once_each_by_its_own_line_and_takes_away_no_need_the_keeper_does_not_see() -> None:
    ours, theirs = world.organisation("Ours"), world.organisation("Theirs")
    keeper, other = world.actor("keeper", "commander", at=ours), world.admin()
    far, near, was = added("Far", by=other, at=theirs), added("Near", at=ours), added("Was", at=ours)
    mail = added("Mail", at=ours, number="7", place="Osaka", needs=(far.uuid, was.uuid))
    text = "資産番号,資産名,重要度,ホスト名,依存先\n7,E-Mail,4,mx1,near\n,Near,3,,\n,Was,,,\n"

    def bring() -> Import:
        return actions.prepare_import(by=keeper, organisation=ours.uuid, file_name="a.csv", body=text.encode())

    before = Entry.objects.count()
    done = actions.carry_out_import(by=keeper, imported_file=bring().uuid)
    assert (done.added, done.changed) == (0, 2)
    assert (fresh(mail).name, fresh(mail).criticality, fresh(mail).place) == ("E-Mail", 4, "Osaka")
    assert fresh(mail).changed_at == {"name": 2, "criticality": 2, "identifiers": 2, "needs": 3}
    assert fresh(near).criticality == 3
    assert fresh(was).version == 1
    assert {one.needs.name for one in mail.needing.all()} == {"Far", "Near"}
    assert [one.name for one in queries.assets(keeper, q="mx1")] == ["E-Mail"]
    told = Entry.objects.filter(number__gt=before).values_list("fact", flat=True)
    assert sorted(told) == ["assets.AssetChanged"] * 3 + ["assets.AssetsImported"]
    plan = queries.plan(keeper, ours, queries.kept(bring()))
    assert plan.count(Fate.SAME) == 3, "brought again, nothing is left to change"
    assert verify(state=True).findings == ()


def test_a_long_file_with_one_wrong_line_writes_nothing_and_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 10)
    monkeypatch.setattr(importing, "STEP", 8)
    file = carried_out(long_file(20, wrong=17))
    engine()
    file.refresh_from_db()
    assert (file.state, file.error, file.error_line) == (ImportState.FAILED, "lines_wrong", 19)
    assert not Asset.objects.exists()


def test_a_long_file_stops_where_its_owner_lost_the_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    keeper = world.person("keeper", "commander")
    by = world.actor("keeper")
    file = actions.carry_out_import(by=by, imported_file=brought(long_file(3), by).uuid)
    accounts.revoke_role(by=system("t"), person=keeper.uuid, role="commander", organisation=world.site().uuid)
    engine()
    file.refresh_from_db()
    assert (file.state, file.error, Asset.objects.count()) == (ImportState.FAILED, "not_allowed", 0)


def test_files_are_forgotten_after_a_day_but_not_while_they_are_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    brought(GOOD)
    going = carried_out(long_file(3))
    assert not actions.forget_imports(clock.now())
    assert actions.forget_imports(clock.now() + timedelta(days=2))
    assert list(Import.objects.all()) == [going]
