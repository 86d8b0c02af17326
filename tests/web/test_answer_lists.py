"""What people answered in forms of the site: columns of the list of incidents, and what it is narrowed by."""

import json
from datetime import UTC

import pytest
from django.db import connection

from hikeshi.assets.models import Asset
from hikeshi.forms import actions
from hikeshi.forms.definitions import Definition, FieldKind, Text, Use
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries as records
from hikeshi.incidents.models import Incident, Reporter
from hikeshi.kernel import gathering
from hikeshi.lists import queries
from hikeshi.lists.conditions import parse
from tests import world
from tests.domains.assets import added
from tests.effort import effort
from tests.portal.reporting import open_site, send, stranger
from tests.rules.test_forms import LOST, field
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


def test_of_an_answer_that_most_gave_only_the_reports_that_are_met_are_read(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than are gathered first."""
    monkeypatch.setattr(gathering, "SOME", 1_100)
    by, first = world.actor("sato", "responder"), Reporter.objects.filter(form=form).latest("pk")

    def fill(many: int) -> None:
        kept, start = first.incident, Reporter.objects.count()
        levels = {name: getattr(kept, name) for name in ("impact", "effect", "urgency", "urgency_asked", "priority")}
        same = {name: getattr(kept, name) for name in ("kind", "course", "phase", "organisation")}
        made = Incident.objects.bulk_create(
            Incident(ref=f"INC-2020-{start + n:06}", title="No", opened_by="x", **same, **levels) for n in range(many)
        )
        told = {"purpose": "report", "via": "portal", "language": "ja", "form": form, "answers": {"f1": "pc"}}
        Reporter.objects.bulk_create(Reporter(incident=one, nonce=one.ref, **told) for one in made)
        place = 0
        while (step := incidents.mend_answers(place)).looked:
            place = step.place

    def page() -> list[Incident]:
        asked = parse(f"answer:is:{form}.f1.pc")
        return list(queries.narrowed(records.incidents(by), asked, by=by, zone=UTC)[:50])

    fill(1_200)
    few = effort(page)
    fill(4_000)
    assert len(page()) == 50
    if connection.vendor == "sqlite":
        assert effort(page) < 1.5 * few
    else:
        assert effort(page) < 10 * Incident.objects.count()


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


@pytest.fixture
def typed() -> str:
    """A form that asks for words, a number, a moment and a service; three people have answered."""
    open_site()
    kinds = (FieldKind.LONG, FieldKind.NUMBER, FieldKind.MOMENT, FieldKind.ASSET)
    asked = tuple(field(f"f{at}", kind) for at, kind in enumerate(kinds, 1))
    kept = actions.write_form(by=world.admin(), definition=Definition(Text("故障", "Broken"), Use.ODD, fields=asked))
    actions.offer_form(by=world.admin(), form=kept.form.uuid, number=1)
    added("会計システム", public=True)
    for what, said in {
        "Lost a pc": ("電車の中で 100% なくした", "9", "2026-01-04T23:59", "会計システム"),
        "Lost a key": ("In the TRAIN to work", "10.5", "2026-01-05T00:00", "会計の何か"),
        "Something odd": ("", "", "", ""),
    }.items():
        answers = {f"q-f{at}": text for at, text in enumerate(said, 1)}
        more = {"q-f4-is": "words"} if said[3] == "会計の何か" else {}
        address = f"/report/forms/{kept.form.uuid}/"
        assert send(stranger(), address, what=what, form_version="1", **answers, **more).status_code == 302
    return str(kept.form.uuid)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("has:{}.f1.train work", {"Lost a key"}),
        ("has:{}.f1.電車", {"Lost a pc"}),
        ("has:{}.f1.100%25", {"Lost a pc"}),
        ("has:{}.f1._", set()),
        ("lacks:{}.f1.電車", {"Lost a key", "Something odd"}),
        ("from:{}.f2.10", {"Lost a key"}),
        ("from:{}.f2.9", {"Lost a pc", "Lost a key"}),
        ("upto:{}.f2.10.4", {"Lost a pc"}),
        ("upto:{}.f2.-1", set()),
        ("from:{}.f1.0", set()),
        ("after:{}.f3.2026-01-05", {"Lost a key"}),
        ("before:{}.f3.2026-01-05", {"Lost a pc"}),
        ("after:{}.f2.2026-01-05", set()),
        ("has:{}.f4.会計", {"Lost a pc", "Lost a key"}),
        ("has:{}.f4.会計システム", {"Lost a pc"}),
        ("from:{0}.f2.9;answer:upto:{0}.f2.10", {"Lost a pc"}),
    ],
)
def test_the_list_is_narrowed_by_what_was_written(typed: str, condition: str, found: set[str]) -> None:
    page = desk.page(desk.browser("sato", "responder").get(f"/incidents/?filter=answer:{condition.format(typed)}"))
    assert titles(page) == found


@pytest.mark.parametrize(
    "wrong", ["has:x.f1.a", "has:{}.f1.", "has:{}.f1", "from:{}.f2.many", "from:{}.f2.1e5", "after:{}.f3.tomorrow"]
)
def test_a_condition_on_an_answer_that_cannot_be_asked_is_refused(typed: str, wrong: str) -> None:
    desk.page(desk.browser("sato", "responder").get(f"/incidents/?filter=answer:{wrong.format(typed)}"), 422)


def test_a_condition_on_what_was_written_is_put_together_on_the_page_and_read_in_words(typed: str) -> None:
    worker = desk.browser("sato", "responder")
    offered = desk.page(worker.get("/incidents/filter?new=answer:from&add=1"))
    assert f'value="{typed}.f2"' in offered
    assert f'value="{typed}.f1"' not in offered, "only what is answered with a number"
    half = desk.page(worker.get(f"/incidents/filter?row0=answer:from&join0=or&of0={typed}.f2&value0=&show=1"), 422)
    assert "Choose or write a value" in half
    whole = worker.get(f"/incidents/filter?row0=answer:from&join0=or&of0={typed}.f2&value0=10&show=1")
    page = desk.page(worker.get(whole.headers["Location"]))
    assert titles(page) == {"Lost a key"}
    assert "Broken: Question f2: 10 or more" in page
    again = desk.page(worker.get(whole.headers["Location"].replace("/incidents/?", "/incidents/filter?")))
    assert f'value="{typed}.f2" selected' in again
    assert 'value="10"' in again


def test_a_condition_names_a_thing_of_the_site_only_to_who_sees_it(typed: str) -> None:
    """Whoever knows or guesses its number learns no name by it."""
    asked = f"/incidents/?filter=answer:is:{typed}.f4.{Asset.objects.get().uuid}"
    assert "会計システム" in desk.page(desk.browser("sato", "responder").get(asked))
    stranger_here = desk.browser("mori", "responder", at=world.organisation("Branch"))
    assert "会計システム" not in desk.page(stranger_here.get(asked))
