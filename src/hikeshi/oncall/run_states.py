"""How policies and calls for help look to ``verify --state``."""

from collections.abc import Iterator

from hikeshi.kernel.facts import commit
from hikeshi.ledger import states
from hikeshi.oncall import drafts
from hikeshi.oncall.actions.runs import digest
from hikeshi.oncall.models.policies import Executives, Policy, PolicyVersion
from hikeshi.oncall.models.runs import Run
from hikeshi.oncall.queries import policies


def _policies() -> Iterator[tuple[str, states.Columns]]:
    for row in Policy.objects.select_related("organisation", "follow").order_by("pk"):
        said = commit(drafts.content(policies.draft_of(row)), row.secret).digest
        yield str(row.uuid), {"version": row.version, "content": said, "retired": row.retired_at is not None}


def _versions() -> Iterator[tuple[str, states.Columns]]:
    """Those the ledger told of."""
    for row in PolicyVersion.objects.filter(told=True).select_related("policy").order_by("pk").iterator(chunk_size=500):
        said = commit(drafts.content(drafts.policy(row.terms)), row.policy.secret).digest
        yield f"{row.policy.uuid}.{row.number}", {"content": said, "retired": row.retired}


def _executives() -> Iterator[tuple[str, states.Columns]]:
    for row in Executives.objects.all():
        yield str(row.pk), {"kind": row.kind, "value": row.value}


def _runs() -> Iterator[tuple[str, states.Columns]]:
    for row in Run.objects.order_by("pk").iterator(chunk_size=500):
        yield str(row.uuid), {"state": row.state, "plan": digest(row.plan)}


states.register("oncall.policy", _policies)
states.register("oncall.policy_version", _versions)
states.register("oncall.executives", _executives)
states.register("oncall.run", _runs)
