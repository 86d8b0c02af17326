"""What we have: kept by those who may, seen by those who may, and found by what alerts call it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.assets import actions, queries
from hikeshi.assets.codes import Data, How, IdentifierType, Kind
from hikeshi.assets.identifiers import Identifier, key_of, sought
from hikeshi.assets.particulars import Particulars
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.assets import added, fresh, named

HOST = IdentifierType.NAME
NET = IdentifierType.ADDRESS


def _hits(*seen: tuple[str, str]) -> list[tuple[str, How, str]]:
    return [(hit.asset.name, hit.how, hit.value) for hit in queries.hits(world.admin(), world.site(), seen)]


def test_an_asset_holds_what_is_stated_and_the_ledger_agrees_with_its_rows() -> None:
    owner = world.person("mori", "responder")
    base = added("基盤")
    asset = added(
        "  顧客 ＤＢ ",
        kind=Kind.DATA_STORE,
        number="A-1",
        criticality=4,
        owner=owner.uuid,
        data=(Data.SPECIAL_CARE, Data.PERSONAL, Data.PERSONAL),
        persons=1204,
        rto=240,
        restored_on=clock.now().date() - timedelta(days=400),
        identifiers=(*named("DB01.corp.example", "db01.CORP.example."), *named("10.0.0.0/24", type_=NET)),
        needs=(base.uuid,),
    )
    page = queries.page(world.admin(), asset.uuid)
    assert (page.asset.name, page.asset.data) == ("顧客 ＤＢ", ["personal", "special_care"])
    assert [one.value for one in page.identifiers] == ["10.0.0.0/24", "DB01.corp.example"], "two spellings are one"
    assert page.restore_stale
    assert [one.name for one in page.needs] == ["基盤"]
    assert [one.name for one in queries.page(world.admin(), base.uuid).needed_by] == ["顧客 ＤＢ"]
    assert verify(state=True).findings == ()
    asset.identifiers.filter(type=NET).update(value="10.9.0.0/24")
    assert verify(state=True).findings, "an address changed behind the desk's back is found"


def test_one_name_and_one_number_in_an_organisation_and_a_retired_asset_gives_them_free() -> None:
    first = added("Mail", number="7")
    with pytest.raises(Invalid, match="taken"):
        added("ｍａｉｌ")
    with pytest.raises(Invalid, match="number_taken"):
        added("Other", number="7")
    actions.retire_asset(by=world.admin(), asset=first.uuid)
    added("Mail", number="7")
    with pytest.raises(Invalid, match="taken"):
        actions.take_up_asset(by=world.admin(), asset=first.uuid)
    assert verify(state=True).findings == ()


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"criticality": 5}, "out_of_range"),
        ({"persons": -1}, "out_of_range"),
        ({"name": " "}, "required"),
        ({"name": "a\u202eb"}, "invisible_characters"),
        ({"place": "x" * 201}, "too_long"),
        ({"note": "a\x00b"}, "unstorable_character"),
        ({"restored_on": date(2099, 1, 1)}, "not_plausible"),
        ({"identifiers": named("0.0.0.0/0", type_=NET)}, "network_too_wide"),
        ({"identifiers": named("300.1.1.1", type_=NET)}, "not_an_identifier"),
        ({"identifiers": named("zz", type_=IdentifierType.MAC)}, "not_an_identifier"),
        ({"identifiers": named("two words")}, "not_an_identifier"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(stated: dict[str, object], reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        added(**{"name": "A", **stated})
    assert refused.value.reason == reason


def test_saving_names_only_what_changed_and_two_who_save_at_once_lose_nothing() -> None:
    asset = added("Mail", place="Tokyo")
    admin = world.admin()
    actions.edit_asset(by=admin, asset=asset.uuid, particulars=Particulars(name="", place="Osaka"), only=["place"])
    assert (fresh(asset).name, fresh(asset).place, fresh(asset).version) == ("Mail", "Osaka", 2)
    said = Particulars(name="Mail", place="Kyoto", note="x")
    actions.edit_asset(by=admin, asset=asset.uuid, particulars=said, only=["note"], version=1)
    with pytest.raises(Conflict) as refused:
        actions.edit_asset(by=admin, asset=asset.uuid, particulars=said, only=["place"], version=1)
    assert (refused.value.yours, refused.value.theirs) == ({"place": "Kyoto"}, {"place": "Osaka"})
    actions.edit_asset(by=admin, asset=asset.uuid, particulars=said, only=["place"], version=refused.value.version)
    assert fresh(asset).place == "Kyoto"
    assert verify(state=True).findings == ()


def test_who_may_not_keep_assets_may_not_and_strangers_see_none() -> None:
    ours, theirs = world.organisation("Ours"), world.organisation("Theirs")
    asset = added("Secret project", at=ours)
    stranger = world.actor("stranger", "administrator", at=theirs)
    reader = world.actor("reader", "auditor", at=ours)
    assert list(queries.assets(reader)) == [asset]
    assert not list(queries.assets(stranger))
    assert not queries.choices(stranger, q="Secret")
    for act in (actions.retire_asset, actions.take_up_asset):
        with pytest.raises(NotFound):
            act(by=stranger, asset=asset.uuid)
        with pytest.raises(NotAllowed):
            act(by=reader, asset=asset.uuid)
    with pytest.raises(NotFound):
        added("X", by=stranger, at=theirs, needs=(asset.uuid,))
    with pytest.raises(NotAllowed):
        queries.assets(world.actor("nobody"))


def test_lists_narrow_by_what_people_ask_at_night() -> None:
    mori = world.person("mori", "responder")
    old = clock.now().date() - timedelta(days=500)
    added("Customer DB", criticality=4, owner=mori.uuid, data=(Data.CARD,), restored_on=clock.now().date())
    added("Wiki", criticality=1, kind=Kind.SERVICE, place="大阪", restored_on=old)
    actions.retire_asset(by=world.admin(), asset=added("Fax").uuid)

    def names(**asked: object) -> list[str]:
        return [one.name for one in queries.assets(world.actor("mori"), **asked)]

    assert names() == ["Customer DB", "Wiki"]
    assert names(q="ＣＵＳＴ db") == ["Customer DB"]
    assert names(q="大阪") == ["Wiki"]
    assert names(criticality=3) == names(owner="me") == names(data="card") == names(restore="proven") == ["Customer DB"]
    assert names(owner="none") == names(kind="service") == names(restore="stale") == ["Wiki"]
    assert names(state="retired") == names(restore="never", state="all") == ["Fax"]
    for wrong in ({"kind": "x"}, {"data": "x"}, {"restore": "x"}, {"state": "x"}, {"order": "x"}):
        with pytest.raises(Invalid):
            names(**wrong)


def test_an_alert_finds_assets_by_name_address_and_id_and_the_longest_network_wins() -> None:
    added("Campus", kind=Kind.NETWORK, identifiers=named("10.0.0.0/8", type_=NET))
    added("Servers", kind=Kind.NETWORK, criticality=3, identifiers=named("10.1.0.0/16", "2001:db8::/32", type_=NET))
    added("DB", criticality=4, identifiers=(*named("10.1.2.3", type_=NET), *named("db01", "db.corp.example")))
    added("Bucket", identifiers=named("arn:aws:s3:::Kyakuinfo", type_=IdentifierType.ID))
    added("Switch", identifiers=named("00-00-5E-00-53-01", type_=IdentifierType.MAC))
    added("Mail", identifiers=named("@example.co.jp", type_=IdentifierType.DOMAIN))
    added("Batch", identifiers=named("svc-batch", type_=IdentifierType.ACCOUNT))
    assert _hits(("ip", "10.1.2.3")) == [("DB", How.ADDRESS, "10.1.2.3")]
    assert _hits(("ip", "10.1.9.9")) == [("Servers", How.NETWORK, "10.1.9.9")]
    assert _hits(("ip", "::ffff:10.2.0.1")) == [("Campus", How.NETWORK, "::ffff:10.2.0.1")]
    assert _hits(("ip", "2001:db8::7")) == [("Servers", How.NETWORK, "2001:db8::7")]
    assert _hits(("host", "DB01.other.corp")) == [("DB", How.NAME, "DB01.other.corp")]
    assert _hits(("host", "bucket")) == [("Bucket", How.CALLED, "bucket")]
    assert _hits(("url", "https://x@db.corp.example:8443/a")) == [("DB", How.NAME, "db.corp.example")]
    assert _hits(("resource", "ARN:aws:s3:::kyakuinfo")) == [("Bucket", How.ID, "ARN:aws:s3:::kyakuinfo")]
    assert _hits(("mac", "00:00:5e:00:53:01")) == [("Switch", How.MAC, "00:00:5e:00:53:01")]
    assert _hits(("email", "taro@example.co.jp")) == [("Mail", How.DOMAIN, "taro@example.co.jp")]
    assert _hits(("user", "CORP\\svc-batch")) == [("Batch", How.ACCOUNT, "CORP\\svc-batch")]
    assert [name for name, *_ in _hits(("ip", "10.1.9.9"), ("host", "db01"))] == ["DB", "Servers"], "gravest first"
    assert not _hits(("ip", "192.0.2.1"), ("host", ""), ("domain", "db01"[:0]), ("file", "db01"), ("ip", "no address"))


def test_neighbours_with_the_same_addresses_are_never_mistaken_and_the_nearest_asset_counts() -> None:
    ours, theirs = world.organisation("Ours"), world.organisation("Theirs")
    private = named("10.0.0.5", type_=NET)
    for place, name in ((ours, "Our DB"), (theirs, "Their DB"), (world.site(), "Group DB")):
        added(name, at=place, identifiers=private)
    found = queries.hits(world.admin(), ours, [("ip", "10.0.0.5")])
    assert [hit.asset.name for hit in found] == ["Our DB"]
    actions.retire_asset(by=world.admin(), asset=found[0].asset.uuid)
    assert [hit.asset.name for hit in queries.hits(world.admin(), ours, [("ip", "10.0.0.5")])] == ["Group DB"]


def test_what_needs_a_hit_asset_is_found_through_others_and_circles_end() -> None:
    network = added("Network")
    database = added("DB", needs=(network.uuid,))
    shop = added("Shop", criticality=4, needs=(database.uuid,))
    said = Particulars(name="Network", needs=(shop.uuid,))
    actions.edit_asset(by=world.admin(), asset=network.uuid, particulars=said, only=["needs"])
    assert [one.name for one in queries.possibly_affected(world.admin(), [network.pk])] == ["Shop", "DB"]
    page = queries.page(world.admin(), network.uuid)
    assert ([one.name for one in page.needed_by], [one.name for one in page.affected]) == (["DB"], ["Shop"])
    with pytest.raises(Invalid, match="needs_itself"):
        own = Particulars(name="DB", needs=(database.uuid,))
        actions.edit_asset(by=world.admin(), asset=database.uuid, particulars=own, only=["needs"])


def test_asking_costs_the_same_however_many_assets_there_are(django_assert_num_queries: object) -> None:
    for number in range(30):
        added(f"Host {number}", identifiers=named(f"10.0.{number}.1", type_=NET))
    admin, site = world.admin(), world.site()
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        assert len(queries.hits(admin, site, [("ip", f"10.0.{number}.1") for number in range(10)])) == 10
    with django_assert_num_queries(1):  # type: ignore[operator]  # as above
        assert len(list(queries.assets(admin))) == 30


ANY = st.text(max_size=60)


@given(st.sampled_from(list(IdentifierType)), ANY)
@settings(max_examples=200)
def test_any_text_is_an_identifier_or_is_refused(kind: IdentifierType, value: str) -> None:
    try:
        key = Identifier(kind, value).key
    except Invalid:
        return
    assert key == key_of(kind, value.upper()), "one thing, one key"


@given(st.lists(st.tuples(st.sampled_from(["ip", "host", "url", "user", "email", "mac", "resource", "x"]), ANY)))
def test_whatever_an_alert_names_can_be_looked_for(seen: list[tuple[str, str]]) -> None:
    assert all(one.key.partition(":")[1] for one in sought(seen))
