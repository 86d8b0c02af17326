"""Settings pages: what an administrator settles for others."""

import re
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions, queries, sessions
from hikeshi.accounts.models import Invitation, Organisation, Person, Token
from hikeshi.web.signin import places
from tests import world

HOSTILE = "<script>alert(1)</script>"


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    kept = client.session
    kept[sessions.ORIGIN] = sessions.begin("192.0.2.1", "Firefox")
    kept.save()
    return client


@pytest.fixture
def keeper() -> Client:
    return browser(world.person("keeper", "administrator"))


def test_a_newcomer_is_added_given_a_role_and_a_link_and_signs_in(keeper: Client) -> None:
    root = world.site()
    new = {"username": "Sato", "name": "佐藤", "organisation": root.uuid, "language": "ja"}
    page = keeper.post("/settings/people/new", new).headers["Location"]
    offered = keeper.get(page).content.decode().split('name="role"')[1].split("</select>")[0]
    assert offered.index('value=""') < offered.index("administrator"), "nobody becomes one by a hasty click"
    assert keeper.post(f"{page}/grant", {"role": "responder", "organisation": root.uuid}).status_code == 302
    shown = keeper.post(f"{page}/invite").content.decode()
    found = re.search(r"http://testserver(/sign-in/invitation/[\w-]+)", shown)
    assert found
    newcomer = Client()
    newcomer.post(found[1], {"password": world.PASSWORD})
    newcomer.post("/sign-in/", {"login": "sato", "password": world.PASSWORD})
    assert newcomer.get("/incidents/").status_code == 200
    assert newcomer.get("/settings/tokens/").status_code == 403


def test_what_cannot_be_used_is_said_beside_its_field_and_keeps_what_was_typed(keeper: Client) -> None:
    page = keeper.post(
        "/settings/people/new",
        {"username": "keeper", "name": "Twin", "organisation": world.site().uuid, "language": "ja"},
    )
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["username"]
    assert b'value="Twin"' in page.content


def test_a_token_is_shown_once_and_works_until_revoked(keeper: Client) -> None:
    sent = {"source": "wazuh", "organisation": world.site().uuid, "days": "30", "scope": "intake"}
    page = keeper.post("/settings/tokens/new", sent)
    found = re.search(r"hks_[\w-]{40,}", page.content.decode())
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert found
    assert queries.actor_of_token(found[0], "intake") is not None
    assert queries.actor_of_token(found[0], "api") is None
    assert found[0] not in keeper.get("/settings/tokens/").content.decode()
    keeper.post(f"/settings/tokens/{Token.objects.get().uuid}/revoke")
    assert queries.actor_of_token(found[0], "intake") is None


def test_a_makers_secret_is_kept_sealed_and_only_its_source_is_signed_with_it(keeper: Client) -> None:
    place = world.site().uuid
    assert b'<option value="signed" selected' in keeper.get("/settings/tokens/new?source=github").content
    sent = {"source": "sentry", "organisation": place, "days": "30", "scope": "signed"}
    short = keeper.post("/settings/tokens/new", {**sent, "secret": "too short"})
    assert (short.status_code, list(short.context["form"].errors)) == (422, ["secret"])
    mixed = keeper.post("/settings/tokens/new", {**sent, "scope": "intake", "secret": "0123456789abcdef"})
    assert (mixed.status_code, list(mixed.context["form"].errors)) == (422, ["secret"])
    assert b"/intake/v1/sentry" in keeper.post("/settings/tokens/new", {**sent, "secret": "0123456789abcdef"}).content
    twice = keeper.post("/settings/tokens/new", {**sent, "secret": "0123456789abcdef"})
    assert (twice.status_code, list(twice.context["form"].errors)) == (422, ["secret"])
    made = keeper.post("/settings/tokens/new", {**sent, "source": "sentry"})
    ours = re.search(r"hks_[\w-]{40,}", made.content.decode())
    assert ours
    assert [one.secret for one in queries.signing_secrets("sentry")] == [ours[0], "0123456789abcdef"]
    assert queries.signing_secrets("github") == []
    for row in Token.objects.all():
        assert "0123456789abcdef" not in f"{row.sealed} {row.digest} {row.name}"
        assert queries.actor_of_token("0123456789abcdef", "intake") is None
    stolen, other = Token.objects.all()
    Token.objects.filter(pk=stolen.pk).update(sealed=other.sealed)
    assert [one.secret for one in queries.signing_secrets("sentry")] == ["0123456789abcdef"], "one was swapped"
    keeper.post(f"/settings/tokens/{other.uuid}/revoke")
    assert queries.signing_secrets("sentry") == []


