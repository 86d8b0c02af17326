"""A record through the API: opened, carried through its phases, shared, saved without loss, closed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.accounts.models import Person
from hikeshi.incidents.models import Incident
from hikeshi.ledger.models import Entry
from tests import world
from tests.api.calling import Caller, body, browser, problem, program


def _open(caller: Caller, **fields: object) -> Any:
    new = {"title": "ランサムウェアの疑い", "kind": "ransomware", "impact": 1, "effect": 1, "urgency": 1, **fields}
    response = caller.post("incidents", new)
    assert response.status_code == 201, response.content
    return body(response)


@pytest.fixture(params=[program, browser], ids=["token", "session"])
def commander(request: pytest.FixtureRequest) -> Caller:
    caller: Caller = request.param(world.person("aoi", "commander"))
    return caller


@pytest.fixture
def responder() -> Caller:
    return program(world.person("hana", "responder"))


def test_a_record_is_opened_with_a_ref_and_a_place(commander: Caller) -> None:
    new = {"title": "x", "kind": "phishing", "impact": 2, "urgency": 3}
    response = commander.post("incidents", new)
    made = body(response)
    assert response.status_code == 201
    assert made.pop("similar") == []
    assert made["ref"].startswith("INC-")
    assert response["Location"] == f"/api/v1/incidents/{made['ref']}"
    assert (made["impact"], made["effect"], made["urgency"], made["class"]) == (2, 2, 3, "event")
    shown = commander.get(response["Location"])
    assert shown.status_code == 200
    assert shown["ETag"] == f'"{made["version"]}"'
    assert {name: body(shown)[name] for name in made} == made
    assert [one["code"] for one in body(shown)["phases"]][:2] == ["detect", "analyse"]


def test_a_ref_is_found_as_people_type_it(commander: Caller) -> None:
    ref = _open(commander)["ref"]
    assert body(commander.get(f"incidents/{ref.lower()}"))["ref"] == ref
    assert commander.post(f"incidents/{ref.lower()}/note", {"text": "x"}).status_code == 201


def test_a_record_goes_its_whole_way_to_its_close(commander: Caller) -> None:
    ref = _open(commander, **{"class": "incident"})["ref"]
    path = f"incidents/{ref}"
    assert body(commander.post(f"{path}/assign", {"owner": "aoi"}))["owner"]["username"] == "aoi"
    late = problem(commander.post(f"{path}/assign", {"owner": "admin", "free": True}), 422, "invalid")
    assert [one["code"] for one in late["fields"]] == ["taken_already"]
    for phase in ["analyse", "contain", "eradicate", "recover"]:
        moved = commander.post(f"{path}/move", {"phase": phase, "override_reason": "夜間のため後で確認する"})
        assert (moved.status_code, body(moved)["phase"]) == (200, phase)
    closed = commander.post(
        f"{path}/close", {"resolution": "端末を隔離した", "class": "accident", "override_reason": "報告は別途"}
    )
    assert (body(closed)["status"], body(closed)["class"]) == ("closed", "accident")
    again = body(commander.post(f"{path}/reopen", {"reason": "再発"}))
    assert (again["status"], again["reopened"]) == ("open", 1)
    lines = body(commander.get(f"{path}/timeline?limit=200"))["items"]
    said = [line["detail"] for line in lines]
    assert "夜間のため後で確認する" in said
    assert "再発" in said


def test_an_unmet_gate_lists_what_is_missing_in_the_readers_words_and_a_reason_passes_it(commander: Caller) -> None:
    path = f"incidents/{_open(commander, **{'class': 'incident'})['ref']}"
    for phase in ("analyse", "contain"):
        assert commander.post(f"{path}/move", {"phase": phase}).status_code == 200
    english = problem(commander.post(f"{path}/move", {"phase": "eradicate"}, Accept_Language="en"), 409, "unmet")
    japanese = problem(commander.post(f"{path}/move", {"phase": "eradicate"}, Accept_Language="ja"), 409, "unmet")
    codes = [one["code"] for one in english["missing"]]
    assert "evidence_taken" in codes
    assert codes == [one["code"] for one in japanese["missing"]]
    for one, other in zip(english["missing"], japanese["missing"], strict=True):
        assert one["sentence"] != one["code"]
        assert one["sentence"] != other["sentence"]
    assert body(commander.get(path))["phase"] == "contain"
    before = Entry.objects.count()
    moved = commander.post(f"{path}/move", {"phase": "eradicate", "override_reason": "証拠は保全済み"})
    assert body(moved)["phase"] == "eradicate"
    assert Entry.objects.filter(number__gt=before, fact="incidents.GateOverridden").count() == len(
        [code for code in codes if not code.startswith("phase:")]
    )


def test_phases_run_beside_each_other_when_asked(commander: Caller) -> None:
    path = f"incidents/{_open(commander)['ref']}"
    commander.post(f"{path}/move", {"phase": "analyse", "keep_open": True})
    states = {one["code"]: one["state"] for one in body(commander.get(path))["phases"]}
    assert (states["detect"], states["analyse"]) == ("open", "open")


def test_if_match_guards_against_every_other_change(commander: Caller, responder: Caller) -> None:
    made = _open(commander)
    path, mine = f"incidents/{made['ref']}", f'"{made["version"]}"'
    responder.patch(path, {"description": "別の人の文"})
    said = problem(commander.patch(path, {"title": "私の題"}, If_Match=mine), 412, "stale")
    assert (said["yours"], said["theirs"]) == ({"title": "私の題"}, {"title": made["title"]})
    assert body(commander.get(path))["title"] == made["title"]
    current = commander.get(path)["ETag"]
    saved = commander.patch(path, {"title": "私の題"}, If_Match=f'"0", {current}')
    assert (saved.status_code, body(saved)["title"], body(saved)["description"]) == (200, "私の題", "別の人の文")
    assert saved["ETag"] not in {mine, current}
    problem(commander.patch(path, {"title": "x"}, If_Match=f"W/{saved['ETag']}"), 412, "stale")
    assert commander.patch(path, {"title": "x"}, If_Match="*").status_code == 200


def test_a_conflict_on_one_field_shows_both_texts_and_loses_neither(commander: Caller, responder: Caller) -> None:
    made = _open(commander)
    path, read = f"incidents/{made['ref']}", made["version"]
    responder.patch(path, {"title": "先に保存した題", "version": read})
    said = problem(commander.patch(path, {"title": "後の題", "version": read}), 409, "conflict")
    assert said["yours"] == {"title": "後の題"}
    assert said["theirs"] == {"title": "先に保存した題"}
    assert body(commander.patch(path, {"title": "後の題", "version": said["version"]}))["title"] == "後の題"
    assert body(commander.patch(path, {"description": "x", "version": read}))["description"] == "x"


def test_a_patch_is_all_or_nothing(commander: Caller) -> None:
    made = _open(commander)
    path = f"incidents/{made['ref']}"
    entries = Entry.objects.count()
    problem(commander.patch(path, {"title": "新しい題", "kind": "no_such_kind"}), 422, "invalid")
    assert body(commander.get(path))["title"] == made["title"]
    assert Entry.objects.count() == entries
    done = body(commander.patch(path, {"title": "新しい題", "kind": "malware", "urgency": 3, "tlp": "red"}))
    assert (done["title"], done["kind"], done["urgency"], done["tlp"]) == ("新しい題", "malware", 3, "red")


def test_class_and_priority_by_hand_need_their_reason(commander: Caller) -> None:
    path = f"incidents/{_open(commander)['ref']}"
    for change in [{"class": "accident"}, {"priority": 4}]:
        said = problem(commander.patch(path, change), 422, "invalid")
        assert said["fields"][0]["name"] == "reason"
    done = body(commander.patch(path, {"class": "near_miss", "priority": 4, "reason": "被害なし"}))
    assert (done["class"], done["priority"]) == ("near_miss", 4)


def test_lists_answer_by_every_filter(commander: Caller) -> None:
    one = _open(commander, title="VPN装置への侵入", kind="unauthorised_access", **{"class": "incident"})
    two = _open(commander, title="印刷できない", kind="request", impact=3, effect=3, urgency=3)
    commander.post(f"incidents/{one['ref']}/assign", {"owner": "me"})
    commander.post(f"incidents/{one['ref']}/move", {"phase": "analyse"})

    def found(query: str) -> list[str]:
        return [item["ref"] for item in body(commander.get(f"incidents?{query}"))["items"]]

    assert found("") == [one["ref"], two["ref"]]
    for query in ["q=VPN", f"q={one['ref']}", "phase=analyse", "kind=unauthorised_access", "class=incident"]:
        assert found(query) == [one["ref"]], query
    for query in ["priority=1", "owner=aoi", "owner=me", "status=open&kind=unauthorised_access"]:
        assert found(query) == [one["ref"]], query
    assert found("owner=none") == [two["ref"]]
    assert found(f"priority={two['priority']}") == [two["ref"]]
    assert found("status=closed") == []
    assert found("order=newest") == [two["ref"], one["ref"]]
    for query in ["status=x", "phase=x", "kind=x", "class=x", "priority=9", "order=x", "limit=501", "cursor=xx"]:
        said = problem(commander.get(f"incidents?{query}"), 422, "invalid")
        assert said["fields"][0]["parameter"] == query.split("=")[0]


def test_pages_neither_repeat_nor_lose_a_record_while_others_arrive(commander: Caller) -> None:
    there = [_open(commander, title=f"n{number}")["ref"] for number in range(7)]
    seen: list[str] = []
    page = body(commander.get("incidents?limit=3&order=newest"))
    assert (page["total"], page["total_exact"]) == (7, True)
    while True:
        seen += [item["ref"] for item in page["items"]]
        if page["next"] is None:
            break
        _open(commander, title="later")
        page = body(commander.get(f"incidents?limit=3&order=newest&cursor={page['next']}"))
    assert seen == list(reversed(there))


def test_a_list_of_any_length_takes_the_same_number_of_queries(
    commander: Caller, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        ref = _open(commander, title=f"n{number}")["ref"]
        commander.post(f"incidents/{ref}/assign", {"owner": "aoi"})
    with django_assert_max_num_queries(10):
        assert len(body(commander.get("incidents"))["items"]) == 20


def _every_path_of(ref: str) -> Iterator[tuple[str, str, object]]:
    uuid = "01890000-0000-7000-8000-000000000000"
    path = f"incidents/{ref}"
    yield from [("GET", path, None), ("PATCH", path, {"title": "x"})]
    listed = ("timeline", "tasks", "people", "facts", "moments", "links", "assignable", "colleagues")
    for part in (*listed, "assets", "files", "messages", "hold", "decisions", "costs", "outage", "export.zip"):
        yield ("GET", f"{path}/{part}", None)
    yield from [("POST", f"{path}/{verb}", {"reason": "x"}) for verb in ("reopen", "restrict", "unrestrict")]
    yield ("POST", f"{path}/move", {"phase": "analyse"})
    yield ("POST", f"{path}/assign", {"owner": None})
    yield ("POST", f"{path}/note", {"text": "x"})
    yield ("GET", f"{path}/merge?into={ref}", None)
    yield ("POST", f"{path}/merge", {"into": ref})
    yield ("POST", f"{path}/unmerge", {})
    yield ("POST", f"{path}/split", {"title": "x", "notes": [uuid]})
    yield ("GET", f"{path}/together", None)
    yield ("POST", f"{path}/children", {"children": [ref]})
    yield ("DELETE", f"{path}/parent", None)
    yield ("POST", f"{path}/answer-all", {"text": "x", "nonce": "x"})
    yield ("POST", f"{path}/close-all", {"resolution": "x", "class": "event"})
    yield ("POST", f"{path}/close", {"resolution": "x", "class": "event"})
    yield ("POST", f"{path}/classify", {"class": "event", "reason": "x"})
    yield ("POST", f"{path}/acknowledge", None)
    yield from [("GET", f"{path}/{part}", None) for part in ("call", "clocks", "proposal")]
    yield from [("POST", f"{path}/call/{verb}", {}) for verb in ("answer", "hand-over", "help", "again")]
    yield ("GET", f"{path}/chat-rooms", None)
    yield from [(method, f"{path}/chat-rooms/{uuid}", None) for method in ("POST", "DELETE")]
    yield ("POST", f"{path}/wait", {"waiting": "reporter"})
    yield ("POST", f"{path}/resume", None)
    yield ("POST", f"{path}/phases/detect/finish", {})
    yield ("POST", f"{path}/phases/contain/skip", {"reason": "x"})
    yield ("PUT", f"{path}/phases/detect/owner", {"owner": None})
    yield ("POST", f"{path}/gates/evidence_taken/confirm", {})
    yield ("POST", f"{path}/tasks", {"title": "x"})
    yield from [("POST", f"{path}/tasks/{uuid}/{verb}", None) for verb in ("finish", "reopen")]
    yield ("POST", f"{path}/tasks/{uuid}/assign", {"owner": None})
    yield ("PUT", f"{path}/estimate", {"minutes": 60})
    yield ("PUT", f"{path}/tasks/{uuid}/estimate", {"minutes": 60})
    yield ("PUT", f"{path}/tasks/{uuid}/plan", {"due_at": None})
    yield ("POST", f"{path}/people", {"person": "hana", "role": "responder"})
    yield ("DELETE", f"{path}/people/{uuid}", None)
    yield ("PUT", f"{path}/facts/who", {"value": "x"})
    yield ("PUT", f"{path}/moments/occurred", {"at": "2026-11-21T10:00:00+09:00"})
    yield ("POST", f"{path}/links", {"url": "https://example.jp/"})
    yield ("DELETE", f"{path}/links/{uuid}", None)
    yield ("POST", f"{path}/alerts", {"alerts": [uuid]})
    yield from [("GET", f"{path}/report.{form}", None) for form in ("pdf", "docx")]
    yield ("POST", f"{path}/reports", {"form": "docx"})
    yield ("POST", f"{path}/assets", {"asset": uuid})
    yield ("POST", f"{path}/assets/{uuid}/unlink", {"reason": "x"})
    yield ("POST", f"{path}/files?name=x", b"MZ")
    yield from [("GET", f"{path}/files/{uuid}{kind}", None) for kind in ("", "/sample.zip")]
    yield ("POST", f"{path}/files/{uuid}/remove", {"reason": "x"})
    yield ("POST", f"{path}/messages", {"text": "x"})
    yield ("POST", f"{path}/messages/read", None)
    yield ("POST", f"{path}/messages/{uuid}/withdraw", None)
    yield ("POST", f"{path}/turn_into_incident", {"kind": "malware", "reason": "x"})
    yield from [("POST", f"{path}/decisions", {"question": "x", "options": ["a", "b"]})]
    yield ("POST", f"{path}/decisions/{uuid}/decide", {"choice": 0, "reason": "x"})
    yield ("POST", f"{path}/decisions/{uuid}/withdraw", {"reason": "x"})
    yield ("POST", f"{path}/costs", {"kind": "loss", "amount": 1})
    yield ("PUT", f"{path}/costs/{uuid}", {"kind": "loss", "amount": 1, "actual": True, "reason": "x"})
    told = {"title_ja": "x", "title_en": "x", "text_ja": "x", "text_en": "x", "since": "2026-01-05T09:00:00Z"}
    yield from [(method, f"{path}/outage", told) for method in ("POST", "PUT")]
    yield ("POST", f"{path}/outage/end", {"text_ja": "x", "text_en": "x"})
    yield ("PUT", f"{path}/hold", {"reason": "x"})
    yield ("POST", f"{path}/hold/lift", {"reason": "x"})


def test_a_restricted_record_reads_and_acts_exactly_like_a_missing_one_for_everybody_outside() -> None:
    commander = program(world.person("aoi", "commander"))
    outside = [program(world.person("rei", "responder")), program(world.person("kei", "auditor"))]
    world.site()
    outside.append(program(Person.objects.get(username="admin")))
    ref = _open(commander)["ref"]
    commander.post(f"incidents/{ref}/restrict", {"reason": "内部不正の疑い"})
    assert commander.get(f"incidents/{ref}").status_code == 200
    entries = Entry.objects.count()
    for caller in outside:
        for (method, path, sent), (_, nowhere, _sent) in zip(
            _every_path_of(ref), _every_path_of("INC-2020-9999"), strict=True
        ):
            hidden, missing = caller.ask(method, path, sent), caller.ask(method, nowhere, sent)
            problem(hidden, 404, "not_found")
            assert (hidden.content, list(hidden.items())) == (missing.content, list(missing.items())), path
        listed = body(caller.get("incidents"))
        assert (listed["items"], listed["total"]) == ([], 0)
        assert body(caller.get(f"incidents?q={ref}"))["total"] == 0
    assert Entry.objects.count() == entries


def test_every_path_of_a_record_is_in_the_test_above() -> None:
    from hikeshi.api.service import API, PREFIX

    described = API.get_openapi_schema(path_prefix=PREFIX)["paths"]
    wanted = {
        (method.upper(), path.removeprefix("/api/v1/"))
        for path, operations in described.items()
        for method in operations
        if "{ref}" in path and not path.endswith("break_glass")
    }
    uuid = "01890000-0000-7000-8000-000000000000"
    names = {"tasks": "{task}", "people": "{participant}", "links": "{link}", "assets": "{asset}", "files": "{file}"}
    names |= {"messages": "{message}", "chat-rooms": "{tool}", "decisions": "{decision}", "costs": "{cost}"}
    tested = set()
    for method, path, _sent in _every_path_of("{ref}"):
        steps = path.partition("?")[0].split("/")
        for place, step in enumerate(steps):
            if step == uuid:
                steps[place] = names[steps[place - 1]]
            elif place and steps[place - 1] in {"phases", "gates", "facts", "moments"}:
                steps[place] = {"phases": "{phase}", "gates": "{gate}", "facts": "{key}", "moments": "{kind}"}[
                    steps[place - 1]
                ]
        tested.add((method, "/".join(steps)))
    assert tested == wanted


def _has_none(path: str) -> bool:
    """Nobody reported this record, nobody is told of it, and it has no file."""
    return path.endswith(("/messages", "/outage")) or "/files/" in path


def test_what_is_opened_twice_is_told_which_open_record_it_may_already_be(commander: Caller) -> None:
    first = _open(commander, title="Mail server does not answer")
    again = _open(commander, title="The mail server does not answer")
    assert (first["similar"], [one["ref"] for one in again["similar"]]) == ([], [first["ref"]])
    Incident.objects.filter(ref=first["ref"]).update(restricted=True)
    seen = _open(program(world.person("ito", "commander")), title="Mail server does not answer")
    assert [one["ref"] for one in seen["similar"]] == [again["ref"]]


def test_who_may_only_look_may_not_change_and_who_may_only_open_may_not_look() -> None:
    ref = _open(program(world.person("aoi", "commander")))["ref"]
    auditor, reporter = program(world.person("kei", "auditor")), program(world.person("yui", "reporter"))
    other = program(world.person("tom", "commander", at=world.organisation("子会社")))
    entries = Entry.objects.count()
    for method, path, sent in _every_path_of(ref):
        told = 403 if "/merge?" in path else 200  # what a merge would do is for whoever may merge
        shown = 404 if _has_none(path) else told
        assert auditor.ask(method, path, sent).status_code == (shown if method == "GET" else 403), path
        for caller in (reporter, other):
            assert caller.ask(method, path, sent).status_code == 404, path
    assert Entry.objects.count() == entries
    assert _open(reporter, title="怪しいメール")["title"] == "怪しいメール"
    problem(auditor.post("incidents", {"title": "x", "kind": "other", "impact": 1, "urgency": 1}), 403, "not_allowed")


def test_broken_glass_opens_a_restricted_record_for_a_while_and_is_seen_by_its_people() -> None:
    inside = program(world.person("aoi", "commander"))
    outside = program(world.person("rei", "commander"))
    path = f"incidents/{_open(inside)['ref']}"
    inside.post(f"{path}/restrict", {"reason": "内部不正の疑い"})
    problem(outside.get(path), 404, "not_found")
    assert outside.post(f"{path}/break_glass", {"reason": "当直で連絡がつかない"}).status_code == 200
    assert outside.get(path).status_code == 200
    assert "当直で連絡がつかない" in inside.get(f"{path}/timeline").content.decode()
    world.clock.fast_forward(timedelta(hours=5))
    problem(outside.get(path), 404, "not_found")


def test_parts_of_a_record_come_go_and_are_shown_in_the_whole(commander: Caller) -> None:
    path = f"incidents/{_open(commander)['ref']}"
    task = body(commander.post(f"{path}/tasks", {"title": "端末を隔離", "due_at": "2026-11-22T09:00:00+09:00"}))
    assert task["due_at"] == "2026-11-22T00:00:00Z"
    assert body(commander.post(f"{path}/tasks/{task['uuid']}/assign", {"owner": "me"}))["owner"]["username"] == "aoi"
    assert body(commander.post(f"{path}/tasks/{task['uuid']}/finish"))["done_at"]
    assert body(commander.post(f"{path}/tasks/{task['uuid']}/reopen"))["done_at"] is None
    link = body(commander.post(f"{path}/links", {"url": "https://example.jp/a", "title": "手順"}))
    world.person("hana", "responder")
    roles = [one["role"] for one in body(commander.get(path))["people"]]
    joined = body(commander.post(f"{path}/people", {"person": "hana", "role": "scribe"}))
    fact = body(commander.put(f"{path}/facts/who", {"value": "経理部", "certainty": "estimated"}))
    moment = {"at": "2026-11-20T23:00:00+09:00", "estimated": True}
    assert body(commander.put(f"{path}/moments/occurred", moment))["at"] == "2026-11-20T14:00:00Z"

    whole = body(commander.get(path))
    assert [one["title"] for one in whole["tasks"]] == ["端末を隔離"]
    assert [one["url"] for one in whole["links"]] == ["https://example.jp/a"]
    assert [one["role"] for one in whole["people"]] == [*roles, "scribe"]
    assert {"who": "経理部"}.items() <= {one["key"]: one["value"] for one in whole["facts"]}.items()
    assert fact["version"] == 1
    assert whole["completeness"]["known"] > 0
    assert "who" not in whole["completeness"]["gaps"]
    for part, listed in [("tasks", "tasks"), ("links", "links"), ("people", "people"), ("facts", "facts")]:
        assert body(commander.get(f"{path}/{part}"))["items"] == whole[listed]
    assignable = body(commander.get(f"{path}/assignable"))["items"]
    assert [one["username"] for one in assignable] == ["admin", "aoi", "hana"]
    assert commander.delete(f"{path}/links/{link['uuid']}").status_code == 204
    assert commander.delete(f"{path}/people/{joined['uuid']}").status_code == 204
    assert body(commander.get(f"{path}/links"))["items"] == []


@pytest.mark.parametrize(
    "at", ["2026-11-21T10:00:00", "2026-11-21", "1763000000", 1763000000, "0001-01-01T00:00:00+14:00", "x", None, ""]
)
def test_a_time_without_zone_or_sense_is_refused(responder: Caller, at: object) -> None:
    path = f"incidents/{_open(responder)['ref']}"
    problem(responder.put(f"{path}/moments/occurred", {"at": at}), 422, "invalid")


def test_numbers_are_numbers_and_titles_have_an_end(responder: Caller) -> None:
    good = {"title": "x", "kind": "other", "impact": 1, "urgency": 1}
    for change in [
        {"impact": "1"},
        {"impact": 1.0},
        {"impact": 0},
        {"impact": 4},
        {"impact": True},
        {"urgency": 10**30},
        {"title": ""},
        {"title": "  \n "},
        {"title": "x" * 10_000},
        {"kind": "no_such"},
        {"class": "disaster"},
        {"record_class": "event", "class": "event"},
        {"organisation": "01890000-0000-7000-8000-000000000000"},
    ]:
        assert responder.post("incidents", {**good, **change}).status_code in {404, 422}, change
    assert not Incident.objects.exists()


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_that_is_none_in_some_zone_is_planned_with_by_nobody(responder: Caller, at: str) -> None:
    """It would let no page show the record, nor any plan or list it stands in."""
    path = f"incidents/{_open(responder)['ref']}"
    task = body(responder.post(f"{path}/tasks", {"title": "Ask the shop"}))["uuid"]
    for verb, said in (
        ("tasks", {"title": "x", "due_at": at}),
        (f"tasks/{task}/assign", {"owner": "me", "due_at": at}),
        ("decisions", {"question": "x", "options": ["yes", "no"], "due_at": at}),
    ):
        refused = problem(responder.post(f"{path}/{verb}", said), 422, "invalid")
        assert [one["code"] for one in refused["fields"]] == ["year_out_of_range"], verb


def test_what_people_write_comes_back_as_written(responder: Caller) -> None:
    title = "<script>alert(1)</script> \u202egnp.exe \u2067 火消し 🔥 ' \" -- ; DROP"
    made = _open(responder, title=title)
    assert made["title"] == title.strip()
    listed = body(responder.get("incidents"))["items"][0]
    assert listed["title"] == made["title"]


def test_the_vocabularies_are_told_in_the_readers_language(responder: Caller) -> None:
    for path, code in [("kinds", "ransomware"), ("courses", "security")]:
        words = {}
        for language in ("ja", "en"):
            items = body(responder.get(path, Accept_Language=language))["items"]
            words[language] = {one["code"]: one["label"] for one in items}
        assert words["ja"][code] != words["en"][code] != code
    kinds = {one["code"]: one for one in body(responder.get("kinds"))["items"]}
    assert len(kinds) == 24
    assert all(one["rsit"] and one["veris"] for one in kinds.values())


def test_the_matrix_is_read_by_all_and_changed_by_who_configures(responder: Caller) -> None:
    world.site()
    admin = program(Person.objects.get(username="admin"))
    assert body(responder.get("matrix"))["number"] == 0
    problem(responder.put("matrix", {"preset": "itop"}), 403, "not_allowed")
    grid = [[1, 1, 2], [1, 2, 3], [2, 3, 5]]
    cells = [grid[min(impact, effect)] for impact in range(3) for effect in range(3)]
    assert body(admin.put("matrix", {"grid": grid}))["grid"] == cells
    assert _open(responder, impact=3, effect=3, urgency=3)["priority"] == 5
    for unusable in [{"grid": [[1]]}, {"grid": [[9, 1, 1]] * 3}, {"preset": "x"}, {"grid": []}]:
        problem(admin.put("matrix", unusable), 422, "invalid")


def test_reading_changes_nothing_but_the_access_log(responder: Caller) -> None:
    ref = _open(responder)["ref"]
    entries = Entry.objects.count()
    for method, path, _sent in _every_path_of(ref):
        if method == "GET":
            response = responder.get(path)
            into_itself = "/merge?" in path
            assert response.status_code == (404 if _has_none(path) else 422 if into_itself else 200)
            if path.endswith("export.zip"):
                continue  # the one reading that is told in the record, once the file has left
    assert Entry.objects.count() == entries
