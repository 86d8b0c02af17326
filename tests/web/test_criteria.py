"""Criteria: written, kept in versions, shown where they are needed, due for review."""

import html
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from hikeshi.incidents import actions, criteria
from hikeshi.incidents.criteria import CriteriaField
from hikeshi.incidents.models import Criteria, CriteriaVersion
from hikeshi.incidents.queries import criteria as written
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed
from hikeshi.ledger.verify import verify
from tests import world
from tests.web.desk import browser, incident, page

IMPACT = {"1": {"ja": "**全社**の停止", "en": "All of it stops"}, "2": {"ja": "部門", "en": "A department"}}
SENT = {f"{value}-{language}": text for value, said in IMPACT.items() for language, text in said.items()}


@pytest.fixture
def keeper() -> Client:
    return browser("keeper", "administrator")


def test_a_site_starts_with_criteria_for_every_value_in_both_languages() -> None:
    world.site()
    for field in CriteriaField:
        texts = criteria.shipped().texts(field)
        assert set(texts) == set(written.values(field))
        assert all(said[language].strip() for said in texts.values() for language in ("ja", "en"))


@pytest.mark.parametrize(("language", "says"), [("ja", "基幹業務"), ("en", "sign-in for all")])
def test_whoever_weighs_reads_the_criteria_in_their_language(language: str, says: str) -> None:
    made = incident()
    desk = browser("mori", "commander", language=language)
    assert says in page(desk.get(f"/incidents/{made.ref}/priority"))
    assert says in page(desk.get("/incidents/new"))
    assert criteria.shipped().texts(CriteriaField.ESCALATION)["executive"][language][:8] in page(
        desk.get(f"/incidents/{made.ref}/priority")
    )
    assert criteria.shipped().texts(CriteriaField.KIND)["phishing"][language][:8] in page(
        desk.get(f"/incidents/{made.ref}/kind")
    )
    assert criteria.shipped().texts(CriteriaField.RECORD_CLASS)["near_miss"][language][:8] in page(
        desk.get(f"/incidents/{made.ref}/classify")
    )


def test_a_kind_is_explained_once_as_shipped_and_by_the_sites_own_line_too(keeper: Client) -> None:
    made = incident()
    where = f"/incidents/{made.ref}/kind"
    assert "Change it as soon as" not in page(keeper.get(where))
    shown = page(keeper.get(where))
    assert shown.count("None of these. Change it once it is known.") == 1
    kinds = {"ja": "その他", "en": "Other", "course": "service", "hint_ja": "まず電話", "hint_en": "Call us first"}
    assert keeper.post("/settings/kinds/other", kinds).status_code == 302
    assert "Call us first" in page(keeper.get(where))


def test_what_the_site_writes_is_shown_at_once_and_the_old_text_stays(keeper: Client) -> None:
    keeper.post("/settings/criteria/impact/edit", {**SENT, "version": "0", "why": "as the board wishes"})
    shown = page(keeper.get("/incidents/new"))
    assert "All of it stops" in shown
    assert "sign-in for all" not in shown
    compared = page(keeper.get("/settings/criteria/impact/compare"))
    assert "<ins>" in compared
    assert "sign-in for all" in compared
    assert "as the board wishes" in page(keeper.get("/settings/criteria/impact/"))
    assert "<strong>全社</strong>" in page(keeper.get("/settings/criteria/impact/"))
    keeper.post("/settings/criteria/impact/versions/0/restore")
    assert "sign-in for all" in page(keeper.get("/incidents/new"))
    assert CriteriaVersion.objects.count() == 2
    assert verify(state=True).holds
    CriteriaVersion.objects.update(texts=IMPACT)
    assert not verify(state=True).holds, "criteria changed behind the desk's back show"


def test_nobody_saves_over_another_and_half_a_translation_is_refused(keeper: Client) -> None:
    admin = world.admin()
    actions.write_criteria(by=admin, criteria_of=CriteriaField.IMPACT, texts=IMPACT)
    clash = keeper.post("/settings/criteria/impact/edit", {**SENT, "1-en": "Mine", "version": "0"})
    assert clash.status_code == 409
    assert "All of it stops" in clash.content.decode()
    assert ">Mine</textarea>" in clash.content.decode().replace("\n", "")
    half = keeper.post("/settings/criteria/impact/edit", {**SENT, "1-en": "", "version": "1"})
    assert half.status_code == 422
    assert list(half.context["form"].errors) == ["1-en"]
    emptied = {**SENT, **{name: "" for name in SENT if name.endswith("-en")}, "version": "1"}
    lacking = keeper.post("/settings/criteria/impact/edit", emptied)
    for value in ("1", "2"):
        (said,) = lacking.context["form"].errors[f"{value}-en"]
        assert "lacks in this language: English" in said
        assert f"“{written.word(CriteriaField.IMPACT, value)}”" in said
        assert said in html.unescape(page(lacking, 422))
    none = keeper.post("/settings/criteria/impact/edit", {"version": "1", **dict.fromkeys(SENT, "")})
    assert "Every text is empty, in Japanese and in English." in page(none, 422)
    with pytest.raises(Invalid):
        actions.write_criteria(by=admin, criteria_of=CriteriaField.IMPACT, texts={"9": {"ja": "x", "en": "x"}})
    with pytest.raises(Conflict):
        actions.write_criteria(by=admin, criteria_of=CriteriaField.IMPACT, texts={"1": IMPACT["2"]}, version=0)


def test_what_is_written_cannot_run(keeper: Client) -> None:
    hostile = {**SENT, "1-en": "<script>alert(1)</script> [x](javascript:alert(1))", "version": "0"}
    keeper.post("/settings/criteria/impact/edit", hostile)
    for path in ("/settings/criteria/impact/", "/incidents/new"):
        shown = page(keeper.get(path))
        assert "<script>alert" not in shown
        assert 'href="javascript' not in shown


def test_criteria_are_due_until_somebody_looks_and_only_the_keeper_writes() -> None:
    world.clock.freeze(datetime(2026, 11, 21, tzinfo=UTC))  # of those shipped none is due yet
    keeper, reader = world.admin(), world.actor("mori", "responder")
    assert written.due_count(reader) == 0
    world.clock.fast_forward(timedelta(days=365))
    assert written.due_count(reader) == len(CriteriaField)
    assert "Criteria to be looked at again" in page(browser("mori").get("/rules/"))
    day = world.clock.now().date() + timedelta(days=30)
    actions.review_criteria(by=keeper, criteria_of=CriteriaField.KIND, review=day)
    assert written.due_count(reader) == len(CriteriaField) - 1
    assert Criteria.objects.get().due_at is not None
    assert verify(state=True).holds
    with pytest.raises(NotAllowed):
        actions.review_criteria(by=reader, criteria_of=CriteriaField.KIND, review=day)
    with pytest.raises(NotAllowed):
        actions.write_criteria(by=reader, criteria_of=CriteriaField.IMPACT, texts=IMPACT)
    desk = browser("mori")
    assert page(desk.get("/settings/criteria/kind/"))
    assert desk.get("/settings/criteria/kind/edit").status_code == 403
    assert desk.get("/settings/criteria/nothing/").status_code == 404