def test_a_token_ends_by_itself(keeper: Client) -> None:
    keeper.post(
        "/settings/tokens/new", {"source": "wazuh", "organisation": world.site().uuid, "days": "30", "scope": "intake"}
    )
    expires_at = Token.objects.get().expires_at
    assert expires_at is not None
    world.clock.freeze(expires_at)
    assert queries.live_sources(world.admin()) == set()


def test_a_link_for_somebody_else_is_of_the_declared_name_whatever_the_request_calls_itself(
    settings: LazySettings,
) -> None:
    settings.PUBLIC_URL = "https://desk.example.jp/"
    request = RequestFactory().get("/", headers={"Host": "evil.example"})
    assert places.address(request, "/sign-in/") == "https://desk.example.jp/sign-in/"
    settings.PUBLIC_URL = ""
    assert places.address(request, "/sign-in/") == "http://evil.example/sign-in/", "undeclared: what the browser says"


@pytest.mark.parametrize("path", ["/settings/people/", "/settings/organisations/", "/settings/tokens/"])
def test_what_people_wrote_runs_nowhere(keeper: Client, path: str) -> None:
    """Names refuse invisible letters; markup is a name like any other, and shown as it was written."""
    root = world.site()
    actions.add_person(by=world.admin(), username="x", name=HOSTILE, organisation=root.uuid)
    actions.add_organisation(by=world.admin(), name=HOSTILE, parent=root.uuid)
    actions.create_token(by=world.admin(), scope="intake", source="wazuh", name=HOSTILE)
    page = keeper.get(path).content.decode()
    assert "&lt;script&gt;" in page
    assert HOSTILE not in page


def test_a_tree_is_built_renamed_and_moved(keeper: Client) -> None:
    root = world.site()
    for name, parent in (("East", root.uuid), ("West", root.uuid)):
        keeper.post("/settings/organisations/new", {"name": name, "parent": parent})
    east, west = Organisation.objects.get(name="East"), Organisation.objects.get(name="West")
    keeper.post(f"/settings/organisations/{west.uuid}/rename", {"name": "Far west"})
    keeper.post(f"/settings/organisations/{west.uuid}/move", {"parent": east.uuid})
    west.refresh_from_db()
    assert (west.name, west.parent) == ("Far west", east)
    assert keeper.post(f"/settings/organisations/{east.uuid}/move", {"parent": west.uuid}).status_code == 422


def test_the_list_of_people_asks_the_database_no_more_often_when_it_is_longer(keeper: Client) -> None:
    keeper.get("/settings/people/")
    with CaptureQueriesContext(connection) as few:
        keeper.get("/settings/people/")
    for number in range(30):
        world.person(f"person{number}", "responder")
    keeper.get("/settings/people/")  # what the menu counts is counted anew once after a change
    with CaptureQueriesContext(connection) as many:
        keeper.get("/settings/people/")
    assert len(many) == len(few)


def test_sources_say_when_they_were_last_heard(keeper: Client) -> None:
    page = keeper.get("/settings/sources/").content.decode()
    for source in ("alertmanager", "wazuh", "suricata", "defender", "guardduty", "generic"):
        assert f"/intake/v1/{source}" in page


def test_every_role_says_in_words_what_it_may(keeper: Client) -> None:
    page = keeper.get("/settings/roles/", headers={"Accept-Language": "en"}).content.decode()
    verbs = {verb for role in queries.roles() for verb in role.verbs}
    assert verbs
    assert not [verb for verb in verbs if verb in page]


def test_what_changes_rights_waits_for_a_proof(keeper: Client) -> None:
    """The keeper of these tests has no password to ask for; one who has is asked."""
    person = world.person("chief", "administrator", password=world.PASSWORD)
    chief = browser(person)
    target: UUID = world.person("sato").uuid
    asked = chief.post(f"/settings/people/{target}/invite")
    assert asked.headers["Location"].startswith("/sign-in/again/password?next=")
    assert not Invitation.objects.exists()
