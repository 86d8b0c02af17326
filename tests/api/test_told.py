"""Over the API: outages people are told of, answers to common questions, forms, decisions and costs."""

from typing import Any

import pytest

from hikeshi.incidents.models import Cost, Decision
from hikeshi.knowledge.models import Answer
from hikeshi.ledger import verify
from hikeshi.notices.models import Outage
from tests import world
from tests.api.calling import Caller, body, problem, program

TOLD = {
    "title_ja": "メールが届きません",
    "title_en": "Mail does not arrive",
    "text_ja": "電話をお使いください。",
    "text_en": "Use the telephone.",
    "since": "2026-01-05T09:00:00+09:00",
    "audience": "everyone",
}
ANSWER = {
    "question_ja": "パスワードを忘れました",
    "question_en": "I forgot my password",
    "answer_ja": "**情報システム部**へ。",
    "answer_en": "Ask **IT**.",
    "keywords": "password",
}
FORM: dict[str, Any] = {
    "title": {"ja": "端末の紛失", "en": "Lost device"},
    "use": "odd",
    "audience": "everyone",
    "kind": "lost_device",
    "urgency": 1,
    "fields": [
        {
            "key": "f1",
            "kind": "one",
            "label": {"ja": "何を", "en": "What"},
            "required": True,
            "choices": [
                {"code": "pc", "label": {"ja": "PC", "en": "PC"}},
                {"code": "key", "label": {"ja": "鍵", "en": "Key"}},
            ],
        },
        {
            "key": "f2",
            "kind": "short",
            "label": {"ja": "管理番号", "en": "Its number"},
            "when": [{"field": "f1", "value": "pc"}],
        },
    ],
}

CHOICES: list[dict[str, Any]] = FORM["fields"][0]["choices"]


@pytest.fixture
def chief() -> Caller:
    return program(world.person("aoi", "commander"))


@pytest.fixture
def keeper() -> Caller:
    world.admin()
    return program(world.person("admin"))


def opened(by: Caller, **more: object) -> str:
    sent = {"title": "SV-MAIL03", "kind": "service_outage", "impact": 2, "urgency": 2, **more}
    made = by.post("incidents", sent)
    return f"incidents/{body(made)['ref']}"


def test_an_outage_is_told_updated_and_over_and_read_by_whoever_sees_its_record(chief: Caller) -> None:
    path = opened(chief)
    problem(chief.get(f"{path}/outage"), 404, "not_found")
    made = chief.post(f"{path}/outage", TOLD, Idempotency_Key="once")
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    assert body(chief.post(f"{path}/outage", TOLD, Idempotency_Key="once"))["uuid"] == body(made)["uuid"]
    assert (body(made)["since"], body(made)["ref"]) == ("2026-01-05T00:00:00Z", path.partition("/")[2])
    news = {**TOLD, "text_ja": "17時に復旧します。", "text_en": "Back at 17:00."}
    changed = body(chief.put(f"{path}/outage", news, If_Match='"1"'))
    assert [one["text_en"] for one in changed["news"]] == ["Use the telephone.", "Back at 17:00."]
    problem(chief.put(f"{path}/outage", news, If_Match='"1"'), 412, "stale")
    clash = problem(chief.put(f"{path}/outage", {**news, "text_en": "Never.", "version": 1}), 409, "conflict")
    assert clash["theirs"]["text_en"] == "Back at 17:00."
    where = made["Location"].removeprefix("/api/v1/")
    assert body(chief.get(where)) == body(chief.get(f"{path}/outage")) == changed
    assert body(chief.get("outages?stand=going&q=mail"))["total"] == 1
    assert body(chief.get("outages?q=printer"))["items"] == []
    over = body(chief.post(f"{path}/outage/end", {"text_ja": "復旧しました。", "text_en": "It works."}))
    assert over["ended_because"] == "said"
    assert [body(chief.get(f"outages?stand={one}"))["total"] for one in ("going", "over")] == [0, 1]
    problem(chief.get(f"{path}/outage"), 404, "not_found")
    assert verify.verify(state=True).findings == ()


def test_outages_of_records_somebody_may_not_see_are_not_there(chief: Caller) -> None:
    path = opened(chief)
    shown = f"outages/{body(chief.post(f'{path}/outage', TOLD))['uuid']}"
    other = program(world.person("tom", "commander", at=world.organisation("子会社")))
    auditor = program(world.person("kei", "auditor"))
    assert body(other.get("outages"))["total"] == 0
    problem(other.get(shown), 404, "not_found")
    assert body(auditor.get(shown))["title_en"] == TOLD["title_en"]
    problem(auditor.put(f"{path}/outage", TOLD), 403, "not_allowed")
    chief.post(f"{path}/restrict", {"reason": "x"})
    problem(auditor.get(shown), 404, "not_found")
    assert body(auditor.get("outages"))["items"] == []


