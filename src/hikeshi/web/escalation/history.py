"""What a policy said before, beside what it says now."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.versions import Version
from hikeshi.oncall import actions
from hikeshi.oncall.drafts import PolicyDraft
from hikeshi.oncall.queries import offering
from hikeshi.oncall.queries import policies as kept
from hikeshi.phrases import labels
from hikeshi.phrases.wording import told
from hikeshi.web import comparing
from hikeshi.web.access import SignedIn
from hikeshi.web.escalation import naming, shown
from hikeshi.web.settings.changes import name_of
from hikeshi.web.templatetags.clocks import lasting


@require_GET
def versions(request: SignedIn, policy: UUID) -> HttpResponse:
    history = kept.history(kept.policy(request.actor, policy))
    one, other = comparing.two(history.numbers, request.GET)
    parts = comparing.differing(*said([history.version(number).terms for number in (one, other)]))
    context = {"title": told(_("Versions of %(code)s"), code=history.line.name), "row": history.line, "parts": parts}
    pair = {"numbers": history.numbers, "one": one, "other": other, "may_manage": kept.may_manage(request.actor)}
    return render(request, "web/escalation/versions.html", {**context, **pair, "lines": lines(history)})


def lines(history: kept.PolicyHistory) -> list[tuple[Version[PolicyDraft], str]]:
    return [(one, name_of(one.made_by, history.names)) for one in history.versions]


@require_POST
def restore(request: SignedIn, policy: UUID, number: int) -> HttpResponse:
    """What an earlier version names may be gone since: then it is refused and said why."""
    kept.must_manage(request.actor)
    terms = kept.history(kept.policy(request.actor, policy)).version(number).terms
    try:
        why = _("As in version %(number)s.") % {"number": number}
        actions.edit_policy(by=request.actor, policy=policy, written=terms, why=why)
        messages.success(request, _("Saved. Calls under way keep the plan they began with."))
    except Invalid as refusal:
        messages.error(request, shown.refused(refusal))
    return redirect("settings:policy_versions", policy)


def said(drafts: Iterable[PolicyDraft]) -> list[Mapping[str, str]]:
    """Each by the names its parts have on the form; all that they name is asked for once."""
    known = list(drafts)
    words = naming.Words([one.target for draft in known for one in draft.steps])
    places, policies = offering.named(known)
    return [_said(one, words, places, policies) for one in known]


def _said(
    draft: PolicyDraft, words: naming.Words, places: Mapping[UUID, str], policies: Mapping[UUID, str]
) -> Mapping[str, str]:
    return {
        _("Name"): draft.name,
        _("When and why, in Japanese"): draft.why_ja,
        _("When and why, in English"): draft.why_en,
        _("For priorities"): "\n".join(shown.priority(one) for one in draft.priorities),
        _("For kinds"): "\n".join(labels.label("kind", one) for one in draft.kinds),
        _("For the organisation and all beneath it"): _name(draft.organisation, places),
        _("When it opens"): naming.hours(draft.hours) if draft.hours else "",
        _("Steps"): "\n".join(_step(one) for one in shown.steps(draft.steps, words)),
        _("Repeat"): str(draft.repeats),
        _("Wait after the last step"): lasting(draft.patience),
        _("An answer holds for"): lasting(draft.timeout) if draft.timeout else "",
        _("Then goes on with"): _name(draft.follow, policies),
    }


def _step(one: shown.StepLine) -> str:
    more = [one.hours, _("in any case") if one.anyway else ""]
    return " · ".join(part for part in (f"{one.number}. {one.when}", one.whom, *more) if part)


def _name(uuid: UUID | None, names: Mapping[UUID, str]) -> str:
    return (names.get(uuid) or _("removed")) if uuid else ""
