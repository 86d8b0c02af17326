"""Reads. What an actor may do is worked out here and nowhere else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TypeVar
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from hikeshi.accounts import hours, sealing, signing, throttle
from hikeshi.accounts.models import (
    Attempt,
    Grant,
    Invitation,
    Outcome,
    Role,
    Scope,
    Session,
    Site,
)
from hikeshi.accounts.models import Calendar as Calendar  # handed on, for surfaces to name what they are given
from hikeshi.accounts.models import ImportState as ImportState
from hikeshi.accounts.models import Organisation as Organisation
from hikeshi.accounts.models import PeopleFile as PeopleFile
from hikeshi.accounts.models import Person as Person
from hikeshi.accounts.models import StaffFile as StaffFile
from hikeshi.accounts.models import Team as Team
from hikeshi.accounts.models import Token as Token
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.reaching import recipient as recipient
from hikeshi.accounts.reaching import ways_of as ways_of
from hikeshi.accounts.second_factors import Factor
from hikeshi.accounts.second_factors import read as second_factor
from hikeshi.accounts.steps import Step
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared, Settled, Value
from hikeshi.kernel.refusals import NotFound
from hikeshi.ledger.access import note_reading

SEND = "intake.send"
NETWORK_REMEMBERED = timedelta(days=90)
M = TypeVar("M", bound=Model)


_SITE = Settled(lambda: Site.objects.filter(pk=1))


def site() -> Site:
    """The site's one row; before the first start, what it will say."""
    return next(iter(_SITE()), None) or Site(pk=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is here, and whether any role they hold asks for a second factor on this site."""

    actor: Actor
    second_factor_asked: bool


_GRANTED = ("role__verbs", "role__requires_mfa", "organisation__path")
_GRANTS = Prepared(lambda person: Grant.objects.filter(person=person).values_list(*_GRANTED), person=int)
_ROOT = Prepared(lambda: Organisation.objects.filter(parent__isnull=True)[:1])
_PLACES = Prepared(lambda: Organisation.objects.values_list("id", "path").order_by())


def standing_of(person: Person) -> Standing:
    """The person with their rights, subtrees expanded: two queries, kept for one request and no longer."""
    grants: dict[str, set[int]] = defaultdict(set)
    held = _GRANTS(person=person.pk)
    places = _PLACES() if held and person.is_active else []
    for verbs, _, path in held:
        below = {place for place, where in places if where.startswith(path)}
        for verb in verbs:
            grants[verb] |= below
    actor = Actor(
        ref=f"person:{person.uuid}",
        name=person.name,
        grants={verb: frozenset(below) for verb, below in grants.items() if below},
        person_id=person.pk,
        language=person.language,
    )
    return Standing(actor, any(asked for _, asked, _ in held))


def actor_of(person: Person) -> Actor:
    return standing_of(person).actor


def person_by_mail(address: str) -> Actor | None:
    """Who has an account with this address; None where nobody has, or several do."""
    found = list(Person.objects.filter(email__iexact=address, is_active=True)[:2]) if address else []
    return actor_of(found[0]) if len(found) == 1 else None


def actor_of_token(secret: str, scope: str) -> Actor | None:
    """Who bears this token; None where it is unknown, expired, revoked or for another door."""
    found = live_tokens().filter(digest=sealing.digest(secret), scope=scope).select_related("person").first()
    if found is None:
        return None
    if found.scope == Scope.API:
        return actor_of(found.person) if found.person and found.person.is_active else None
    grants = {SEND: frozenset({found.organisation_id})}
    return Actor(ref=f"machine:{found.source}", name=found.source, grants=grants)


def signing_secrets(source: str) -> list[signing.Secret]:
    """For the door, no reader: all with which posts of this source may be signed now, newest first."""
    rows = live_tokens().filter(scope=Scope.SIGNED, source=source).order_by("-id")[: signing.MOST]
    found = (signing.opened(source, *row) for row in rows.values_list("digest", "organisation_id", "sealed"))
    return [one for one in found if one is not None]


def live_tokens() -> QuerySet[Token]:
    """Of the whole site: for other parts of this package."""
    live = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
    return Token.objects.filter(live, revoked_at__isnull=True)


def organisations(by: Actor, verb: str = Verb.VIEW) -> QuerySet[Organisation]:
    """Those the verb is held for, parents before children."""
    rows = Organisation.objects.select_related("parent", "calendar")
    return rows if by.unlimited else rows.filter(pk__in=by.organisations(verb))


def organisation(by: Actor, uuid: UUID, verb: str = Verb.VIEW) -> Organisation:
    """Raises NotFound."""
    return _one(organisations(by, verb).filter(uuid=uuid), "organisation")


@cache
def _lines(length: int) -> Prepared[Organisation]:
    def build(**steps: int) -> QuerySet[Organisation, Organisation]:
        rows = Organisation.objects.filter(pk__in=list(steps.values()))
        return rows.select_related("calendar").order_by("path")

    kinds: dict[str, type[Value]] = {f"step{number}": int for number in range(length)}
    return Settled(build, **kinds)


def line_of(place: Organisation) -> list[Organisation]:
    """The organisation and those it lies in, topmost first."""
    steps = [int(step) for step in place.path.strip("/").split("/") if step]
    return _lines(len(steps))(**{f"step{number}": step for number, step in enumerate(steps)}) if steps else []


def uuids_above(place: Organisation) -> list[str]:
    """The organisation and those it lies in, topmost first, for domains above to remember."""
    return [str(one.uuid) for one in line_of(place)]


def root() -> Organisation:
    """Raises NotFound before the first start."""
    found = next(iter(_ROOT()), None)
    if found is None:
        raise NotFound("organisation")
    return found


def may_manage_site(by: Actor) -> bool:
    return by.may(Verb.MANAGE, root().pk)


def calendars(by: Actor) -> QuerySet[Calendar]:
    """Raises NotAllowed."""
    by.must(Verb.VIEW)
    return Calendar.objects.all()


def calendar(by: Actor, uuid: UUID) -> Calendar:
    """Raises NotAllowed, NotFound."""
    return _one(calendars(by).filter(uuid=uuid), "calendar")


def calendar_of(organisation: Organisation) -> hours.Calendar:
    """Whose hours count there: its own calendar, else the nearest above; the standard one where nobody chose."""
    return calendar_along(line_of(organisation))


def calendar_along(line: Sequence[Organisation], here: Site | None = None) -> hours.Calendar:
    """The same, for whoever has the line (topmost first) and perhaps the site already."""
    nearest = next((one.calendar for one in reversed(line) if one.calendar is not None), None)
    return hours.standard((here or site()).time_zone) if nearest is None else hours.read(nearest)


def standard_calendar() -> hours.Calendar:
    return hours.standard(site().time_zone)


def people(by: Actor, *, q: str = "", active: bool | None = None) -> QuerySet[Person]:
    """People who belong to, or hold a role in, an organisation the reader may look at; and the reader."""
    rows = Person.objects.select_related("organisation")
    if not by.unlimited:
        seen = by.organisations(Verb.VIEW)
        working_here = Grant.objects.filter(person=OuterRef("pk"), organisation__in=seen)
        rows = rows.filter(Q(organisation__in=seen) | Exists(working_here) | Q(pk=by.person_id))
    if q:
        rows = rows.filter(Q(username__icontains=q) | Q(name__icontains=q) | Q(email__icontains=q))
    return rows if active is None else rows.filter(is_active=active)


def person(by: Actor, uuid: UUID) -> Person:
    """Raises NotFound."""
    return _one(people(by).filter(uuid=uuid), "person")


def person_by_username(by: Actor, username: str) -> Person:
    """Raises NotFound."""
    return _one(people(by).filter(username=Person.normalize_username(username)), "person")


def myself(by: Actor) -> Person | None:
    """The person who acts; None for machines and the desk's own loops."""
    return None if by.person_id is None else Person.objects.filter(pk=by.person_id).first()


def in_use(people: Iterable[int]) -> bool:
    """Whether any of these people (by id) can still sign in."""
    return Person.objects.filter(pk__in=list(people), is_active=True).exists()


def people_who_may(verb: str, organisation: Organisation) -> QuerySet[Person]:
    """Active people who hold ``verb`` in the organisation or above it: who can be given its work."""
    roles = [role.pk for role in Role.objects.all() if verb in role.verbs]
    above = [int(step) for step in organisation.path.strip("/").split("/") if step]
    held = Grant.objects.filter(person=OuterRef("pk"), role__in=roles, organisation__in=above)
    return Person.objects.filter(Exists(held), is_active=True).order_by("name", "id")


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """Display names of actors by their ``ref``; a person erased since is simply missing."""
    wanted = [UUID(ref.removeprefix("person:")) for ref in set(refs) if ref.startswith("person:")]
    return {f"person:{uuid}": name for uuid, name in Person.objects.filter(uuid__in=wanted).values_list("uuid", "name")}


def roles() -> QuerySet[Role]:
    return Role.objects.all()


def site_role(code: str) -> Role:
    """One that the site made. Raises NotFound."""
    return _one(Role.objects.filter(code=code, builtin=False), "role")


def grants(by: Actor, holder: Person) -> QuerySet[Grant]:
    """The holder's grants in organisations the reader may look at; one's own always."""
    rows = Grant.objects.filter(person=holder).select_related("role", "organisation").order_by("organisation__path")
    if by.unlimited or by.person_id == holder.pk:
        return rows
    return rows.filter(organisation__in=by.organisations(Verb.VIEW))


def teams(by: Actor, *, retired: bool | None = False) -> QuerySet[Team]:
    """Those in use, out of use, or (None) all."""
    rows = Team.objects.select_related("organisation").prefetch_related("people", "memberships__person")
    rows = rows if retired is None else rows.filter(retired_at__isnull=not retired)
    return rows if by.unlimited else rows.filter(organisation__in=by.organisations(Verb.VIEW))


def team(by: Actor, uuid: UUID) -> Team:
    """In use or not. Raises NotFound."""
    return _one(teams(by, retired=None).filter(uuid=uuid), "team")


def tokens(by: Actor) -> QuerySet[Token]:
    """Tokens of organisations the reader manages, and the reader's own."""
    rows = Token.objects.select_related("person", "organisation")
    if by.unlimited:
        return rows
    return rows.filter(Q(organisation__in=by.organisations(Verb.MANAGE)) | Q(person=by.person_id, scope=Scope.API))


def token(by: Actor, uuid: UUID) -> Token:
    """Raises NotFound."""
    return _one(tokens(by).filter(uuid=uuid), "token")


def own_tokens(by: Actor) -> QuerySet[Token]:
    """Those with which a script acts as the reader, newest first."""
    return live_tokens().filter(scope=Scope.API, person=by.person_id, person__isnull=False)


def live_sources(by: Actor) -> set[str]:
    """Sources that hold a usable token or signing secret in the reader's organisations."""
    rows = live_tokens().filter(scope__in=(Scope.INTAKE, Scope.SIGNED))
    if not by.unlimited:
        rows = rows.filter(organisation__in=by.organisations(Verb.VIEW) | by.organisations(Verb.MANAGE))
    return set(rows.values_list("source", flat=True))


def sessions_of(by: Actor, holder: Person) -> QuerySet[Session]:
    """Somebody's signed-in browsers, newest first. Raises NotAllowed."""
    by.must(Verb.MANAGE, holder.organisation_id)
    return Session.objects.filter(person=holder, expire_date__gt=clock.now()).order_by("-started_at")


def sessions(by: Actor) -> QuerySet[Session]:
    """The reader's own signed-in browsers, newest first."""
    mine = Session.objects.filter(person=by.person_id, person__isnull=False, expire_date__gt=clock.now())
    return mine.order_by("-started_at")


def attempts(by: Actor) -> QuerySet[Attempt]:
    """Tries to sign in as the reader, newest first."""
    return Attempt.objects.filter(person=by.person_id, person__isnull=False).order_by("-at", "-id")


def account_key(username: str) -> str:
    """Stands for what was typed as a user name: it may have been a password, so it is kept as a keyed digest."""
    return sealing.keyed(settings.MASTER_KEY, "attempts", Person.normalize_username(username))


def proof_key(account: str, day: date, code: str) -> str:
    """Stands for a one-time code that was used."""
    return sealing.keyed(settings.MASTER_KEY, "attempts", f"{account} {day.isoformat()} {code}")


def throttle_record(tried: Attempt) -> throttle.Record:
    """The failures that bear on this try, itself left out."""
    since = clock.now() - throttle.WINDOW
    other = Attempt.objects.filter(at__gt=since).exclude(pk=tried.pk)
    failed = other.exclude(outcome=Outcome.PASSED)
    account = failed.filter(account=tried.account)
    passed = Attempt.objects.filter(
        account=tried.account, network=tried.network, outcome=Outcome.PASSED, step=tried.step
    )
    last = passed.filter(at__gt=since).order_by("-at").values_list("at", flat=True).first() or since
    pair = account.filter(network=tried.network, step=tried.step, at__gt=last)
    device = account.filter(known_device=tried.known_device) if tried.known_device else None
    second = account.filter(step=Step.SECOND_FACTOR) if tried.step == Step.SECOND_FACTOR else account.none()
    return throttle.Record(
        pair=_times(pair),
        device=None if device is None else _times(device),
        network=_times(failed.filter(network=tried.network)),
        network_known=passed.filter(at__gt=clock.now() - NETWORK_REMEMBERED).exists(),
        second_factor=_times(second),
    )


def _times(rows: QuerySet[Attempt]) -> list[datetime]:
    """The latest are enough: beyond them the wait is the longest anyway."""
    return list(rows.order_by("-at").values_list("at", flat=True)[:200])


def invitation(secret: str) -> Invitation:
    """The unused, unexpired invitation this link opens. Raises NotFound."""
    live = Invitation.objects.filter(digest=sealing.digest(secret), used_at__isnull=True, expires_at__gt=clock.now())
    return _one(live.filter(person__is_active=True).select_related("person"), "invitation")


def second_factors(holder: Person) -> dict[int, Factor]:
    return {row.pk: second_factor(row) for row in Authenticator.objects.filter(user=holder).order_by("created_at")}


def has_second_factor(holder: Person) -> bool:
    """Recovery codes alone are none: they stand in for one that was lost."""
    return bool(Authenticator.objects.filter(user=holder).exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def recovery_codes(by: Actor) -> list[str]:
    """The reader's own, those not used yet. That they were looked at is noted: whoever saw them may keep them."""
    mine = Authenticator.objects.filter(user=by.person_id, type=Authenticator.Type.RECOVERY_CODES)
    found = mine.first() if by.person_id is not None else None
    if found is None:
        return []
    note_reading(by=by, subject=by.ref, what="recovery_codes")
    return list(found.wrap().get_unused_codes())


def must_have_second_factor(holder: Person) -> bool:
    """Whether any role they hold asks for one on this site."""
    return Grant.objects.filter(person=holder, role__requires_mfa=True).exists()


def _one(rows: QuerySet[M], what: str) -> M:
    found = rows.first()
    if found is None:
        raise NotFound(what)
    return found
