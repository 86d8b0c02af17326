import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions, queries
from hikeshi.accounts.actions.people import INVITATION_LASTS
from hikeshi.accounts.models import Grant, Organisation, Role
from hikeshi.accounts.roles import ROLES
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger import verify
from tests import world


def test_a_role_reaches_the_whole_subtree_and_nothing_beside_it() -> None:
    root = world.site()
    group = world.organisation("Group")
    plant = world.organisation("Plant", group)
    other = world.organisation("Other")
    actor = world.actor("mori", "responder", at=group)
    assert actor.organisations("incidents.work") == {group.pk, plant.pk}
    assert not actor.may("incidents.work", root.pk)
    assert not actor.may("incidents.work", other.pk)


def test_a_prefix_of_a_path_is_not_taken_for_the_path() -> None:
    """Ids 1 and 10 must not be confused: paths are compared with their closing slash."""
    above = world.organisation("A")
    sisters = [world.organisation(f"S{number}") for number in range(12)]
    actor = world.actor("mori", "responder", at=above)
    assert actor.organisations("incidents.work") == {above.pk}
    assert {sister.pk for sister in sisters}.isdisjoint(actor.organisations("incidents.work"))


def test_rights_are_worked_out_in_two_queries_however_large_the_site() -> None:
    mori = world.person("mori", "responder", "manager")
    for number in range(20):
        world.organisation(f"O{number}")
    with CaptureQueriesContext(connection) as queries_made:
        queries.actor_of(mori)
    assert len(queries_made) == 2


def test_nobody_grants_what_they_do_not_hold() -> None:
    plant = world.organisation("Plant")
    clerk = world.person("clerk", at=plant)
    actions.define_role(by=world.admin(), code="clerk", verbs=["accounts.view", "accounts.manage"])
    keeper = world.actor("keeper", "clerk", at=plant)
    actions.grant_role(by=keeper, person=clerk.uuid, role="clerk", organisation=plant.uuid)
    with pytest.raises(NotAllowed):
        actions.grant_role(by=keeper, person=clerk.uuid, role="commander", organisation=plant.uuid)
    assert not queries.actor_of(clerk).may("incidents.command")


def test_an_administrator_of_a_subsidiary_cannot_become_someone_who_holds_more() -> None:
    """A password, a link or a token of somebody is that somebody: all of them ask for everything they hold."""
    plant = world.organisation("Plant")
    local = world.actor("local", "administrator", at=plant)
    chief = world.person("chief", at=plant)
    actions.grant_role(by=world.admin(), person=chief.uuid, role="commander", organisation=world.site().uuid)
    for attack in (
        lambda: actions.set_password(by=local, person=chief.uuid, password=world.PASSWORD),
        lambda: actions.invite(by=local, person=chief.uuid),
        lambda: actions.create_token(by=local, scope="api", person=chief.uuid),
        lambda: actions.edit_person(by=local, person=chief.uuid, name="X", email="mine@example.jp"),
        lambda: actions.deactivate_person(by=local, person=chief.uuid),
    ):
        with pytest.raises(NotAllowed):
            attack()


def test_nobody_gets_a_token_that_speaks_as_somebody_else_but_at_the_machine_itself() -> None:
    """Who holds every verb would still read what only the other may see: restricted records they take part in."""
    mori = world.person("mori", "responder")
    with pytest.raises(NotAllowed):
        actions.create_token(by=world.admin(), scope="api", person=mori.uuid)
    made = actions.create_token(by=system("command-line"), scope="api", person=mori.uuid)
    assert queries.actor_of_token(made, "api") == queries.actor_of(mori)


def test_redefining_a_role_does_not_leave_the_site_without_an_administrator() -> None:
    admin = world.admin()
    verbs = sorted(admin.grants)
    actions.define_role(by=admin, code="boss", verbs=verbs)
    me = queries.myself(admin)
    assert me is not None
    actions.grant_role(by=admin, person=me.uuid, role="boss", organisation=world.site().uuid)
    actions.revoke_role(by=admin, person=me.uuid, role="administrator", organisation=world.site().uuid)
    with pytest.raises(Invalid, match="last_administrator"):
        actions.define_role(by=admin, code="boss", verbs=["accounts.view"])
    assert queries.actor_of(me).may("accounts.manage")


def test_a_person_back_from_leave_is_weighed_with_the_rights_they_come_back_with() -> None:
    plant = world.organisation("Plant")
    local = world.actor("local", "administrator", at=plant)
    chief = world.person("chief", at=plant)
    actions.grant_role(by=world.admin(), person=chief.uuid, role="commander", organisation=world.site().uuid)
    actions.deactivate_person(by=world.admin(), person=chief.uuid)
    with pytest.raises(NotAllowed):
        actions.reactivate_person(by=local, person=chief.uuid)