def test_what_people_cannot_be_told_is_refused_and_nothing_is_published(chief: Caller) -> None:
    path = opened(chief)
    refused = problem(chief.post(f"{path}/outage", {**TOLD, "text_en": ""}), 422, "invalid")
    assert refused["fields"][0]["name"] == "text_en"
    problem(chief.post(f"{path}/outage", {**TOLD, "since": "2040-01-01T00:00:00Z"}), 422, "invalid")
    problem(chief.post(f"{opened(chief, kind='malware')}/outage", TOLD), 422, "invalid")
    assert not Outage.objects.exists()


def test_an_answer_is_written_published_changed_found_and_withdrawn(keeper: Caller, chief: Caller) -> None:
    made = keeper.post("answers", ANSWER)
    assert (made.status_code, made["ETag"], body(made)["published"]) == (201, '"1"', None)
    path = made["Location"].removeprefix("/api/v1/")
    assert body(chief.get("faq"))["items"] == []
    assert body(keeper.post(f"{path}/publish", {"version": 1}))["published"] == 1
    japanese, english = (body(chief.get("faq", Accept_Language=one))["items"] for one in ("ja", "en"))
    assert [japanese[0]["question"], english[0]["question"]] == [ANSWER["question_ja"], ANSWER["question_en"]]
    again = {**ANSWER, "answer_en": "Ask **the desk**.", "why": "IT moved"}
    assert body(keeper.put(path, again, If_Match='"1"'))["version"] == 2
    problem(keeper.put(path, again, If_Match='"1"'), 412, "stale")
    clash = problem(keeper.put(path, {**again, "answer_en": "Ask me.", "version": 1}), 409, "conflict")
    assert clash["theirs"] == {"answer_en": "Ask **the desk**."}
    assert [one["number"] for one in body(keeper.get(f"{path}/versions"))["items"]] == [2, 1]
    assert body(keeper.get("answers?stand=newer&q=password"))["total"] == 1
    assert body(keeper.get("answers?stand=unpublished"))["total"] == 0
    assert body(chief.get("faq?q=password", Accept_Language="en"))["items"][0]["answer"] == "Ask **IT**."
    assert body(keeper.post(f"{path}/withdraw"))["published"] is None
    assert body(chief.get("faq"))["items"] == []
    assert verify.verify(state=True).findings == ()


def test_only_whoever_may_write_answers_sees_what_is_not_published(keeper: Caller) -> None:
    worker = program(world.person("rei", "responder"))
    uuid = body(keeper.post("answers", ANSWER))["uuid"]
    for method, path in [
        ("GET", "answers"),
        ("GET", f"answers/{uuid}"),
        ("POST", "answers"),
        ("PUT", f"answers/{uuid}"),
    ]:
        problem(worker.ask(method, path, None if method == "GET" else ANSWER), 403, "not_allowed")
    problem(keeper.post("answers", {**ANSWER, "question_en": ""}), 422, "invalid")
    problem(keeper.post(f"answers/{uuid}/publish", {"version": 9}), 404, "not_found")
    assert Answer.objects.count() == 1


