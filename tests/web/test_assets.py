"""Assets at the pages: kept, brought in, and in the room where they are hit."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from hikeshi.assets import queries
from hikeshi.assets.models import Asset, Import
from hikeshi.documents import tables
from hikeshi.incidents.models import Incident, LinkedAsset
from hikeshi.kernel import clock
from hikeshi.ledger import reactions
from tests import world
from tests.domains.assets import added, named
from tests.web import desk

HOSTILE = "<script>alert(1)</script>"


def sent(**more: object) -> dict[str, object]:
    return {"name": "Customer DB", "kind": "data_store", "criticality": "4", "organisation": world.site().uuid, **more}


def settle() -> None:
    while reactions.step(clock.now()):
        pass


def test_an_asset_is_added_changed_put_out_of_use_and_found_again() -> None:
    keeper = desk.browser("keeper", "commander")
    other = added("Network")
    made = keeper.post(
        "/assets/new",
        sent(
            holds=["personal", "card"], rto="4h", names="db01\ndb01.corp.example", addresses="10.0.0.5", needs="network"
        ),
    )
    asset = Asset.objects.get(name="Customer DB")
    assert made.headers["Location"] == f"/assets/{asset.uuid}/"
    page = desk.page(keeper.get(f"/assets/{asset.uuid}/"))
    for word in ("Customer DB", "Critical", "Personal data", "4 h", "db01.corp.example", "Network", "Never proven"):
        assert word in page, word
    form = desk.page(keeper.get(f"/assets/{asset.uuid}/edit"))
    assert "db01\ndb01.corp.example" in form
    assert "Network" in form
    saved = keeper.post(f"/assets/{asset.uuid}/edit", sent(place="大阪", version=asset.version, needs="Network"))
    assert saved.status_code == 302
    asset.refresh_from_db()
    assert (asset.place, asset.data, asset.rto) == ("大阪", [], None)
    assert [one.pk for one in queries.page(world.admin(), asset.uuid).needs] == [other.pk]
    assert keeper.post(f"/assets/{asset.uuid}/retire").status_code == 302
    assert "Customer DB" not in desk.page(keeper.get("/assets/"))
    assert "Customer DB" in desk.page(keeper.get("/assets/?state=retired"))
    assert keeper.post(f"/assets/{asset.uuid}/take-up").status_code == 302
    assert "Customer DB" in desk.page(keeper.get("/assets/?q=cust&criticality=4&kind=data_store"))
    assert "No asset matches" in desk.page(keeper.get("/assets/?q=nothing"))


def test_what_cannot_be_used_is_said_beside_its_field_and_what_was_typed_stays() -> None:
    keeper = desk.browser("keeper", "commander")
    answer = keeper.post("/assets/new", sent(addresses="10.0.0.999", rto="soon", needs="Nobody's"))
    assert answer.status_code == 422
    assert "10.0.0.999" in desk.page(answer, 422)
    assert list(answer.context["form"].errors) == ["rto"]
    for field, value in {"addresses": "10.0.0.999", "needs": "Nobody's", "name": "a\u202eb"}.items():
        answer = keeper.post("/assets/new", sent(**{field: value}))
        assert list(answer.context["form"].errors) == [field]
    assert not Asset.objects.exists()


def test_two_who_save_at_once_see_both_texts() -> None:
    keeper = desk.browser("keeper", "commander")
    asset = added("Customer DB", place="Tokyo")
    keeper.post(f"/assets/{asset.uuid}/edit", sent(place="Osaka", version=1))
    answer = keeper.post(f"/assets/{asset.uuid}/edit", sent(place="Kyoto", version=1))
    page = desk.page(answer, 409)
    assert "Osaka" in page
    assert "Kyoto" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    assert keeper.post(f"/assets/{asset.uuid}/edit", sent(place="Kyoto", version=version[1])).status_code == 302


def upload(keeper: Client, body: bytes, name: str = "assets.csv") -> str:
    file = SimpleUploadedFile(name, body)
    answer = keeper.post("/assets/import", {"file": file, "organisation": world.site().uuid})
    return answer.headers["Location"] if answer.status_code == 302 else desk.page(answer, 422)


def test_a_file_is_shown_line_by_line_and_then_imported_once() -> None:
    keeper = desk.browser("keeper", "commander", language="ja")
    old = added("Mail", place="Osaka")
    body = "資産名,設置場所,色\nMail,Tokyo,赤\n<script>alert(1)</script>,,\n".encode("cp932")
    here = upload(keeper, body)
    page = desk.page(keeper.get(here))
    assert "cp932" in page
    assert HOSTILE not in page
    assert "設置場所" in page
    assert Asset.objects.get().place == "Osaka"
    keeper.post(here)
    keeper.post(here)
    assert Asset.objects.count() == 2
    old.refresh_from_db()
    assert old.place == "Tokyo"
    done = desk.page(keeper.get(here))
    assert "取り込み" in done
    assert HOSTILE not in desk.page(keeper.get("/assets/"))


def test_a_wrong_file_is_refused_with_its_reason_and_wrong_lines_hold_the_rest() -> None:
    keeper = desk.browser("keeper", "commander")
    assert "is missing" in upload(keeper, b"color\nred\n")
    assert "cannot be read" in upload(keeper, b"\xff\x00\xfe")
    assert not Import.objects.exists()
    here = upload(keeper, b"name,kind\nMail,spaceship\nWiki,=1+1\n")
    page = desk.page(keeper.get(here))
    assert "spaceship" in page
    assert "holds a formula" in page
    assert "Import all of it" not in page
    keeper.post(here)
    assert not Asset.objects.exists()


def test_of_a_long_file_the_page_looks_at_the_beginning_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LOOKED_AT", 2)
    keeper = desk.browser("keeper", "commander")
    here = upload(keeper, b"name,kind\nA,\nB,\nC,spaceship\n")
    page = desk.page(keeper.get(here))
    assert "the first 2 lines" in page
    assert "Import all of it" in page
    keeper.post(here)
    assert not Asset.objects.exists(), "what was not looked at is checked all the same"


def test_what_is_exported_is_understood_by_the_import_and_nothing_changes() -> None:
    keeper = desk.browser("keeper", "commander", language="ja")
    base = added("=基盤", note="+1")
    added("DB", number="A-1", criticality=4, data=("personal",), identifiers=named("db01"), needs=(base.uuid,), rto=90)
    before = set(Asset.objects.values_list("version", flat=True))
    for form in ("csv", "xlsx"):
        body = keeper.get(f"/assets/export.{form}").content
        assert "資産名" in tables.read(body).headings.cells
        here = upload(keeper, body, f"a.{form}")
        keeper.post(here)
        assert Import.objects.latest("pk").state == "done"
    assert set(Asset.objects.values_list("version", flat=True)) == before
    template = keeper.get("/assets/import/template.xlsx")
    assert tables.read(BytesIO(template.content).getvalue()).headings.cells[1] == "資産名"
    assert keeper.get("/assets/export.pdf").status_code == 404


@pytest.mark.parametrize("path", ["/assets/import/", "/settings/people/", "/contacts/staff/"])
def test_an_empty_form_is_given_in_what_can_be_brought_back_and_in_nothing_else(path: str) -> None:
    keeper = desk.browser("keeper", "administrator", "commander", language="ja")
    for form in ("csv", "xlsx"):
        assert tables.read(keeper.get(f"{path}template.{form}").content).headings.cells
    assert keeper.get(f"{path}template.json").status_code == 404


def test_whoever_only_looks_is_offered_no_act_and_strangers_find_nothing() -> None:
    asset = added("Secret", at=world.organisation("Ours"))
    reader = desk.browser("reader", "auditor", at=world.organisation("Ours"))
    page = desk.page(reader.get("/assets/")) + desk.page(reader.get(f"/assets/{asset.uuid}/"))
    assert "/edit" not in page
    assert "/assets/new" not in page
    assert reader.get(f"/assets/{asset.uuid}/edit").status_code == 403
    stranger = desk.browser("stranger", "administrator", at=world.organisation("Theirs"))
    assert stranger.get(f"/assets/{asset.uuid}/").status_code == 404
    assert "Secret" not in desk.page(stranger.get("/assets/"))
    assert b"Secret" not in stranger.get("/assets/export.csv").content
    assert desk.browser("nobody").get("/assets/").status_code == 403


def test_an_alert_about_a_critical_host_opens_with_raised_urgency_and_the_room_says_why() -> None:
    """The story of this part, through the digest, the rule, the room and the list."""
    reactions.begin()
    mori = desk.browser("mori", "commander")
    shop = added("Shop", criticality=3)
    base = added("Customer DB", criticality=4, data=("personal",), persons=1204, identifiers=named("pc1"), rto=240)
    network = added("Campus", criticality=1)
    mori.post(f"/assets/{shop.uuid}/edit", sent(name="Shop", kind="service", criticality=3, needs="Customer DB"))
    alert = desk.alert("Beacon to a known address", "medium", host="PC1.corp.example")
    assert "Customer DB" in desk.page(mori.get(f"/alerts/{alert.uuid}/"))
    opened = {"title": "Beacon", "kind": "malware", "impact": 2, "effect": 2, "urgency": 3}
    mori.post(f"/alerts/open?alert={alert.uuid}", opened)
    incident = Incident.objects.get()
    assert (incident.urgency, incident.priority) == (1, 2)
    for language, words in {"en": "Urgency raised", "ja": "緊急度を引き上げています"}.items():
        reader = desk.browser(f"reader-{language}", "responder", language=language)
        room = desk.page(reader.get(f"/incidents/{incident.ref}/"))
        assert words in room
        assert "1,204" in room
        assert "Shop" in room, "it needs the database"
    mori.post(f"/incidents/{incident.ref}/link-asset", {"asset": network.uuid})
    assert "Campus" in desk.page(mori.get(f"/incidents/{incident.ref}/"))
    answer = mori.post(f"/incidents/{incident.ref}/unlink-asset/{base.uuid}", {"reason": ""})
    assert answer.status_code == 422
    mori.post(f"/incidents/{incident.ref}/unlink-asset/{base.uuid}", {"reason": "Another PC1"})
    incident.refresh_from_db()
    assert incident.urgency == 3
    assert LinkedAsset.objects.filter(removed_at__isnull=True).count() == 1
    listed = desk.page(mori.get(f"/incidents/?asset={network.uuid}"))
    assert incident.ref in listed
    assert incident.ref not in desk.page(mori.get(f"/incidents/?asset={base.uuid}"))
    with translation.override("en"):
        systems = desk.page(mori.get(f"/incidents/{incident.ref}/set-fact/systems"))
    assert "Campus" in systems


def test_the_list_costs_the_same_however_long_it_is() -> None:
    reader = desk.browser("reader", "auditor")
    added("A")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.page(reader.get("/assets/"))
        return len(asked)

    first = cost()
    for number in range(20):
        added(f"Host {number}", data=("personal",))
    assert cost() == first
