"""The site itself: its first start, its name, whether anything may leave it."""

from collections.abc import Sequence
from dataclasses import dataclass

from hikeshi.accounts import currencies, facts, names, queries, sealing, zones
from hikeshi.accounts.actions.people import record_password
from hikeshi.accounts.actions.rights import TOPICS, define_role, grant_role
from hikeshi.accounts.actions.ways import take_up_contacts
from hikeshi.accounts.models import Language, Organisation, Person, Site
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.roles import ROLES
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.texts import words
from hikeshi.kernel.versions import must_be_current
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record

FIRST_USERNAME = "admin"
SUBJECT = "site:1"
LONGEST_NOTICE = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """``password`` is empty unless it was made up just now; it is nowhere else in clear."""

    username: str
    password: str


@action
def bootstrap(
    *,
    by: Actor,
    password: str = "",
    organisation: str = "Hikeshi",
    language: str = Language.JA,
    time_zone: str = "Asia/Tokyo",
    world: World = World.REAL,
) -> Prepared:
    """Makes whatever a site cannot be without and is missing; run at every start, it changes nothing the second time.

    A given ``password`` is taken as it is: whoever starts the server owns it. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    if not Site.objects.filter(pk=1).exists():
        Site.objects.create(pk=1, name=organisation, world=world, language=language, time_zone=time_zone)
        record(facts.SitePrepared(world=world), subject=SUBJECT, by=by, topics=TOPICS)
    place = _root(by, organisation)
    for code, verbs in ROLES.items():
        define_role(by=by, code=code, verbs=verbs, builtin=True)
    take_up_contacts(by)
    if Person.objects.exists():
        return Prepared(username=FIRST_USERNAME, password="")
    secret = password or sealing.new_password()
    _first_person(by, place, secret)
    return Prepared(username=FIRST_USERNAME, password="" if password else secret)


def _root(by: Actor, name: str) -> Organisation:
    found = Organisation.objects.filter(parent__isnull=True).first()
    if found is not None:
        return found
    place = Organisation.objects.create(name=names.title(name))
    place.path = f"/{place.pk}/"
    place.save(update_fields=["path"])
    fact = facts.OrganisationAdded(organisation=place.uuid, parent=None, title=commit(place.name, place.secret))
    record(fact, subject=f"organisation:{place.uuid}", by=by, topics=TOPICS)
    return place


def _first_person(by: Actor, place: Organisation, password: str) -> None:
    site = queries.site()
    person = Person(username=FIRST_USERNAME, name="Administrator", organisation=place)
    person.language, person.time_zone = site.language, site.time_zone
    person.set_password(password)
    person.save()
    fact = facts.PersonAdded(
        person=person.uuid,
        organisation=place.uuid,
        username=commit(person.username, person.secret),
        title=commit(person.name, person.secret),
        email=commit(person.email, person.secret),
    )
    record(fact, subject=f"person:{person.uuid}", by=by, topics=TOPICS)
    record_password(by, person)
    grant_role(by=by, person=person.uuid, role="administrator", organisation=place.uuid)


@action
def edit_site(
    *,
    by: Actor,
    name: str,
    language: str,
    time_zone: str,
    languages: Sequence[str] | None = None,
    notice: str | None = None,
    currency: str | None = None,
    version: int | None = None,
) -> Site:
    """``languages``: those offered; ``notice``: the message of the day; ``currency``: what costs are written in from
    now on. What is left out stays.

    Raises NotAllowed, Invalid, Conflict.
    """
    by.must(Verb.MANAGE, queries.root().pk)
    site = Site.objects.select_for_update().get(pk=1)
    wanted: dict[str, str | list[str]] = {
        "name": names.title(name),
        "language": language,
        "time_zone": zones.proper(time_zone),
        "languages": _offered(languages if languages is not None else site.languages, language),
        "notice": words(site.notice if notice is None else notice, field="notice", most=LONGEST_NOTICE, required=False),
        "currency": currencies.proper(site.currency if currency is None else currency),
    }
    was = {field: _text(getattr(site, field)) for field in wanted}
    yours = {field: _text(value) for field, value in wanted.items()}
    must_be_current(read=version, now=site.version, yours=yours, theirs=was)
    if yours == was:
        return site

    for field, value in wanted.items():
        setattr(site, field, value)
    site.version += 1
    site.save(update_fields=["version", *wanted])
    offered = tuple(site.languages)
    more = {"time_zone": site.time_zone, "notice": site.notice, "currency": site.currency}
    fact = facts.SiteChanged(title=site.name, language=language, languages=offered, **more)
    record(fact, subject=SUBJECT, by=by, topics=TOPICS)
    return site


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _offered(languages: Sequence[str], language: str) -> list[str]:
    """In the product's order. Raises Invalid."""
    if not set(languages) <= set(Language.values):
        raise Invalid("languages", "unknown")
    if not languages:
        raise Invalid("languages", "required")
    if language not in languages:
        raise Invalid("language", "not_offered" if language in Language.values else "unknown")
    return [code for code in Language.values if code in languages]


@action
def hold_site(*, by: Actor) -> None:
    """From now on nothing leaves. Raises NotAllowed."""
    by.must(Verb.MANAGE, queries.root().pk)
    if Site.objects.filter(pk=1, live=True).update(live=False):
        record(facts.SiteHeld(), subject=SUBJECT, by=by, topics=TOPICS)


@action
def release_site(*, by: Actor) -> None:
    """Messages may leave again. Raises NotAllowed."""
    by.must(Verb.MANAGE, queries.root().pk)
    if Site.objects.filter(pk=1, live=False).update(live=True):
        record(facts.SiteReleased(), subject=SUBJECT, by=by, topics=TOPICS)