def test_people_of_another_organisation_are_not_there() -> None:
    ours, theirs = world.organisation("Ours"), world.organisation("Theirs")
    local = world.actor("local", "administrator", at=ours)
    stranger = world.person("stranger", at=theirs)
    assert stranger not in queries.people(local)
    with pytest.raises(NotFound):
        actions.edit_person(by=local, person=stranger.uuid, name="X", email="")
    with pytest.raises(NotFound):
        actions.add_person(by=local, username="new", name="New", organisation=theirs.uuid)


def test_the_last_administrator_of_the_site_stays() -> None:
    admin = world.admin()
    me = queries.myself(admin)
    assert me is not None
    root = world.site()
    with pytest.raises(Invalid, match="last_administrator"):
        actions.deactivate_person(by=admin, person=me.uuid)
    with pytest.raises(Invalid, match="last_administrator"):
        actions.revoke_role(by=admin, person=me.uuid, role="administrator", organisation=root.uuid)
    assert Grant.objects.filter(person=me).exists()
    world.person("local", "administrator", at=world.organisation("Plant"))
    with pytest.raises(Invalid, match="last_administrator"):  # one of a subsidiary is not one of the site
        actions.deactivate_person(by=admin, person=me.uuid)
    second = world.person("second", "administrator")
    actions.revoke_role(by=queries.actor_of(second), person=me.uuid, role="administrator", organisation=root.uuid)
    assert not queries.actor_of(me).may("accounts.manage")


def test_a_deactivated_person_may_nothing_and_their_tokens_open_nothing() -> None:
    mori = world.person("mori", "responder")
    secret = actions.create_token(by=queries.actor_of(mori), scope="api", person=mori.uuid)
    assert queries.actor_of_token(secret, "api") == queries.actor_of(mori)
    actions.deactivate_person(by=world.admin(), person=mori.uuid)
    mori.refresh_from_db()
    assert queries.actor_of(mori).grants == {}
    assert queries.actor_of_token(secret, "api") is None


def test_a_moved_organisation_takes_its_subtree_and_leaves_the_rights_above_behind() -> None:
    old, new = world.organisation("Old"), world.organisation("New")
    moved = world.organisation("Moved", old)
    below = world.organisation("Below", moved)
    keeper = world.person("keeper", "responder", at=old)
    receiver = world.person("receiver", "responder", at=new)
    actions.move_organisation(by=world.admin(), organisation=moved.uuid, parent=new.uuid)
    assert not queries.actor_of(keeper).may("incidents.work", below.pk)
    assert queries.actor_of(receiver).organisations("incidents.work") == {new.pk, moved.pk, below.pk}


def test_the_tree_has_no_cycles_and_one_root() -> None:
    above = world.organisation("Above")
    below = world.organisation("Below", above)
    admin = world.admin()
    with pytest.raises(Invalid, match="own_subtree"):
        actions.move_organisation(by=admin, organisation=above.uuid, parent=below.uuid)
    with pytest.raises(Invalid, match="own_subtree"):
        actions.move_organisation(by=admin, organisation=above.uuid, parent=above.uuid)
    with pytest.raises(Invalid, match="root"):
        actions.move_organisation(by=admin, organisation=world.site().uuid, parent=below.uuid)


def test_two_spellings_of_a_user_name_are_one_person() -> None:
    world.person("yamada")
    with pytest.raises(Invalid, match="taken"):
        actions.add_person(by=world.admin(), username=" ＹＡＭＡＤＡ ", name="Yamada", organisation=world.site().uuid)
    assert queries.person_by_username(world.admin(), "Ｙａｍａｄａ").username == "yamada"


@pytest.mark.parametrize("name", ["", "  ", "a\u202eb", "a\x00b", "\u200b", "x" * 201])
def test_a_name_is_one_readable_line(name: str) -> None:
    with pytest.raises(Invalid):
        actions.add_person(by=world.admin(), username="yamada", name=name, organisation=world.site().uuid)


