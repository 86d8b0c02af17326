"""What every request passes: known callers only, JSON or a clear refusal, the reader's language, one act per key."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import OperationalError
from django.http import HttpResponse

from hikeshi.accounts import actions, queries
from hikeshi.accounts.models import Person, Team
from hikeshi.ledger.models import Entry
from tests import world
from tests.api.calling import ROOT, Caller, body, browser, nobody, problem, program


@pytest.fixture(params=[program, browser], ids=["token", "session"])
def admin(request: pytest.FixtureRequest) -> Caller:
    world.site()
    caller: Caller = request.param(Person.objects.get(username="admin"))
    return caller


def _new_team(name: str = "SOC") -> dict[str, object]:
    return {"name": name, "organisation": str(queries.root().uuid)}


def test_without_a_caller_every_route_answers_401_and_says_how_to_be_known() -> None:
    for method, path in [("GET", "me"), ("POST", "teams"), ("DELETE", "tokens/01890000-0000-7000-8000-000000000000")]:
        response = nobody().ask(method, path)
        problem(response, 401, "unauthenticated")
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_both_ways_in_are_the_same_person(admin: Caller) -> None:
    assert body(admin.get("me"))["person"]["username"] == "admin"
    assert "accounts.manage" in body(admin.get("me"))["verbs"]
    assert admin.post("teams", _new_team()).status_code == 201


def test_a_bad_token_is_not_made_good_by_a_cookie() -> None:
    signed_in = browser(world.person("hana", "administrator"))
    for presented in ["Bearer hks_wrong", "Bearer", "Basic aGFuYTpoYW5h", "", "Bearer \xe9"]:
        problem(signed_in.get("me", Authorization=presented), 401, "unauthenticated")


def test_an_intake_token_opens_nothing_here() -> None:
    world.site()
    secret = actions.create_token(by=world.admin(), scope="intake", source="wazuh")
    problem(nobody().get("me", Authorization=f"Bearer {secret}"), 401, "unauthenticated")


def test_a_makers_secret_is_kept_by_the_api_and_never_given_back() -> None:
    admin = program(world.person("hana", "administrator"))
    sent = {"scope": "signed", "source": "github", "secret": "a secret of the maker"}
    made = admin.post("tokens", sent)
    assert (made.status_code, made.json()["scope"]) == (201, "signed")
    assert "a secret of the maker" not in admin.get(f"tokens/{made.json()['uuid']}").content.decode()
    problem(admin.post("tokens", sent), 422, "invalid")
    problem(nobody().get("me", Authorization="Bearer a secret of the maker"), 401, "unauthenticated")


def test_a_token_ends_with_its_time_its_revocation_and_its_person() -> None:
    hana = world.person("hana", "responder")
    until = world.clock.now() + timedelta(hours=1)
    secret = actions.create_token(by=queries.actor_of(hana), scope="api", person=hana.uuid, expires_at=until)
    expiring, lasting = {"Authorization": f"Bearer {secret}"}, program(hana)
    assert nobody().get("me", **expiring).status_code == 200
    world.clock.fast_forward(timedelta(hours=2))
    problem(nobody().get("me", **expiring), 401, "unauthenticated")
    assert lasting.get("me").status_code == 200
    actions.deactivate_person(by=world.admin(), person=hana.uuid)
    problem(lasting.get("me"), 401, "unauthenticated")


def test_a_change_by_a_cookie_alone_is_refused_and_a_token_needs_no_other() -> None:
    hana = world.person("hana", "administrator")
    signed_in = browser(hana)
    signed_in.headers.clear()
    problem(signed_in.post("teams", _new_team()), 403, "forged")
    assert not Team.objects.exists()
    assert program(hana).post("teams", _new_team()).status_code == 201


def test_a_session_without_the_second_factor_its_role_asks_for_opens_nothing_and_is_told_so() -> None:
    hana = world.person("hana", "responder")
    signed_in, bearer = browser(hana), program(hana)
    actions.require_second_factor(by=world.admin(), role="responder", required=True)
    problem(signed_in.get("me"), 403, "second_factor_missing")
    problem(signed_in.post("teams", _new_team()), 403, "second_factor_missing")
    assert bearer.get("me").status_code == 200, "a token is a key of its own"


def test_a_browser_left_open_does_not_change_who_can_get_in_without_a_new_proof() -> None:
    hana = world.person("hana", "administrator", password=world.PASSWORD)
    signed_in, bearer = browser(hana), program(hana)
    session = signed_in.client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] -= 16 * 60
    session.save()
    mori = world.person("mori")
    for way, sent in (
        ("tokens", {"scope": "api"}),
        (f"people/{mori.uuid}/invite", None),
        (f"people/{mori.uuid}/roles", {"role": "administrator", "organisation": str(world.site().uuid)}),
    ):
        problem(signed_in.post(way, sent), 403, "proof_missing")
        assert bearer.post(way, sent).status_code == 201
    assert signed_in.post("teams", _new_team()).status_code == 201


@pytest.mark.parametrize(
    ("raw", "byte", "line", "column"),
    [
        (b'{"name": ', 9, 1, 10),
        (b'{"name":\n "x",}', 14, 2, 6),
        ('{"name": "火消し" x}'.encode(), 21, 1, 16),
        ('{"name": "火消し"}'.encode("cp932"), 10, 1, 11),
        (b"\xff\xfe{\x00}\x00", 0, 1, 1),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(
    admin: Caller, raw: bytes, byte: int, line: int, column: int
) -> None:
    said = problem(admin.ask("POST", "teams", raw=raw), 400, "malformed")
    assert said["position"] == {"byte": byte, "line": line, "column": column}


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 60 + b"1" + b"}" * 60, b"1" * 5000, b"NaN", b"[Infinity]"])
def test_nesting_without_end_and_endless_numbers_are_refused(admin: Caller, raw: bytes) -> None:
    problem(admin.ask("POST", "teams", raw=raw), 400, "malformed")


def test_a_body_above_one_mebibyte_is_refused_and_one_just_below_is_read(admin: Caller) -> None:
    problem(admin.ask("POST", "teams", raw=b" " * (1024 * 1024 + 1)), 413, "too_large")
    problem(admin.ask("POST", "teams", raw=b" " * (1024 * 1024 - 2) + b"{}"), 422, "invalid")


def test_a_body_sent_in_chunks_is_read_like_any_other(admin: Caller) -> None:
    def sent(body: bytes, kind: str = "application/json") -> HttpResponse:
        environ = {"wsgi.input": BytesIO(body), "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_TYPE": kind}
        return admin.client.generic("POST", f"{ROOT}/teams", headers=admin.headers, **environ)

    assert sent(json.dumps(_new_team()).encode()).status_code == 201
    problem(sent(b" " * (1024 * 1024 + 1)), 413, "too_large")
    problem(sent(b"{}", "text/plain"), 415, "unsupported_media_type")
    problem(sent(b"{"), 400, "malformed")


def test_head_is_answered_as_get_is(admin: Caller) -> None:
    head, get = admin.ask("HEAD", "me"), admin.get("me")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == get["Content-Type"]


def test_other_kinds_of_body_are_refused(admin: Caller) -> None:
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]:
        problem(admin.ask("POST", "teams", raw=b"{}", **{"Content-Type": kind}), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        ({}, "#/name", "required"),
        ({"name": 7}, "#/name", "wrong_type"),
        ({"name": None}, "#/name", "wrong_type"),
        ({"name": "x", "organisation": "x"}, "#/organisation", "wrong_type"),
        ({"name": "a\x00b"}, "#/name", "unstorable_character"),
        ({"name": "\ud83d"}, "#/name", "unstorable_character"),
        ({"a\x00": 1}, "#/a\x00", "unstorable_character"),
        ({"name": "x", "people": ["a", "\ud83d"]}, "#/people/1", "unstorable_character"),
        ({"name": "x", "people": ["not-a-uuid"]}, "#/people/0", "wrong_type"),
        ({"name": "x", "naem": "y"}, "#/naem", "unknown_field"),
        ({"name": "x" * 10_001}, "#/name", "too_long"),
        ([], "#", "wrong_type"),
        ("x", "#", "wrong_type"),
        (None, "#", "wrong_type"),
    ],
)
def test_each_field_that_cannot_be_used_is_named(admin: Caller, sent: object, pointer: str, code: str) -> None:
    response = admin.ask("POST", "teams", raw=json.dumps(sent).encode())
    found = {(field["pointer"], field["code"]) for field in problem(response, 422, "invalid")["fields"]}
    assert (pointer, code) in found


def test_a_name_twice_in_one_object_is_refused(admin: Caller) -> None:
    said = problem(admin.ask("POST", "teams", raw=b'{"name": "a", "name": "b"}'), 422, "invalid")
    assert said["fields"][0]["code"] == "twice"


def test_an_address_that_cannot_be_reads_as_missing_and_a_filter_that_cannot_be_is_named(admin: Caller) -> None:
    problem(admin.get("teams/not-a-uuid"), 404, "not_found")
    problem(admin.get("roles/%00"), 404, "not_found")
    problem(admin.get("no/such/thing"), 404, "not_found")
    problem(admin.get(""), 404, "not_found")
    for query, name in [("q=%00", "q"), ("limit=0", "limit"), ("limit=x", "limit"), ("cursor=!", "cursor")]:
        said = problem(admin.get(f"people?{query}"), 422, "invalid")
        assert [field["parameter"] for field in said["fields"]] == [name]


def test_a_method_that_is_not_there_says_which_are(admin: Caller) -> None:
    response = admin.put("teams", {})
    problem(response, 405, "method_not_allowed")
    assert set(response["Allow"].split(", ")) == {"GET", "POST"}


def test_refusals_are_told_in_the_language_asked_for_else_the_persons(admin: Caller) -> None:
    def said(language: str) -> str:
        headers = {"Accept-Language": language} if language else {}
        response = admin.get("teams/01890000-0000-7000-8000-000000000000", **headers)
        assert response["Content-Language"] in {"ja", "en"}
        return str(response["Content-Language"])

    assert said("en") == "en"
    assert said("fr, ja;q=0.5, en;q=0.1") == "ja"
    assert said("fr") == said("") == "ja"
    Person.objects.filter(username="admin").update(language="en")
    assert said("") == "en"
    assert said("ja-JP") == "ja"


def test_nothing_of_an_answer_is_kept_on_the_way(admin: Caller) -> None:
    for path in ["me", "nowhere", "docs"]:
        assert admin.get(path)["Cache-Control"] == "no-store"


def test_every_kind_of_problem_leads_to_its_meaning() -> None:
    for kind in body(nobody().get("problems/")):
        assert body(nobody().get(kind["type"])) == kind
    problem(nobody().get("problems/no-such"), 404, "not_found")


def test_a_change_sent_twice_under_one_key_is_one_act(admin: Caller) -> None:
    first = admin.post("teams", _new_team(), Idempotency_Key="once")
    entries = Entry.objects.count()
    again = admin.post("teams", _new_team(), Idempotency_Key="once")
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert (Team.objects.count(), Entry.objects.count()) == (1, entries)


def test_a_key_is_refused_for_another_request_and_stays_free_after_a_refusal(admin: Caller) -> None:
    problem(admin.post("teams", {}, Idempotency_Key="k"), 422, "invalid")
    admin.post("teams", _new_team(), Idempotency_Key="k")
    problem(admin.post("teams", _new_team("CSIRT"), Idempotency_Key="k"), 422, "key_reused")
    problem(admin.post("teams?x=1", _new_team(), Idempotency_Key="k"), 422, "key_reused")
    for unusable in ["", "x" * 256, "鍵".encode().decode("latin-1")]:
        problem(admin.post("teams", _new_team("CSIRT"), Idempotency_Key=unusable), 422, "invalid")
    assert Team.objects.count() == 1


def test_a_refusal_inside_the_act_under_a_key_leaves_nothing(admin: Caller) -> None:
    admin.post("teams", _new_team())
    entries = Entry.objects.count()
    said = problem(admin.post("teams", _new_team(), Idempotency_Key="k"), 422, "invalid")
    assert said["fields"][0]["code"] == "taken"
    assert Entry.objects.count() == entries


def test_what_breaks_is_answered_as_a_problem_that_tells_nothing(
    admin: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("inner secret")

    monkeypatch.setattr(queries, "teams", breaks)
    response = admin.get("teams")
    problem(response, 500, "broken")
    assert b"inner secret" not in response.content
    assert "inner secret" in caplog.text


def test_a_database_that_cannot_be_reached_answers_503_and_when_to_come_again(
    admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(queries, "teams", gone)
    response = admin.get("teams")
    problem(response, 503, "unavailable")
    assert int(response["Retry-After"]) > 0


def test_the_description_is_what_the_routes_say() -> None:
    from hikeshi.api import description

    assert description.FILE.read_text(encoding="utf-8") == description.generate(), "python -m tools.openapi update"
    assert nobody().get("openapi.json").content.decode() == description.generate()


def test_the_documentation_runs_no_script_of_its_own_page_and_asks_no_other_machine() -> None:
    page = nobody().get("docs").content.decode()
    assert "http://" not in page
    assert "https://" not in page
    assert page.count("<script") == page.count("<script src=") + page.count('type="application/json"')
    assert f"{ROOT}/openapi.json" in page