def test_a_form_is_written_offered_changed_and_withdrawn(keeper: Caller) -> None:
    made = keeper.post("forms", FORM)
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    path, whole = made["Location"].removeprefix("/api/v1/"), body(made)
    assert {"kind": "lost_device", "urgency": 1, "offered": None}.items() <= whole.items()
    assert [one["key"] for one in whole["fields"]] == ["f1", "f2"]
    assert body(keeper.post(f"{path}/offer", {"version": 1}))["offered"] == 1
    longer = {**FORM, "title": {"ja": "紛失", "en": "Lost"}, "version": 1, "why": "shorter"}
    assert body(keeper.put(path, longer))["version"] == 2
    problem(keeper.put(path, {**longer, "title": {"ja": "盗難", "en": "Stolen"}}), 409, "conflict")
    problem(keeper.put(path, longer, If_Match='"1"'), 412, "stale")
    assert body(keeper.get(f"{path}/versions/1"))["title"]["en"] == "Lost device"
    listed = body(keeper.get("forms"))["items"]
    assert [(one["version"], one["offered"], one["questions"]) for one in listed] == [(2, 1, 2)]
    assert body(keeper.post(f"{path}/withdraw"))["offered"] is None
    worker = program(world.person("rei", "responder"))
    for method, there in [("GET", "forms"), ("GET", path), ("POST", "forms"), ("PUT", path)]:
        problem(worker.ask(method, there, None if method == "GET" else FORM), 403, "not_allowed")
    assert verify.verify(state=True).findings == ()


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"title": {"ja": "x", "en": ""}}, "#/title/en", "both_languages"),
        ({"class": "disaster"}, "#/class", "unknown"),
        ({"kind": "no_such"}, "#/kind", "unknown"),
        ({"fields": [{**FORM["fields"][0], "key": "F 1"}]}, "#/fields/0/key", "code_characters"),
        ({"fields": [FORM["fields"][0], {**FORM["fields"][1], "key": "f1"}]}, "#/fields/0/key", "code_twice"),
        ({"fields": [{**FORM["fields"][0], "kind": "short"}]}, "#/fields/0/choices", "no_choices_here"),
        ({"fields": [{**FORM["fields"][0], "choices": []}]}, "#/fields/0/choices", "choices_wanted"),
        ({"fields": FORM["fields"][1:]}, "#/fields/0/when", "condition_unknown"),
        (
            {"fields": [{**FORM["fields"][0], "choices": [{**one, "code": "pc"} for one in CHOICES]}]},
            "#/fields/0/choices",
            "code_twice",
        ),
    ],
)
def test_what_contradicts_itself_is_said_where_it_stands_in_the_body(
    keeper: Caller, change: dict[str, object], pointer: str, code: str
) -> None:
    fields = problem(keeper.post("forms", {**FORM, **change}), 422, "invalid")["fields"]
    assert [(one["pointer"], one["code"]) for one in fields] == [(pointer, code)]
    assert body(keeper.get("forms"))["items"] == []


def test_a_decision_is_asked_for_taken_once_and_another_withdrawn(chief: Caller) -> None:
    path = opened(chief)
    asked = body(chief.post(f"{path}/decisions", {"question": "止めますか", "options": ["止める", "待つ"]}))
    other = body(chief.post(f"{path}/decisions", {"question": "x", "options": ["a", "b"]}))
    assert (asked["asked_by"], asked["chosen"], asked["decided_at"]) == ("Aoi", "", None)
    there = f"{path}/decisions/{asked['uuid']}"
    problem(chief.post(f"{there}/decide", {"choice": 2, "reason": "x"}), 422, "invalid")
    done = body(chief.post(f"{there}/decide", {"choice": 0, "reason": "広がるため"}))
    assert (done["chosen"], done["why"], done["decided_by"]) == ("止める", "広がるため", "Aoi")
    problem(chief.post(f"{there}/decide", {"choice": 1, "reason": "x"}), 409, "conflict")
    assert chief.post(f"{path}/decisions/{other['uuid']}/withdraw", {"reason": "x"}).status_code == 204
    assert [one["uuid"] for one in body(chief.get(f"{path}/decisions"))["items"]] == [asked["uuid"]]
    worker = program(world.person("rei", "responder"))
    left = body(worker.post(f"{path}/decisions", {"question": "y", "options": ["a", "b"]}))["uuid"]
    problem(worker.post(f"{path}/decisions/{left}/decide", {"choice": 0, "reason": "x"}), 403, "not_allowed")
    assert Decision.objects.filter(decided_at=None, withdrawn_at=None).count() == 1


def test_costs_are_written_down_corrected_with_what_stood_there_and_summed(chief: Caller) -> None:
    path = opened(chief)
    cost = body(chief.post(f"{path}/costs", {"kind": "outside", "amount": "1200000", "note": "鑑識"}))
    chief.post(f"{path}/costs", {"kind": "loss", "amount": 300000, "actual": True})
    assert (cost["amount"], cost["currency"], cost["before"]) == ("1200000.00", "JPY", [])
    said = {"kind": "outside", "amount": "900000", "actual": True, "reason": "請求書"}
    mended = body(chief.put(f"{path}/costs/{cost['uuid']}", said))
    assert (mended["line"], [one["amount"] for one in mended["before"]]) == (cost["line"], ["1200000.00"])
    problem(chief.put(f"{path}/costs/{cost['uuid']}", said), 409, "conflict")
    listed = body(chief.get(f"{path}/costs"))
    assert listed["spent"] == [{"currency": "JPY", "actual": "1200000.00", "estimated": "0", "total": "1200000.00"}]
    assert [one["kind"] for one in listed["items"]] == ["loss", "outside"]
    for amount in ("-1", "1e20", "0.001", "NaN", 10**14):
        problem(chief.post(f"{path}/costs", {"kind": "loss", "amount": amount}), 422, "invalid")
    assert Cost.objects.filter(superseded_at=None).count() == 2