@pytest.mark.parametrize("password", ["short", "password1234", "yamada-taro-1", "123456789012"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="password"):
        actions.add_person(
            by=world.admin(), username="yamada-taro", name="Taro", organisation=world.site().uuid, password=password
        )


def test_a_password_typed_in_full_width_is_the_same_password() -> None:
    mori = world.person("mori", password="Ｃｏｒｒｅｃｔ horse battery")
    assert mori.check_password("Correct horse battery")
    assert not mori.check_password("correct horse battery")


def test_the_first_start_happens_once_and_shows_the_password_once() -> None:
    first = actions.bootstrap(by=system("test"))
    again = actions.bootstrap(by=system("test"), password="something else entirely")
    admin = queries.person_by_username(system("test"), "admin")
    assert len(first.password) > 20
    assert again.password == ""
    assert admin.check_password(first.password)
    assert Organisation.objects.count() == 1
    assert {role.code: tuple(role.verbs) for role in Role.objects.all()} == ROLES


def test_an_invitation_works_once_and_for_a_day() -> None:
    mori = world.person("mori")
    stale = actions.invite(by=world.admin(), person=mori.uuid)
    fresh = actions.invite(by=world.admin(), person=mori.uuid)
    desk = system("test")
    for secret in (stale, "hks_nonsense"):
        with pytest.raises(NotFound):
            actions.accept_invitation(by=desk, secret=secret, password=world.PASSWORD)
    actions.accept_invitation(by=desk, secret=fresh, password=world.PASSWORD)
    mori.refresh_from_db()
    assert mori.check_password(world.PASSWORD)
    with pytest.raises(NotFound):
        actions.accept_invitation(by=desk, secret=fresh, password="another password entirely")
    late = actions.invite(by=world.admin(), person=mori.uuid)
    world.clock.fast_forward(INVITATION_LASTS)
    with pytest.raises(NotFound):
        actions.accept_invitation(by=desk, secret=late, password=world.PASSWORD)


def test_rows_and_ledger_agree_after_everything_that_can_happen_to_accounts() -> None:
    plant = world.organisation("Plant")
    admin = world.admin()
    mori = world.person("mori", "responder", at=plant, password=world.PASSWORD)
    actions.edit_person(by=admin, person=mori.uuid, name="Mori", email="mori@example.jp")
    actions.set_password(by=admin, person=mori.uuid, password="another fine password")
    actions.revoke_role(by=admin, person=mori.uuid, role="responder", organisation=plant.uuid)
    team = actions.add_team(by=admin, organisation=plant.uuid, name="Night", people=[mori.uuid])
    actions.change_team(by=admin, team=team.uuid, name="Day", people=[])
    for name in ("Gone", "Back"):
        actions.retire_team(by=admin, team=actions.add_team(by=admin, organisation=plant.uuid, name=name).uuid)
    actions.reinstate_team(by=admin, team=queries.teams(admin, retired=True).get(name="Back").uuid)
    actions.create_token(by=admin, scope="intake", source="wazuh")
    actions.revoke_token(by=admin, token=queries.tokens(admin).get(source="wazuh").uuid)
    actions.require_second_factor(by=admin, role="administrator", required=True)
    actions.rename_organisation(by=admin, organisation=plant.uuid, name="Plant 2")
    actions.edit_site(by=admin, name="Desk", language="en", time_zone="UTC")
    actions.hold_site(by=admin)
    actions.deactivate_person(by=admin, person=mori.uuid)
    assert verify.verify(state=True).findings == ()


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ("UPDATE accounts_person SET password = 'x' WHERE username = 'mori'", "accounts.person"),
        (
            "UPDATE accounts_grant SET role_id = (SELECT id FROM accounts_role WHERE code = 'administrator')",
            "accounts.grant",
        ),
        ("UPDATE accounts_role SET verbs = '[\"incidents.command\"]' WHERE code = 'reporter'", "accounts.role"),
        ("UPDATE accounts_token SET digest = 'x'", "accounts.token"),
        ("UPDATE accounts_token SET revoked_at = NULL", "accounts.token"),
        ("UPDATE accounts_token SET expires_at = '2099-01-01 00:00:00+00:00'", "accounts.token"),
        ("UPDATE accounts_organisation SET path = '/9/' WHERE name = 'Plant'", "accounts.organisation"),
        ("DELETE FROM accounts_membership", "accounts.team"),
        ("UPDATE accounts_site SET live = NOT live", "accounts.site"),
    ],
)
def test_a_row_changed_behind_the_desks_back_is_named(change: str, row: str) -> None:
    admin = world.admin()
    world.organisation("Plant")
    mori = world.person("mori", "responder", password=world.PASSWORD)
    actions.add_team(by=admin, organisation=world.site().uuid, name="Night", people=[mori.uuid])
    actions.create_token(by=admin, scope="intake", source="wazuh")
    actions.revoke_token(by=admin, token=queries.tokens(admin).get(source="wazuh").uuid)
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert [finding.where.split(":")[0] for finding in verify.verify(state=True).findings] == [row]


def test_no_name_address_or_secret_stands_in_the_ledger() -> None:
    admin = world.admin()
    actions.add_person(
        by=admin,
        username="yamada",
        name="Yamada Hanako",
        email="hanako@example.jp",
        organisation=world.site().uuid,
        password=world.PASSWORD,
    )
    secret = actions.create_token(by=admin, scope="intake", source="wazuh")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_entry")
        text = "\n".join(body for (body,) in cursor.fetchall())
    for private in ("yamada", "Hanako", "example.jp", world.PASSWORD, secret):
        assert private not in text
