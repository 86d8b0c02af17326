"""What happens to incidents, in words."""

from typing import Final

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

PHASE: Final = {"phase": "phase"}
GATE: Final = {"code": "gate"}
WAITING: Final = {"waiting": "waiting", "over": "wait_over"}
CLASS: Final = {"record_class": "record_class", "was": "record_class"}

SENTENCES: Final = {
    "incidents.Opened": Sentence(
        _("Opened by rule %(rule)s as %(kind)s, priority %(priority)s."),
        {"kind": "kind", "priority": "priority"},
        otherwise=_("Opened as %(kind)s, priority %(priority)s."),
    ),
    "incidents.Edited": Sentence(_("Rewrote title or description.")),
    "incidents.Classified": Sentence(
        _("Classified as %(record_class)s (was: %(was)s)."), CLASS, kept=_("Confirmed as %(record_class)s.")
    ),
    "incidents.Declared": Sentence(_("Declared: %(record_class)s (was: %(was)s)."), CLASS),
    "incidents.KindChanged": Sentence(
        _("Changed the kind from %(was)s to %(kind)s."),
        {"kind": "kind", "was": "kind"},
        kept=_("Confirmed the kind %(kind)s."),
    ),
    "incidents.PriorityChanged": Sentence(
        _("Changed the priority from %(was)s to %(priority)s. %(priority_reason)s"),
        {"was": "priority", "priority": "priority", "priority_reason": "priority_reason"},
    ),
    "incidents.Assigned": Sentence(_("Assigned to %(owner)s.")),
    "incidents.Unassigned": Sentence(_("Took the assignment from %(was)s; nobody owns it now.")),
    "incidents.TlpSet": Sentence(_("Changed the marking from %(was)s to %(tlp)s."), {"tlp": "tlp", "was": "tlp"}),
    "incidents.Restricted": Sentence(_("Restricted the incident to its people.")),
    "incidents.Unrestricted": Sentence(_("Lifted the restriction.")),
    "incidents.GlassBroken": Sentence(_("%(person)s broke the glass and may look until %(until)s.")),
    "incidents.Resolved": Sentence(_("Resolved: no phase is left.")),
    "incidents.WaitBegan": Sentence(
        _("Now waits for %(waiting)s, until %(until)s."), WAITING, otherwise=_("Now waits for %(waiting)s.")
    ),
    "incidents.WaitEnded": Sentence(_("No longer waits for %(waiting)s: %(over)s."), WAITING),
    "incidents.Closed": Sentence(_("Closed as %(record_class)s."), CLASS),
    "incidents.Reopened": Sentence(_("Reopened at phase %(phase)s. Times reopened: %(times)s."), PHASE),
    "incidents.CourseTaken": Sentence(_("Follows the course %(course)s."), {"course": "course"}),
    "incidents.PhaseStarted": Sentence(_("Started phase %(phase)s."), PHASE),
    "incidents.PhaseEnded": Sentence(_("Ended phase %(phase)s."), PHASE),
    "incidents.PhaseReturned": Sentence(
        _("Put phase %(phase)s back: the record went back to %(back_to)s."), {"phase": "phase", "back_to": "phase"}
    ),
    "incidents.PhaseSkipped": Sentence(_("Left out phase %(phase)s."), PHASE),
    "incidents.PhaseAssigned": Sentence(
        _("Gave phase %(phase)s to %(owner)s."), PHASE, otherwise=_("Gave phase %(phase)s to nobody.")
    ),
    "incidents.GateAsked": Sentence(_("%(asked_by)s asks: %(code)s."), GATE),
    "incidents.GateConfirmed": Sentence(_("Confirmed (%(given)s of %(needed)s): %(code)s."), GATE),
    "incidents.GateMet": Sentence(_("Met: %(code)s."), GATE),
    "incidents.GateOverridden": Sentence(_("Went on although this was missing: %(code)s."), GATE),
    "incidents.GateReset": Sentence(_("Must be confirmed again: %(code)s."), GATE),
    "incidents.NoteWritten": Sentence(_("Wrote a note.")),
    "incidents.TaskAdded": Sentence(_("Added a task.")),
    "incidents.TaskAssigned": Sentence(
        _("Gave a task to %(owner)s."), otherwise=_("Changed who does a task, or until when.")
    ),
    "incidents.Estimated": Sentence(
        _("Work left: %(minutes)s min."), otherwise=_("How much work is left is not known any more.")
    ),
    "incidents.TaskEstimated": Sentence(
        _("Work left on a task: %(minutes)s min."),
        otherwise=_("How much work is left on a task is not known any more."),
    ),
    "incidents.TaskFinished": Sentence(_("Finished a task.")),
    "incidents.TaskReopened": Sentence(_("Took up a task again.")),
    "incidents.FactStated": Sentence(
        _("Stated on the facts sheet: %(key)s (%(certainty)s)."), {"key": "fact_item", "certainty": "certainty"}
    ),
    "incidents.MomentSet": Sentence(_("%(kind)s: %(at)s"), {"kind": "moment"}),
    "incidents.MomentMarked": Sentence(_("%(kind)s: %(at)s"), {"kind": "moment"}),
    "incidents.ParticipantAdded": Sentence(_("Brought %(person)s in: %(role)s."), {"role": "role"}),
    "incidents.ParticipantRemoved": Sentence(_("Took out %(person)s (%(role)s)."), {"role": "role"}),
    "incidents.AlertsAttached": Sentence(_("Attached alerts: %(count)s.")),
    "incidents.ObservablesFound": Sentence(_("Found traces and assets: %(count)s.")),
    "incidents.LinkAdded": Sentence(_("Added a link.")),
    "incidents.LinkRemoved": Sentence(_("Removed a link.")),
    "incidents.CriteriaWritten": Sentence(
        _("Wrote version %(number)s of the criteria for: %(criteria_of)s."), {"criteria_of": "criteria_field"}
    ),
    "incidents.CriteriaReviewed": Sentence(
        _("Looked at the criteria for: %(criteria_of)s; to be looked at again by %(review)s."),
        {"criteria_of": "criteria_field"},
    ),
    "incidents.VocabularySet": Sentence(
        _("%(deed)s: %(about)s (version %(number)s)"),
        {"deed": "vocabulary_deed"},
        otherwise=_("%(deed)s (version %(number)s)"),
    ),
    "incidents.MatrixSet": Sentence(_("Put priority matrix %(number)s in force.")),
}
