"""Writing down who is called after whom."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import Max

from hikeshi.accounts import names
from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation, Team
from hikeshi.calendars.hours import Unreadable
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import clean, words
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.oncall import drafts, escalation, facts
from hikeshi.oncall.drafts import PolicyDraft, StepDraft
from hikeshi.oncall.escalation import Target, TargetKind
from hikeshi.oncall.models.policies import Executives, Policy, PolicyVersion
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import policies, targets

TOPICS: Final = ("settings",)
LONGEST_WHY: Final = 2_000
LONGEST_REASON: Final = 500
PRIORITIES: Final = (1, 2, 3, 4, 5)
EXECUTIVE_KINDS: Final = frozenset({TargetKind.ROLE, TargetKind.TEAM, TargetKind.ROTA, TargetKind.PERSON})


@action
def add_policy(*, by: Actor, written: PolicyDraft, why: str = "") -> Policy:
    """At the end of the order. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE, accounts.root().pk)
    last = Policy.objects.aggregate(last=Max("place"))["last"] or 0
    row = Policy(place=last + 1)
    _take(by, row, written)
    _save(by, row, _reason(why))
    return row


@action
def edit_policy(*, by: Actor, policy: UUID, written: PolicyDraft, version: int | None = None, why: str = "") -> Policy:
    """What is under way keeps the plan it copied; what it said until now stays as its version.

    Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    by.must(Verb.MANAGE, accounts.root().pk)
    row = _held(policy)
    was = fields(row)
    _take(by, row, written)
    must_be_current(read=version, now=row.version, yours=fields(row), theirs=was)
    if fields(row) != was:
        row.version += 1
        _save(by, row, _reason(why))
    return row


@action
def retire_policy(*, by: Actor, policy: UUID, retired: bool = True) -> Policy:
    """From now on it is not asked, or is again. Raises NotAllowed, NotFound, Invalid where another goes on with it."""
    by.must(Verb.MANAGE, accounts.root().pk)
    row = _held(policy)
    before = list(row.before.filter(retired_at__isnull=True).values_list("name", flat=True)[:3])
    if retired and before:
        raise Invalid("policy", "in_use", where=", ".join(before))
    if not retired and row.retired_at is not None:
        _must_be_free(row)
        _must_find_its_teams(row)
    if retired == (row.retired_at is not None):
        return row
    row.retired_at = clock.now() if retired else None
    row.version += 1
    _save(by, row)
    return row


@action
def order_policies(*, by: Actor, policies: Sequence[UUID]) -> None:
    """In which order they are asked; those left out come after. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE, accounts.root().pk)
    rows = {row.uuid: row for row in Policy.objects.select_for_update().order_by("place", "pk")}
    if not set(policies) <= set(rows):
        raise NotFound("policy")
    wanted = [*dict.fromkeys(policies), *(uuid for uuid in rows if uuid not in set(policies))]
    for place, uuid in enumerate(wanted, start=1):
        rows[uuid].place = place
    Policy.objects.bulk_update(rows.values(), ["place"])
    record(facts.PoliciesOrdered(policies=tuple(wanted)), subject="policies:1", by=by, topics=TOPICS)


@action
def name_executives(*, by: Actor, who: Target, version: int | None = None) -> Executives:
    """Who hears of the gravest without anybody asking. Raises NotAllowed, Invalid, Conflict."""
    by.must(Verb.MANAGE, accounts.root().pk)
    if who.kind not in EXECUTIVE_KINDS:
        raise Invalid("who", "not_a_choice", choices=", ".join(sorted(EXECUTIVE_KINDS)))
    if not targets.known(by, who):
        raise Invalid("who", "unknown")
    row = Executives.objects.select_for_update().filter(pk=1).first() or Executives(pk=1, version=0)
    theirs = {"who": f"{row.kind} {row.value}"}
    must_be_current(read=version, now=row.version, yours={"who": f"{who.kind} {who.value}"}, theirs=theirs)
    row.kind, row.value, row.version = who.kind, who.value, row.version + 1
    row.changed_by, row.changed_at = by.ref, clock.now()
    row.save()
    record(facts.ExecutivesNamed(kind=who.kind, value=who.value), subject="executives:1", by=by, topics=TOPICS)
    return row


def _reason(typed: str) -> str:
    return words(typed, field="why", most=LONGEST_REASON, required=False)


def _held(policy: UUID) -> Policy:
    row = Policy.objects.select_for_update().filter(uuid=policy).first()
    if row is None:
        raise NotFound("policy")
    return row


def fields(row: Policy) -> dict[str, str]:
    """By the names the forms use: what a conflict shows."""
    said = {
        "priorities": ", ".join(str(one) for one in row.priorities),
        "kinds": ", ".join(row.kinds),
        "organisation": row.organisation.name if row.organisation else "",
        "repeats": str(row.repeats),
        "patience": str(row.patience),
        "timeout": str(row.timeout or ""),
        "follow": row.follow.name if row.follow else "",
        "steps": "\n".join(_line(one) for one in drafts.kept(row.steps)),
    }
    return {"name": row.name, "hours": row.hours, "why_ja": row.why_ja, "why_en": row.why_en, **said}


