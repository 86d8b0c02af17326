"""What people answered in forms of the site: columns of the list of incidents, and what it is narrowed by."""

import json

import pytest

from hikeshi.forms import actions
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Incident, Reporter
from tests import world
from tests.portal.reporting import open_site, send, stranger
from tests.rules.test_forms import LOST
from tests.web import desk
from tests.web.test_lists import body, lines


@pytest.fixture
def form() -> str:
    """Two people have filled it in; one report came without it."""
    open_site()
    kept = actions.write_form(by=world.admin(), definition=LOST)
    actions.offer_form(by=world.admin(), form=kept.form.uuid, number=1)
    address = f"/report/forms/{kept.form.uuid}/"
    for what, said in (("Lost a pc", "pc"), ("Lost a key", "paper")):
        more = {"q-f2": "no", "q-f3": "On the train"} if said == "pc" else {}
        typed = {"q-f1": said, **more, "shown": ["f2", "f3"]}
        assert send(stranger(), address, what=what, form_version="1", **typed).status_code == 302
    send(stranger(), what="Something odd")
    return str(kept.form.uuid)


def titles(page: str) -> set[str]:
    return {one for one in ("Lost a pc", "Lost a key", "Something odd") if one in page}


def test_the_list_is_narrowed_by_an_answer_and_shows_answers_as_columns(form: str) -> None:
    worker = desk.browser("sato", "responder")
    column = f"answer.{form}.f3"
    whole = desk.page(worker.get(f"/incidents/?columns=phase,{column}"))
    assert titles(whole) == {"Lost a pc", "Lost a key", "Something odd"}
    assert "On the train" in whole
    assert "Question f3" in whole
    assert "On the train" not in desk.page(worker.get("/incidents/"))
    some = desk.page(worker.get(f"/incidents/?filter=answer:is:{form}.f1.pc"))
    assert titles(some) == {"Lost a pc"}
    assert "Choice pc" in some
    assert titles(desk.page(worker.get(f"/incidents/?filter=answer:not:{form}.f1.pc"))) == {
        "Lost a key",
        "Something odd",
    }
    assert titles(desk.page(worker.get(f"/incidents/?filter=answer:is:{form}.f1.pc,{form}.f1.paper"))) == {
        "Lost a pc",
        "Lost a key",
    }
    built = desk.page(worker.get("/incidents/filter?new=answer:is&add=1"))
    assert f"{form}.f1.pc" in built
    assert column in desk.page(worker.get("/incidents/looks"))


def test_what_is_no_answer_is_refused_and_what_was_erased_is_not_found(form: str) -> None:
    worker = desk.browser("sato", "responder")
    for wrong in ("x", f"{form}", f"{form}.f1", "f1.pc.x"):
        assert titles(desk.page(worker.get(f"/incidents/?filter=answer:is:{wrong}"), 422)) == set(), wrong
    record = Incident.objects.get(title="Lost a pc")
    incidents.erase_reporter(by=world.actor("mori", "commander"), ref=record.ref, reason="asked for it")
    assert Reporter.objects.get(incident=record).erased_at
    assert titles(desk.page(worker.get(f"/incidents/?filter=answer:is:{form}.f1.pc"))) == set()
    assert "On the train" not in desk.page(worker.get(f"/incidents/?columns=answer.{form}.f3"))
    assert titles(desk.page(worker.get("/incidents/?columns=answer.nonsense.f3"))) != set()


def test_answers_that_are_columns_leave_with_the_list(form: str) -> None:
    columns = f"columns=phase,answer.{form}.f3,answer.{form}.f1"
    rows = lines(desk.browser("sato", "responder"), f"/incidents/export.csv?{columns}")
    heading = next(one for one in rows[0] if one.endswith("Question f3"))
    assert {row["Title"]: row[heading] for row in rows} == {
        "Something odd": "",
        "Lost a key": "",
        "Lost a pc": "On the train",
    }
    in_japanese = lines(desk.browser("yomi", "responder", language="ja"), f"/incidents/export.csv?{columns}")
    assert [one for one in in_japanese[0] if one.endswith("問f1")]
    codes = json.loads(body(desk.browser("ito", "responder"), f"/incidents/export.json?{columns}"))
    assert [one[f"answer.{form}.f1"] for one in codes] == ["", "paper", "pc"]
    assert not [one for one in lines(desk.browser("abe", "responder"), "/incidents/export.csv")[0] if "f3" in one]


def test_an_answer_that_a_spreadsheet_would_run_leaves_as_words(form: str) -> None:
    typed = {"q-f1": "pc", "q-f2": "no", "q-f3": "=1+1", "shown": ["f2", "f3"]}
    assert send(stranger(), f"/report/forms/{form}/", what="Bad", form_version="1", **typed).status_code == 302
    (row,) = lines(desk.browser("sato", "responder"), f"/incidents/export.csv?q=Bad&columns=answer.{form}.f3")
    assert "'=1+1" in row.values()
