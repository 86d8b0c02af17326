"""Prepared questions answer as the plain ones do, whatever they are asked with, and are worked out only once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

from hikeshi.accounts.models import Grant, Person
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import Seen, visible
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.prepared import Prepared, Settled, asked_of_each, asked_once, known_by_now
from tests import world
from tests.domains import incidents


@pytest.fixture
def people():
    return [world.person(name, "responder") for name in ("mori", "kaku")]


def test_each_asking_takes_up_its_own_values(people, django_assert_num_queries):
    by_name = Prepared(lambda name, least: Person.objects.filter(username=name, pk__gte=least), name=str, least=int)
    for one in people * 2:
        with django_assert_num_queries(1):
            assert by_name(name=one.username, least=one.pk) == [one]
        assert by_name(name=one.username, least=one.pk + 1) == []
    assert by_name(name="x' OR '1'='1", least=0) == []


def test_rows_come_as_the_question_says_with_what_hangs_on_them(people, django_assert_num_queries):
    whole = Prepared(
        lambda person: (
            Grant.objects.filter(person=person).select_related("role").prefetch_related("person__grants").order_by("pk")
        ),
        person=int,
    )
    pairs = Prepared(lambda person: Grant.objects.filter(person=person).values_list("role__code", "person"), person=int)
    codes = Prepared(lambda: Grant.objects.order_by("-pk").values_list("role__code", flat=True)[:1])
    for one in people:
        with django_assert_num_queries(3):
            (grant,) = whole(person=one.pk)
            assert (grant.role.code, grant.person.grants.all()[0].pk) == ("responder", grant.pk)
        assert pairs(person=one.pk) == [("responder", one.pk)]
    assert codes() == ["responder"]


def test_one_question_is_asked_with_many_values_at_once_and_each_has_its_own_rows(people, django_assert_num_queries):
    def after(least: int, name: str) -> QuerySet[Person, int]:
        return (
            Person.objects.filter(pk__gte=least).exclude(username=name).order_by("-pk").values_list("pk", flat=True)[:1]
        )

    mori, kaku = sorted(one.pk for one in people)
    with django_assert_num_queries(1):
        found = asked_of_each(
            after, [{"least": mori, "name": ""}, {"least": kaku + 1, "name": ""}, {"least": 0, "name": "'"}]
        )
    assert found == [[kaku], [], [kaku]]
    assert asked_of_each(after, []) == []
    assert asked_of_each(lambda least: Person.objects.filter(pk__in=[], pk__gte=least), [{"least": 0}] * 2) == [[], []]


def test_a_question_that_names_thousands_is_asked_in_as_many_pieces_as_the_database_takes(
    people, django_assert_num_queries
):
    """SQLite takes 32,766 values in one statement, PostgreSQL 65,535."""
    keys = sorted(one.pk for one in people)
    named = [*range(-9_998, 0), *keys]
    with django_assert_num_queries(4):
        found = asked_of_each(
            lambda least: (
                Person.objects.filter(pk__in=named, pk__gte=least).order_by("pk").values_list("pk", flat=True)
            ),
            [{"least": one} for one in (0, keys[1], keys[1] + 1, 0, 0, 0, keys[1], 0)],
        )
    assert found == [keys, keys[1:], [], keys, keys, keys, keys[1:], keys]


def test_a_uuid_is_asked_for_in_the_form_of_the_database(people):
    by_uuid = Prepared(lambda uuid, other: Person.objects.filter(uuid=uuid).exclude(uuid=other), uuid=UUID, other=UUID)
    mori, kaku = people
    assert by_uuid(uuid=mori.uuid, other=kaku.uuid) == [mori]
    assert by_uuid(uuid=kaku.uuid, other=mori.uuid) == [kaku]
    assert by_uuid(uuid=mori.uuid, other=mori.uuid) == []


def test_it_is_worked_out_once(people):
    made: list[QuerySet] = []

    def build(person):
        made.append(Person.objects.filter(pk=person))
        return made[-1]

    found = Prepared(build, person=int)
    assert [found(person=one.pk) for one in people] == [[one] for one in people]
    assert len(made) == 1


def test_times_are_taken_up_as_the_database_keeps_them(people):
    mori, kaku = people
    Person.objects.filter(pk=mori.pk).update(created_at=clock.now() - timedelta(days=2))
    before = Prepared(lambda moment: Person.objects.filter(created_at__lt=moment, pk__gte=mori.pk), moment=datetime)
    assert before(moment=clock.now() - timedelta(days=1)) == [mori]
    assert before(moment=clock.now().astimezone(ZoneInfo("Asia/Tokyo")) + timedelta(days=1)) == [kaku, mori]


def test_what_somebody_sees_is_asked_for_readers_of_every_shape():
    """However many organisations they look at, as a person or a machine: as the plain question would answer."""
    places = [world.organisation(f"Place {number}") for number in range(5)]
    readers = [world.actor(f"of-{place.pk}", "commander", at=place) for place in places]
    for by, place in zip([*readers, readers[0]], [*places, places[0]], strict=True):
        incidents.opened(by=by, organisation=place.uuid)
    readers += [world.actor("all", "commander"), system("bench")]
    readers += [Actor("person:x", "x"), Actor("person:y", "y", person_id=0)]
    held = frozenset(place.pk for place in places[:3])
    readers.append(Actor("machine:z", "z", grants={str(Verb.VIEW): held}))
    refs = Seen(lambda rows, since: rows.filter(opened_at__gte=since).order_by("ref"), since=datetime)
    for by in readers * 2:
        assert refs(by, since=clock.now() - timedelta(days=1)) == list(visible(by).order_by("ref"))
        assert refs(by, since=clock.now() + timedelta(days=1)) == []
    assert [len(refs(by, since=clock.now() - timedelta(days=1))) for by in readers] == [2, 1, 1, 1, 1, 6, 6, 0, 0, 4]


@pytest.mark.parametrize("given", [{}, {"person": "1"}, {"person": 1, "more": 2}, {"person": True}])
def test_values_it_was_not_prepared_for_are_refused(given):
    found = Prepared(lambda person: Person.objects.filter(pk=person), person=int)
    with pytest.raises(TypeError):
        found(**given)


def test_a_value_that_django_would_change_on_the_way_cannot_be_left_open():
    found = Prepared(lambda name: Person.objects.filter(username__contains=name), name=str)
    with pytest.raises(TypeError):
        found(name="mori")


@pytest.mark.django_db(transaction=True)
def test_threads_ask_by_their_own_connections(people):
    found = Prepared(lambda person: Person.objects.filter(pk=person), person=int)
    found(person=people[0].pk)

    def ask(one: Person) -> bool:
        try:
            return found(person=one.pk) == [one] and connections["default"] is not connection
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, people * 10))


def test_within_an_act_that_changes_nothing_of_it_what_is_settled_is_asked_once(people, django_assert_num_queries):
    settled = Settled(lambda name: Person.objects.filter(username=name), name=str)
    plain = Prepared(lambda name: Person.objects.filter(username=name), name=str)
    with asked_once(), django_assert_num_queries(4):
        settled(name="mori").clear()  # whoever asked may do with the list as they like
        with asked_once():
            assert settled(name="mori") == [people[0]]
        assert (settled(name="kaku"), settled(name="mori")) == ([people[1]], [people[0]])
        assert plain(name="mori") == plain(name="mori") == [people[0]]
        known = known_by_now()
    with django_assert_num_queries(1), asked_once(known):
        assert settled(name="mori") == [people[0]]
        assert settled(name="else") == []
    with django_assert_num_queries(2):
        assert settled(name="mori") == settled(name="mori")
    assert known_by_now() == {}


def test_what_another_changed_is_seen_by_the_next_act(people):
    settled = Settled(lambda name: Person.objects.filter(username=name).values_list("name", flat=True), name=str)
    with asked_once():
        before = settled(name="mori")
    Person.objects.filter(username="mori").update(name="Renamed")
    with asked_once():
        assert (settled(name="mori"), before) == (["Renamed"], [people[0].name])
