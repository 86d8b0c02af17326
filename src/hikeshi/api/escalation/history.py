"""What a policy said before: every version, two beside each other, and back to an earlier one."""

from dataclasses import asdict, fields
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Query, Router

from hikeshi.api.callers import Request
from hikeshi.api.escalation import policies, schemas
from hikeshi.api.shapes import whole
from hikeshi.kernel.versions import Version
from hikeshi.oncall import actions
from hikeshi.oncall.drafts import PolicyDraft
from hikeshi.oncall.queries import policies as queries

router = Router(tags=["escalation"], by_alias=True)
Number = Annotated[int, Query(ge=1, le=1_000_000_000)]


def _shown(one: Version[PolicyDraft]) -> schemas.PolicyVersion:
    terms = schemas.PolicyTerms.model_validate(asdict(one.terms))
    return schemas.PolicyVersion(number=one.number, why=one.why, made_by=one.made_by, at=one.at, terms=terms)


@router.get(
    "/escalation/policies/{policy}/versions", response=schemas.PolicyVersions, summary="All it ever said, newest first"
)
def list_policy_versions(request: Request, policy: UUID) -> schemas.PolicyVersions:
    found = queries.history(queries.policy(request.auth, policy))
    return whole(schemas.PolicyVersions, [_shown(one) for one in found.versions])


@router.get(
    "/escalation/policies/{policy}/compare",
    response=schemas.PolicyComparison,
    summary="Two versions beside each other, and which fields differ",
)
def compare_policy_versions(request: Request, policy: UUID, before: Number, after: Number) -> schemas.PolicyComparison:
    found = queries.history(queries.policy(request.auth, policy))
    one, other = found.version(before), found.version(after)
    names = [each.name for each in fields(PolicyDraft)]
    differ = [name for name in names if getattr(one.terms, name) != getattr(other.terms, name)]
    return schemas.PolicyComparison(before=_shown(one), after=_shown(other), changed=differ)


@router.post(
    "/escalation/policies/{policy}/versions/{number}/restore",
    response=schemas.PolicyShown,
    summary="Go back to an earlier version, as a new one",
)
def restore_policy_version(request: Request, policy: UUID, number: int) -> schemas.PolicyShown:
    """Calls under way keep the plan they began with. 422 where it names what is gone since."""
    queries.must_manage(request.auth)
    terms = queries.history(queries.policy(request.auth, policy)).version(number).terms
    why = _("As in version %(number)s.") % {"number": number}
    return policies.shown(actions.edit_policy(by=request.auth, policy=policy, written=terms, why=why))