def _line(draft: StepDraft) -> str:
    words = [f"+{draft.after}", draft.kind.value, draft.value, draft.hours, draft.closed.value if draft.hours else ""]
    return " ".join(word for word in (*words, "anyway" if draft.anyway else "") if word)


def _take(by: Actor, row: Policy, draft: PolicyDraft) -> None:
    """What was written, in its one spelling. Raises Invalid naming the field."""
    row.name = names.title(draft.name)
    _must_be_free(row)
    row.priorities = _priorities(draft.priorities)
    row.kinds = _kinds(draft)
    row.organisation = _place(by, draft.organisation)
    row.hours = _hours(draft.hours)
    row.steps = drafts.rows(_steps(by, draft.steps))
    row.repeats = _between("repeats", draft.repeats, 0, escalation.MOST_REPEATS)
    row.patience = _between("patience", draft.patience, 1, drafts.LONGEST_WAIT)
    row.timeout = None if draft.timeout is None else _between("timeout", draft.timeout, 5, drafts.LONGEST_WAIT)
    row.why_ja, row.why_en = _why(draft)
    row.follow = _followed(row, draft.follow)


def _must_be_free(row: Policy) -> None:
    if Policy.objects.filter(name=row.name, retired_at__isnull=True).exclude(pk=row.pk).exists():
        raise Invalid("name", "taken")


def _must_find_its_teams(row: Policy) -> None:
    """A team may have gone out of use while nobody was called by this. Raises Invalid naming the step."""
    called = [(place, one.value) for place, one in enumerate(drafts.kept(row.steps)) if one.kind is TargetKind.TEAM]
    living = Team.objects.filter(uuid__in=[UUID(value) for _, value in called], retired_at=None)
    known = {str(uuid) for uuid in living.values_list("uuid", flat=True)}
    for place, value in called:
        if value not in known:
            raise Invalid(f"steps.{place}.value", "team_retired")


def _priorities(wanted: Sequence[int]) -> list[int]:
    if not set(wanted) <= set(PRIORITIES):
        raise Invalid("priorities", "out_of_range", low=1, high=5)
    return sorted(set(wanted))


def _kinds(draft: PolicyDraft) -> list[str]:
    """Kinds belong to whoever keeps the records; here they are codes. Raises Invalid."""
    return sorted({names.code(one) for one in draft.kinds})


def _place(by: Actor, wanted: UUID | None) -> Organisation | None:
    return None if wanted is None else accounts.organisation(by, wanted, Verb.MANAGE)


def _hours(typed: str) -> str:
    try:
        return escalation.check_hours(typed)
    except Unreadable as error:
        raise Invalid("hours", error.fault) from error


def _between(field: str, value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise Invalid(field, "out_of_range", low=low, high=high)
    return value


def _steps(by: Actor, steps: Sequence[StepDraft]) -> tuple[StepDraft, ...]:
    found = drafts.checked(steps)
    for place, one in enumerate(found):
        if not targets.known(by, one.target):
            raise Invalid(f"steps.{place}.value", "unknown")
    return found


def _why(draft: PolicyDraft) -> tuple[str, str]:
    """Whoever is woken reads it in their own language. Raises Invalid where one is missing."""
    said = []
    for field_name, text in (("why_ja", draft.why_ja), ("why_en", draft.why_en)):
        kept = clean(text, field=field_name).strip()
        if len(kept) > LONGEST_WHY:
            raise Invalid(field_name, "too_long", limit=LONGEST_WHY)
        said.append(kept)
    if any(said) and not all(said):
        raise Invalid("why_en" if said[0] else "why_ja", "both_languages")
    return said[0], said[1]


def _followed(row: Policy, wanted: UUID | None) -> Policy | None:
    """The policy that goes on. Raises Invalid naming the circle it would close."""
    if wanted is None:
        return None
    found = Policy.objects.filter(uuid=wanted, retired_at__isnull=True).first()
    if found is None:
        raise Invalid("follow", "unknown")
    rows = {str(one.uuid): one for one in Policy.objects.select_related("follow")}
    follows = {uuid: str(one.follow.uuid) for uuid, one in rows.items() if one.follow is not None}
    follows[str(row.uuid)] = str(found.uuid)
    round_trip = escalation.circle(str(row.uuid), follows)
    if round_trip:
        spoken = [row.name if uuid == str(row.uuid) else rows[uuid].name for uuid in round_trip]
        raise Invalid("follow", "circular", circle=" → ".join(spoken))
    length = 0
    here: str | None = str(row.uuid)
    while here is not None:
        here = follows.get(here)
        length += 1
    if length > escalation.MOST_FOLLOWING + 1:
        raise Invalid("follow", "too_many_follow", limit=escalation.MOST_FOLLOWING)
    return found


def _save(by: Actor, row: Policy, why: str = "") -> None:
    row.changed_by, row.changed_at = by.ref, clock.now()
    row.save()
    said, retired = policies.draft_of(row), row.retired_at is not None
    PolicyVersion.objects.create(
        policy=row,
        number=row.version,
        terms=drafts.terms(said),
        retired=retired,
        why=why,
        made_by=row.changed_by,
        at=row.changed_at,
    )
    content = commit(drafts.content(said), row.secret)
    fact = facts.PolicySet(policy=row.uuid, number=row.version, content=content, retired=retired, kept=True)
    record(fact, subject=f"policy:{row.uuid}", by=by, topics=TOPICS)
