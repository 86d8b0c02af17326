"""Files of a record: taken in outside of any transaction, then named by a row and a fact in one."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Sum

from hikeshi.incidents import facts, filenames, refs
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.keeping import must_not_be_held
from hikeshi.incidents.models import Attachment, Incident
from hikeshi.incidents.permissions import Verb, own_report
from hikeshi.incidents.queries.files import file_limit
from hikeshi.incidents.queries.visibility import visible
from hikeshi.incidents.vaulting import vault
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.vault import Draft
from hikeshi.kernel.vault.refusals import MEGABYTE
from hikeshi.ledger.acts import action


def attach_file(*, by: Actor, ref: str, name: str, content_type: str = "", chunks: Iterable[bytes]) -> Attachment:
    """Takes the bytes in as they come, in constant memory, then attaches them. Not inside a unit of work: the bytes
    would hold everybody's writing up. Raises NotFound, NotAllowed, Invalid, NoRoom; then nothing is kept.
    """
    ask_to_attach(by, ref)
    writing = vault().receive(limit=file_limit())
    try:
        for chunk in chunks:
            writing.write(chunk)
        return keep_file(by=by, ref=ref, draft=writing.finish(), name=name, content_type=content_type)
    except BaseException:
        writing.abandon()
        raise


def ask_to_attach(by: Actor, ref: str) -> Incident:
    """Whether the actor may, before a byte is read; the act asks again. Raises NotFound, NotAllowed."""
    rows = Incident.objects.filter(ref=refs.tidy(ref))
    reported = rows.first() if by.ref.startswith("reporter:") else None
    if reported is not None and by.may(own_report(reported.uuid), reported.organisation_id):
        return reported
    found = visible(by).filter(ref=refs.tidy(ref)).first()
    if found is None:
        raise NotFound("incident")
    by.must(Verb.WORK, found.organisation_id)
    return found


@action
def keep_file(*, by: Actor, ref: str, draft: Draft, name: str, content_type: str = "") -> Attachment:
    """Attaches what the vault has taken in already. Whoever reported the record and proved it (``own_report``) may add
    to it without seeing it. On a refusal the caller abandons the draft. Raises NotFound, NotAllowed, Invalid.
    """
    incident = ask_to_attach(by, ref)
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    _leave_room(incident, draft.size)
    shown = filenames.tidy(name)

    row = Attachment.objects.create(
        uuid=draft.uuid,
        incident=incident,
        name=shown,
        size=draft.size,
        sha256=draft.sha256,
        content_type=saving.words(content_type, "content_type", required=False)[:100],
        sealed_key=draft.sealed_key,
        added_by=by.ref,
        added_at=clock.now(),
    )
    saving.save(incident)
    fact = facts.FileAttached(
        incident=incident.uuid,
        file=row.uuid,
        called=commit(shown, row.secret),
        size=row.size,
        sha256=row.sha256,
    )
    saving.tell(incident, by, fact)
    return row


def _leave_room(incident: Incident, size: int) -> None:
    kept = Attachment.objects.filter(incident=incident, removed_at__isnull=True).order_by()
    held = kept.aggregate(sum=Sum("size"))["sum"] or 0
    if held + size > settings.CASE_FILES_LIMIT:
        raise Invalid("file", "case_full", limit=f"{settings.CASE_FILES_LIMIT / MEGABYTE:,.10g}")


@action
def remove_file(*, by: Actor, ref: str, attachment: UUID, reason: str) -> Attachment:
    """Nobody can open it from now on. The row stays with who and why; the bytes are destroyed soon after, once the
    removal is committed (``destroy_removed_files``). Raises NotFound, NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref, merged_too=True)
    row = Attachment.objects.filter(incident=incident, uuid=attachment, removed_at__isnull=True).first()
    if row is None:
        raise NotFound("file")
    must_not_be_held(incident)
    why = saving.say(incident, "reason", saving.words(reason, "reason"))

    row.removed_at, row.removed_by, row.reason = clock.now(), by.ref, why.passage
    row.save(update_fields=["removed_at", "removed_by", "reason"])
    saving.save(incident)
    saving.tell(incident, by, facts.FileRemoved(incident=incident.uuid, file=row.uuid, reason=why))
    return row


@action
def tell_exported(*, by: Actor, ref: str, sha256: str, size: int) -> None:
    """The whole record has been handed out in one file with this hash. Whoever may see all of it may take it along;
    that they did stands in its timeline. Raises NotFound, NotAllowed.
    """
    incident = saving.hold(by, ref, Verb.VIEW, merged_too=True)

    saving.save(incident)
    saving.tell(incident, by, facts.CaseExported(incident=incident.uuid, sha256=sha256, size=size))
