"""What reports say: the sentences of their facts, and the words of the incident report itself."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "reports.ReportMade": Sentence(
        _("Issued the incident report: %(state)s, %(form)s, %(language)s (SHA-256 %(digest)s)."),
        {"state": "report_state", "form": "report_form", "language": "report_language"},
    ),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "report_state": {
        "draft": pgettext_lazy("report_state", "Copy, not issued"),
        "interim": pgettext_lazy("report_state", "Interim report"),
        "final": pgettext_lazy("report_state", "Final report"),
    },
    "report_form": {"pdf": "PDF", "docx": "Word"},
    "report_language": {
        "ja": pgettext_lazy("report_language", "Japanese"),
        "en": pgettext_lazy("report_language", "English"),
    },
    "timeline_kind": {
        "note": pgettext_lazy("timeline_kind", "Note"),
        "decision": pgettext_lazy("timeline_kind", "Decision"),
        "act": pgettext_lazy("timeline_kind", "Act"),
        "machine": pgettext_lazy("timeline_kind", "Machine"),
    },
    "level_name": {
        "impact": pgettext_lazy("level_name", "Impact: how many are hit"),
        "effect": pgettext_lazy("level_name", "Effect on the service"),
        "urgency": pgettext_lazy("level_name", "Urgency"),
    },
    "era": {"reiwa": pgettext_lazy("era", "Reiwa")},
}

WORDS: Final[Mapping[str, Promise]] = {
    # the front
    "kind": gettext_lazy("Incident report"),
    "number": gettext_lazy("Document number: %(ref)s"),
    "made": gettext_lazy("Made: %(day)s %(month)s %(year)s (%(era)s %(era_year)s)"),
    "made_by": gettext_lazy("Made by: %(name)s"),
    "organisation": pgettext_lazy("report", "Organisation"),
    "class": pgettext_lazy("report", "Class"),
    "record_kind": pgettext_lazy("report", "Kind"),
    "priority": pgettext_lazy("report", "Priority"),
    "status": pgettext_lazy("report", "Status"),
    "owner": pgettext_lazy("report", "Owner"),
    "opened": pgettext_lazy("report", "Record opened"),
    "marking": pgettext_lazy("report", "Marking"),
    "as_of": pgettext_lazy("report", "As of"),
    "restricted": gettext_lazy(
        "This incident is restricted to its people. Do not pass this report on to anybody else."
    ),
    "not_real": gettext_lazy("This is not a real incident: %(world)s"),
    "page": gettext_lazy("Page {n} of {m}"),
    # sections
    "summary": gettext_lazy("Summary"),
    "facts": pgettext_lazy("report", "Facts"),
    "times": pgettext_lazy("report", "Times and phases"),
    "impact": pgettext_lazy("report", "Extent of the damage"),
    "cause": pgettext_lazy("report", "Cause"),
    "actions": gettext_lazy("Actions taken"),
    "measures": gettext_lazy("Measures against recurrence"),
    "decisions": gettext_lazy("Decisions"),
    "open_points": gettext_lazy("Open points"),
    "people": gettext_lazy("People and roles"),
    "traces": gettext_lazy("Alerts and traces"),
    "attachments": gettext_lazy("Attachments and links"),
    "timeline": gettext_lazy("Timeline"),
    "proof": gettext_lazy("How to check this report"),
    # parts of sections
    "reported": gettext_lazy("What was reported"),
    "resolution": gettext_lazy("How it was resolved"),
    "moments": pgettext_lazy("report", "Times"),
    "phases": gettext_lazy("Phases (%(course)s; in the words of: %(reading)s)"),
    "own_reading": gettext_lazy("Hikeshi's own phases"),
    "assets": gettext_lazy("Systems, devices and accounts hit"),
    "alerts": pgettext_lazy("report", "Alerts"),
    "observables": gettext_lazy("Traces"),
    "files": pgettext_lazy("report", "Files"),
    "links": pgettext_lazy("report", "Links"),
    "costs": pgettext_lazy("report", "Costs"),
    "asked": gettext_lazy("Questions put to a decision"),
    "decided_otherwise": gettext_lazy("Decisions in the timeline"),
    # heads of columns
    "question": pgettext_lazy("report", "Question"),
    "answer": pgettext_lazy("report", "Answer"),
    "decided_by": pgettext_lazy("report", "Decided by"),
    "reason": pgettext_lazy("report", "Reason"),
    "cost_of": pgettext_lazy("report", "What for"),
    "cost": pgettext_lazy("report", "Cost"),
    "amount": pgettext_lazy("report", "Amount"),
    "guessed": pgettext_lazy("report", "Estimated"),
    "paid": pgettext_lazy("report", "Paid or invoiced"),
    "in_all": pgettext_lazy("report", "In all"),
    "item": pgettext_lazy("report", "Item"),
    "what_is_known": gettext_lazy("What is known"),
    "certainty": gettext_lazy("Certainty"),
    "stated": gettext_lazy("Stated by"),
    "moment": pgettext_lazy("report", "Moment"),
    "time": pgettext_lazy("report", "Time"),
    "source": pgettext_lazy("report", "Source"),
    "phase": pgettext_lazy("report", "Phase"),
    "read_as": gettext_lazy("Read as"),
    "state": pgettext_lazy("report", "State"),
    "began": gettext_lazy("Began"),
    "ended": gettext_lazy("Ended"),
    "task": pgettext_lazy("report", "Task"),
    "due": gettext_lazy("Due"),
    "done": gettext_lazy("Done at"),
    "who": pgettext_lazy("report", "Who"),
    "what": pgettext_lazy("report", "What"),
    "entry": pgettext_lazy("report", "Entry"),
    "name": pgettext_lazy("report", "Name"),
    "role": pgettext_lazy("report", "Role"),
    "since": pgettext_lazy("report", "Since"),
    "type": pgettext_lazy("report", "Type"),
    "value": pgettext_lazy("report", "Value"),
    "severity": pgettext_lazy("report", "Severity"),
    "times_seen": gettext_lazy("Times seen"),
    "first_and_last": gettext_lazy("First and last seen"),
    "size": gettext_lazy("Bytes"),
    "sha256": gettext_lazy("SHA-256"),
    "address": gettext_lazy("Address"),
    "point": gettext_lazy("What is open"),
    "sort": gettext_lazy("Sort"),
    # sentences
    "unknown": gettext_lazy("unknown"),
    "unstated": gettext_lazy("unknown (nobody has stated it yet)"),
    "unset": gettext_lazy("unknown (not recorded)"),
    "not_yet": gettext_lazy("not yet"),
    "and_more": gettext_lazy("and more: %(count)s"),
    "nobody": gettext_lazy("nobody yet"),
    "not_done": gettext_lazy("not done"),
    "no_due": gettext_lazy("no date"),
    "estimated": gettext_lazy("%(time)s (about)"),
    "corrected": gettext_lazy("Corrected. Before: %(before)s"),
    "from_record": gettext_lazy("from the record"),
    "told": gettext_lazy("Answered in the form"),
    "sheet_state": gettext_lazy("Known: %(known)s of %(total)s. Stated as unknown: %(unknown)s. Not stated: %(gaps)s."),
    "odd_future": gettext_lazy("%(moment)s: this time has not come yet."),
    "odd_before": gettext_lazy("%(moment)s lies before %(other)s; at least one of the two cannot be right."),
    "no_alerts": gettext_lazy("The record holds no alert."),
    "alerts_hidden": gettext_lazy("Whoever made this report may not look at alerts. The record holds: %(count)s"),
    "alerts_more": gettext_lazy("Shown: %(shown)s of %(total)s, the gravest first."),
    "traces_more": gettext_lazy("Shown: %(shown)s of %(total)s."),
    "no_traces": gettext_lazy("No trace was found."),
    "no_assets": gettext_lazy("unknown: nothing of ours is named as hit yet."),
    "no_tasks": gettext_lazy("No task was set."),
    "no_measures": gettext_lazy("unknown: no measure is recorded yet. Tasks of the phase %(phase)s appear here."),
    "undecided": gettext_lazy("not decided yet"),
    "whoever_may": gettext_lazy("whoever may decide"),
    "until": gettext_lazy("until %(time)s"),
    "asked_by": gettext_lazy("asked by %(who)s, %(time)s"),
    "decision_open": gettext_lazy("Decision not taken"),
    "no_costs": gettext_lazy("unknown: no cost is written down yet."),
    "no_decisions": gettext_lazy("No decision is on record."),
    "nothing_open": gettext_lazy("Nothing is open."),
    "no_files": gettext_lazy("There is no attachment and no link."),
    "file_removed": gettext_lazy("removed: %(reason)s"),
    "timeline_said": gettext_lazy("Oldest first, in %(zone)s. Entries: %(count)s"),
    "timeline_cut": gettext_lazy(
        "The oldest entries are left out here: %(count)s. They are in the ledger and in the export of the record."
    ),
    "was": gettext_lazy("Before: %(text)s"),
    "gate_missing": gettext_lazy("Before the record closes"),
    "fact_unknown": gettext_lazy("Facts: stated as unknown"),
    "fact_gap": gettext_lazy("Facts: nobody has stated it"),
    "fact_unsure": gettext_lazy("Facts: not confirmed"),
    "task_open": gettext_lazy("Task not done"),
    "time_unknown": gettext_lazy("Time not recorded"),
    "by_when": gettext_lazy("%(who)s, by %(time)s"),
    "proof_said": gettext_lazy(
        "This report was written from the record as the ledger held it at the entry below. "
        "Every act on the record is an entry of the ledger, each chained to the one before by its hash; "
        "changing or removing one breaks the chain."
    ),
    "ledger_number": gettext_lazy("Last entry of the ledger"),
    "ledger_hash": gettext_lazy("Hash of that entry"),
    "ledger_signed": gettext_lazy("Signed head"),
    "proof_how": gettext_lazy(
        "To check: save the signed head, without its line breaks, to a file and run "
        "hikeshi verify --against FILE on the desk. It says whether the ledger still leads to this entry."
    ),
    "proof_issued": gettext_lazy(
        "This report was issued: its SHA-256 stands in the timeline of the record. sha256sum FILE must give the same."
    ),
    "proof_draft": gettext_lazy(
        "This is a copy for reading; it was not issued. Its SHA-256 stands in the access log with who made it."
    ),
}


def word(name: str, /, **values: object) -> str:
    """In the active language."""
    return str(WORDS[name]) % values if values else str(WORDS[name])
