"""Settings of kinds, courses and the matrix, through their pages."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hikeshi.incidents import actions, queries
from hikeshi.incidents.models import MatrixVersion, Vocabulary
from tests import world
from tests.web.desk import browser, incident, page

DRONE = {"code": "drone", "ja": "ドローン", "en": "<b>Drone</b>", "course": "service", "hint_en": "Flies"}


@pytest.fixture
def keeper() -> Client:
    world.site()
    return browser("keeper", "administrator")


def cells(**changed: object) -> dict[str, object]:
    grid = queries.matrix().grid
    found = {
        f"cell_{i}_{e}_{u}": grid[(i - 1) * 3 + e - 1][u - 1] for i in (1, 2, 3) for e in (1, 2, 3) for u in (1, 2, 3)
    }
    return {**found, **changed}


def drawing(client: Client, path: str) -> dict[str, object]:
    """What the form of a course holds, ready to be sent back."""
    shown = client.get(path).context["drawing"]
    sent: dict[str, object] = {}
    for form in (shown.course, shown.phases.management_form, shown.gates.management_form, *shown.phases, *shown.gates):
        sent |= {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    return sent


def test_a_kind_is_added_chosen_renamed_and_retired_and_the_record_keeps_its_word(keeper: Client) -> None:
    assert keeper.post("/settings/kinds/new", DRONE).status_code == 302
    assert "&lt;b&gt;Drone&lt;/b&gt;" in page(keeper.get("/settings/kinds/"))
    record = incident("Over the roof", kind="drone")
    keeper.post("/settings/kinds/drone", {**DRONE, "en": "Aircraft"})
    shown = page(keeper.get(f"/incidents/{record.ref}/"))
    assert "&lt;b&gt;Drone&lt;/b&gt;" in shown
    assert "Aircraft" in page(keeper.get("/incidents/new"))
    keeper.post("/settings/kinds/drone/retire")
    assert "Aircraft" not in page(keeper.get("/incidents/new"))
    assert "Last changed by Keeper" in page(keeper.get("/settings/kinds/"))
    keeper.post("/settings/kinds/kinds/go-back/2")
    assert "Aircraft" in page(keeper.get("/incidents/new"))


def test_what_is_wrong_with_a_kind_is_said_beside_its_field_and_kept(keeper: Client) -> None:
    wrong = keeper.post("/settings/kinds/new", {**DRONE, "code": "malware"})
    assert wrong.context["form"].errors == {"code": ["This name is already in use."]}
    assert "Flies" in page(wrong, 422)
    read = keeper.get("/settings/kinds/disaster").context["form"]["version"].value()
    keeper.post("/settings/kinds/disaster", {"ja": "天災", "en": "First", "course": "service", "version": read})
    late = keeper.post("/settings/kinds/disaster", {"ja": "天災", "en": "Second", "course": "service", "version": read})
    shown = page(late, 409)
    assert "First" in shown
    assert 'value="Second"' in shown


def test_kinds_are_offered_in_the_order_the_site_gave_them(keeper: Client) -> None:
    keeper.post("/settings/kinds/ransomware/up")
    assert list(queries.in_use().kinds)[:2] == ["ransomware", "malware"]


def test_a_course_is_drawn_anew_from_its_form(keeper: Client) -> None:
    sent = drawing(keeper, "/settings/courses/light")
    sent |= {"phases-2-code": "check", "phases-2-ja": "確認", "phases-2-en": "Check back", "phases-2-like": "confirm"}
    sent |= {"gates-1-code": "asked", "gates-1-ja": "尋ねた", "gates-1-en": "Asked", "gates-1-at": "end"}
    sent |= {"gates-1-phase": "check", "gates-1-met": "1"}
    assert keeper.post("/settings/courses/light", sent).status_code == 302
    shown = page(keeper.get("/settings/courses/"))
    assert "Check back" in shown
    spec = queries.in_use().courses.courses["light"]
    assert spec.phases == ("open", "answer", "check")
    assert [gate.code for gate in spec.gates] == ["tasks_done", "asked"]
    assert drawing(keeper, "/settings/courses/light")["phases-2-like"] == "confirm"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"phases-0-code": "", "phases-1-code": ""}, "A course needs at least one phase."),
        ({"phases-2-code": "open"}, "open stands here twice."),
        ({"gates-1-code": "asked", "gates-1-phase": "contain", "gates-1-at": "end"}, "asked points to a phase"),
    ],
)
def test_an_impossible_course_is_refused_in_words_and_keeps_what_was_typed(
    keeper: Client, changed: dict[str, object], said: str
) -> None:
    blank = {"gates-1-at": "end", "gates-1-met": "1"}
    sent = {**drawing(keeper, "/settings/courses/light"), **blank, **changed, "en": "Half drawn"}
    shown = page(keeper.post("/settings/courses/light", sent), 422)
    assert said in shown
    assert 'value="Half drawn"' in shown
    assert not Vocabulary.objects.exists()


def test_a_matrix_is_looked_at_before_it_is_saved_and_then_open_records_judged_anew(keeper: Client) -> None:
    record = incident("Half the office", impact=2, effect=2, urgency=1)
    changed = cells(cell_2_2_1=1, cell_1_2_1=1, cell_2_1_1=1)
    seen = page(keeper.post("/settings/matrix/look", changed))
    assert f"/incidents/{record.ref}/" in seen
    assert "Nothing is saved yet" in seen
    assert not MatrixVersion.objects.exists()
    assert keeper.post("/settings/matrix/look", {**changed, "save": "1"}).status_code == 302
    assert MatrixVersion.objects.get().grid[4] == [1, 3, 4]
    assert "/settings/matrix/rejudge" in page(keeper.get("/settings/matrix/"))
    assert keeper.post("/settings/matrix/rejudge", {"reason": ""}).status_code == 422
    keeper.post("/settings/matrix/rejudge", {"reason": "New criteria"})
    record.refresh_from_db()
    assert record.priority == 1
    assert "/settings/matrix/rejudge" not in page(keeper.get("/settings/matrix/"))


def test_two_versions_of_the_matrix_are_compared_cell_by_cell(keeper: Client) -> None:
    keeper.post("/settings/matrix/look", {**cells(), "save": "1"})
    assert "The two say the same." in page(keeper.get("/settings/matrix/compare?from=1&to=1"))
    keeper.post(
        "/settings/matrix/look", {**cells(cell_2_2_1=1, cell_1_2_1=1, cell_2_1_1=1), "version": "1", "save": "1"}
    )
    shown = page(keeper.get("/settings/matrix/compare"))
    differing = re.findall(r'<div class="changes".*?</div>', shown)
    assert any("<del" in one and "P2" in one and "<ins" in one and "P1" in one for one in differing)
    assert len(differing) < 5
    assert page(keeper.get("/settings/matrix/compare?from=0&to=2")) != shown
    page(keeper.get("/settings/matrix/compare?from=7"), 404)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cell_2_3_1": ""}, "This field is required."),
        (
            {"cell_1_1_1": "5"},
            "Nothing graver may rank below something lighter: look at impact 1, effect 1, urgency 1.",
        ),
    ],
)
def test_a_matrix_that_cannot_be_used_says_where(keeper: Client, changed: dict[str, object], said: str) -> None:
    assert said in page(keeper.post("/settings/matrix/look", cells(**changed)), 422)
    assert not MatrixVersion.objects.exists()


def test_the_matrix_of_a_known_tool_fills_the_form_and_saves_nothing(keeper: Client) -> None:
    form = keeper.get("/settings/matrix/?preset=glpi").context["form"]
    assert form["cell_3_3_1"].value() == 4
    assert not MatrixVersion.objects.exists()


def test_levels_are_called_what_the_site_calls_them_everywhere(keeper: Client) -> None:
    form = keeper.get("/settings/matrix/words").context["form"]
    sent = {bound.html_name: bound.value() for bound in form}
    keeper.post("/settings/matrix/words", {**sent, "impact_1_en": "The whole group"})
    assert "The whole group" in page(keeper.get("/incidents/new"))
    assert keeper.post("/settings/matrix/words", {**sent, "impact_1_en": ""}).status_code == 422


def test_pages_ask_no_more_often_with_many_versions_and_records(keeper: Client) -> None:
    for path in ("/settings/matrix/", "/settings/kinds/"):
        keeper.get(path)
    with CaptureQueriesContext(connection) as few:
        keeper.get("/settings/matrix/")
        keeper.get("/settings/kinds/")
    for number in range(6):
        actions.set_matrix(by=world.admin(), preset=("glpi", "itop")[number % 2])
        actions.retire_kind(by=world.admin(), code="disaster", retired=number % 2 == 0)
        incident(f"Number {number}", impact=2, effect=2, urgency=1)
    keeper.get("/settings/kinds/")
    with CaptureQueriesContext(connection) as many:
        keeper.get("/settings/matrix/")
        keeper.get("/settings/kinds/")
    assert len(many) - len(few) <= 4, "names of who made them, and the records that would move"
