"""The page on which a form is made: with or without a script, nothing typed is lost and nothing contradictory saved."""

from hikeshi.forms import actions
from hikeshi.forms.definitions import Definition, Text, Use
from hikeshi.forms.models import Form, FormVersion
from hikeshi.kernel.acting import system
from tests import world
from tests.web import desk

HEAD = {"title_ja": "端末の紛失", "title_en": "Lost device", "use": "odd", "audience": "everyone", "version": "1"}


def rows(*questions: dict[str, object]) -> dict[str, object]:
    sent: dict[str, object] = {"questions-TOTAL_FORMS": len(questions), "questions-INITIAL_FORMS": 0}
    for at, one in enumerate(questions):
        sent |= {f"questions-{at}-{part}": said for part, said in one.items()}
    return sent


def question(key: str, **more: object) -> dict[str, object]:
    return {"key": key, "kind": "short", "label_ja": f"問{key}", "label_en": f"Question {key}", **more}


CHOICE = question("f1", kind="one", choices_ja="端末\n書類", choices_en="Device\nPaper")


def test_a_form_is_made_looked_at_offered_changed_and_taken_back() -> None:
    world.site()
    keeper = desk.browser("root", "administrator")
    assert "No forms of your own yet" in desk.page(keeper.get("/settings/forms/"))
    new = "/settings/forms/new"
    one = {**HEAD, "do": "add", **rows(CHOICE)}
    page = desk.page(keeper.post(new, one))
    assert "Not saved yet" in page
    assert 'name="questions-1-key" value="f2"' in page
    assert "Question f1: Device" in page
    assert not Form.objects.exists()
    asked = rows(CHOICE, question("f2", when=["f1=c1"], required="on"))
    saved = keeper.post(new, {**HEAD, **asked, "do": "save"})
    at = saved.headers["Location"]
    assert "Nobody sees this form yet" in desk.page(keeper.get(at))
    assert "Question f2" in desk.page(keeper.get(f"{at}versions/1/?q-f1=c1"))
    keeper.post(f"{at}versions/1/offer")
    assert "Shown to people" in desk.page(keeper.get("/settings/forms/"))
    edit = desk.page(keeper.get(f"{at}edit"))
    assert "端末" in edit
    moved = {**HEAD, **asked, "do": "up:f2"}
    assert desk.page(keeper.post(f"{at}edit", moved)).index('value="f2"') < edit.index('value="f1"') + 4000
    changed = {**HEAD, "title_en": "Lost thing", **asked, "do": "save", "why": "Wider"}
    assert keeper.post(f"{at}edit", changed).status_code == 302
    assert "People still see version 1" in desk.page(keeper.get(at))
    compared = desk.page(keeper.get(f"{at}compare"))
    assert "Lost device" in compared
    assert "Lost thing" in compared
    assert keeper.get(f"{at}compare?from=7").status_code == 404
    late = keeper.post(f"{at}edit", {**changed, "title_en": "Gone"})
    assert "Somebody saved this while you were writing" in desk.page(late, 409)
    keeper.post(f"{at}withdraw")
    assert Form.objects.get().offered is None
    assert FormVersion.objects.count() == 2


def test_what_contradicts_itself_is_refused_beside_its_field_and_stays_typed() -> None:
    world.site()
    keeper = desk.browser("root", "administrator")
    circle = rows(
        question("f1", kind="yes_no", when=["f2=yes"], required="on"), question("f2", kind="yes_no", when=["f1=no"])
    )
    page = desk.page(keeper.post("/settings/forms/new", {**HEAD, **circle, "do": "save"}), 422)
    assert "depend on each other in a circle" in page
    assert "the question would never be shown" in page
    wordless = rows({**CHOICE, "choices_en": "Device"})
    page = desk.page(keeper.post("/settings/forms/new", {**HEAD, **wordless, "do": "save"}), 422)
    assert "Line 2: this choice has no words in one of the languages" in page
    assert "書類" in page
    made_up = rows({**CHOICE, "codes": "<script>", "when": ["x=y"]})
    assert keeper.post("/settings/forms/new", {**HEAD, **made_up, "do": "save"}).status_code == 422
    assert not Form.objects.exists()


def test_only_whoever_may_configure_makes_forms() -> None:
    world.site()
    for role in ("auditor", "commander", "reporter"):
        assert desk.browser(role, role).get("/settings/forms/").status_code == 403


def test_a_version_the_desk_wrote_by_itself_says_so_and_not_that_nobody_did() -> None:
    world.site()
    definition = Definition(Text("端末の紛失", "Lost device"), Use.ODD)
    form = actions.write_form(by=system("demonstration"), definition=definition).form.uuid
    page = desk.page(desk.browser("root", "administrator").get(f"/settings/forms/{form}/"))
    versions = page.partition("Versions")[2]
    assert "Demonstration" in versions
    assert "nobody" not in versions
